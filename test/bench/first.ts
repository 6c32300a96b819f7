import { appendFile, copyFile, link, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { joinApp } from '../../electron/owner/join.ts';
import { startOwner } from '../../electron/owner/start.ts';
import { largePhotos, smallPhotos } from './photos.ts';

const PHOTOS = 20_000;

/** How long is waited for the first group, in milliseconds. */
const PATIENCE = 120_000;

/**
 * `npm run bench -- first`: how soon the first face is shown, and the first group that can be named, after a folder of
 * 20,000 photos was chosen in an application that has just been opened. The first of them are of 12 and 24 megapixels. Prints
 * a table in Markdown and writes out/bench-first.json.
 */
export async function benchFirst(): Promise<void> {
  const place = await mkdtemp(join(tmpdir(), 'kith-bench-first-'));
  try {
    console.error('Making photos …');
    const folder = join(place, 'photos');
    await makeFolder(folder);
    console.error('Scanning …');
    const report = {
      machine: { cpu: cpus()[0]?.model ?? 'unknown', cores: availableParallelism(), node: process.version },
      load: loadavg()[0],
      ...(await firstOf(folder, join(place, 'library.kith'))),
    };
    console.log(
      [
        `${PHOTOS.toLocaleString('en')} photos; ${report.machine.cores} cores, ${report.machine.cpu}, Node ${report.machine.node}, load ${report.load?.toFixed(1)} before`,
        '',
        '| after a folder was chosen | seconds |',
        '|---|---|',
        `| the first face | ${report.face.toFixed(2)} |`,
        `| the first group that can be named | ${report.group.toFixed(2)} |`,
      ].join('\n'),
    );
    const out = resolve(import.meta.dirname, '../../out');
    await mkdir(out, { recursive: true });
    await writeFile(join(out, 'bench-first.json'), `${JSON.stringify(report, null, 2)}\n`);
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

/** Large photos first, then small ones again and again, each with other bytes at its end. */
async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder);
  const [large, small] = [await largePhotos(3), await smallPhotos(1000)];
  const first = (await readdir(large)).toSorted();
  for (const name of first) await link(join(large, name), join(folder, `0 ${name}`));
  const names = (await readdir(small)).toSorted();
  for (let at = 0; at < PHOTOS - first.length; at++) {
    const path = join(folder, `1 ${String(at).padStart(5, '0')}.jpg`);
    await copyFile(join(small, names[at % names.length]!), path);
    await appendFile(path, String(at));
  }
}

/** @returns seconds from the choice of the folder to the first face, and to the first group */
async function firstOf(folder: string, libraryFile: string): Promise<{ face: number; group: number }> {
  const app = await joinApp({ libraryFile }, startOwner);
  try {
    const face = Promise.withResolvers<number>();
    const group = Promise.withResolvers<number>();
    const begin = performance.now();
    const since = () => (performance.now() - begin) / 1000;
    const late = setTimeout(() => {
      const error = new Error(`Expected a group within ${PATIENCE / 1000} s`);
      face.reject(error);
      group.reject(error);
    }, PATIENCE);
    app.on((event) => {
      if (event.kind === 'found') face.resolve(since());
      if (event.kind === 'changed' && event.what.includes('groups'))
        void app.call('groups.list', {}).then(({ total }) => {
          if (total > 0) group.resolve(since());
        });
    });
    await app.call('scan.start', { path: folder });
    const found = { face: await face.promise, group: await group.promise };
    clearTimeout(late);
    await app.call('scan.cancel', {});
    return found;
  } finally {
    await app.close();
  }
}
