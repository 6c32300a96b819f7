import { writeFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { join, resolve } from 'node:path';
import sharp from 'sharp';
import { MetadataPlace } from '../metadata/place.ts';

/** Photos, and pixels of each. */
const PHOTOS = 1000;
const SIZE = { width: 4000, height: 3000 };

/**
 * `npm run bench -- metadata`: names written into 1,000 new sidecars of photos of 12 megapixels, in all forms, then again
 * without a change, then taken back; the same into 200 of the files. Prints a table in Markdown and writes
 * out/bench-metadata.json.
 */
export async function benchMetadata(): Promise<void> {
  const report = {
    machine: { cpu: cpus()[0]?.model ?? 'unknown', cores: availableParallelism(), node: process.version },
    load: loadavg()[0] ?? 0,
    sidecars: { photos: PHOTOS, ...(await timesOf(PHOTOS, 'sidecar')) },
    files: { photos: PHOTOS / 5, ...(await timesOf(PHOTOS / 5, 'file')) },
  };
  const rows = [report.sidecars, report.files].map(
    ({ photos, write, again, undo }, at) =>
      `| ${photos} ${at === 0 ? 'sidecars' : 'files'} | ${write.toFixed(1)} | ${again.toFixed(2)} | ${undo.toFixed(1)} |`,
  );
  console.log(
    [
      `${report.machine.cores} cores, ${report.machine.cpu}, Node ${report.machine.node}, load ${report.load.toFixed(1)} before`,
      '',
      '| seconds | written | again, nothing to do | taken back |',
      '|---|---|---|---|',
      ...rows,
    ].join('\n'),
  );
  const out = resolve(import.meta.dirname, '../../out');
  await mkdir(out, { recursive: true });
  await writeFile(join(out, 'bench-metadata.json'), `${JSON.stringify(report, null, 2)}\n`);
}

async function timesOf(photos: number, into: 'sidecar' | 'file') {
  const place = new MetadataPlace();
  try {
    console.error(`Making ${photos} photos …`);
    const jpeg = await sharp({
      create: { ...SIZE, channels: 3, background: '#777', noise: { type: 'gaussian', mean: 128, sigma: 20 } },
    })
      .jpeg({ quality: 80 })
      .toBuffer();
    const names = Array.from({ length: photos }, (_, at) => `${String(at).padStart(4, '0')}.jpg`);
    // Each with other bytes at its end, so that no two are one content.
    for (const name of names) writeFileSync(place.path(name), Buffer.concat([jpeg, Buffer.from(name)]));
    const people = [
      { name: 'Anna', box: { x: 0.2, y: 0.2, width: 0.1, height: 0.15 } },
      { name: 'Ben', box: { x: 0.6, y: 0.3, width: 0.1, height: 0.15 } },
    ];
    await place.record(names.map((name) => ({ name, people, sides: SIZE })));
    return await place.withApp(async (app) => {
      const timed = async (work: () => Promise<{ failed: unknown[] }>) => {
        const began = performance.now();
        const { failed } = await work();
        if (failed.length > 0)
          throw new Error(`Expected no failure but received ${JSON.stringify(failed[0])}`);
        return (performance.now() - began) / 1000;
      };
      console.error(`Writing into ${into}s …`);
      const writing = () => app.call('metadata.write', { path: place.folder, into });
      return {
        write: await timed(writing),
        again: await timed(writing),
        undo: await timed(() => app.call('metadata.undo', {})),
      };
    });
  } finally {
    place.remove();
  }
}
