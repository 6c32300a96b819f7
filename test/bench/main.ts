/**
 * `npm run bench [-- --quick]`: photos per second from files to groups, stage by stage, against face-api on the same
 * photos in the same run; memory; an unchanged folder. Prints a Markdown table and writes out/bench.json.
 * `npm run bench -- people`: a made library of 100,000 faces; see people.ts.
 * `npm run bench -- carrier`: requests while a scan runs; see carrier.ts.
 * `npm run bench -- names`: names in the metadata of 10,000 photos; see names.ts.
 * `npm run bench -- first`: the first face and the first group of a large folder; see first.ts.
 * `npm run bench -- metadata`: names written into 1,000 sidecars; see metadata.ts.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { FolderGroups } from '../../electron/contract/results.ts';
import { ensureBundled } from '../../models/make.ts';
import { benchCarrier } from './carrier.ts';
import { benchFirst } from './first.ts';
import { watchMemory } from './memory.ts';
import { benchMetadata } from './metadata.ts';
import { benchNames } from './names.ts';
import { benchPeople } from './people.ts';
import { largePhotos, smallPhotos } from './photos.ts';
import { LONGEST_SIDE } from './settings.ts';

const project = resolve(import.meta.dirname, '../..');
const quick = process.argv.includes('--quick');

interface Run {
  stdout: string;
  /** From start to end of the process, Node's own start included. */
  seconds: number;
  /** Bytes; null where it can't be measured. */
  memory: number | null;
}

async function run(entry: string, ...words: string[]): Promise<Run> {
  const start = performance.now();
  const child = spawn(process.execPath, [join(project, entry), ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const memory = watchMemory(child.pid!);
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  const [status] = await once(child, 'close');
  const seconds = (performance.now() - start) / 1000;
  if (status !== 0) throw new Error(`Expected ${entry} to end with 0 but it ended with ${status}`);
  return { stdout, seconds, memory: await memory.stop() };
}

async function group(folder: string, library: string): Promise<Run & { result: FolderGroups }> {
  const ended = await run('electron/host/cli.ts', 'group', folder, '--library', library, '--json');
  return { ...ended, result: FolderGroups.parse(JSON.parse(ended.stdout)) };
}

/** One pass of face-api; with a longest side, over photos that are reduced to it first. */
async function peer(folder: string, longestSide?: number) {
  const words = longestSide === undefined ? [folder] : [folder, String(longestSide)];
  const { stdout, memory } = await run('test/bench/face-api.ts', ...words);
  const pass: { photos: number; faces: number; seconds: number; decodeSeconds: number } = JSON.parse(stdout);
  return { ...pass, photosPerSecond: pass.photos / pass.seconds, peakMemory: memory };
}

async function measure(scratch: string) {
  console.error('Making photos, once …');
  const large = await largePhotos(quick ? 1 : 3);
  const small = await smallPhotos(quick ? 100 : 1000);

  console.error('Kith …');
  const kith = await group(large, join(scratch, 'large.kith'));
  const photos = kith.result.photos.length;
  console.error('Stage by stage …');
  const stages: Record<string, number> = JSON.parse((await run('test/bench/stages.ts', large)).stdout);
  console.error('face-api …');
  const faceApi = await peer(large);
  console.error('face-api on reduced photos …');
  const reduced = await peer(large, LONGEST_SIDE);
  console.error('An unchanged folder …');
  const library = join(scratch, 'small.kith');
  await group(small, library);
  const unchanged = await group(small, library);

  return {
    machine: { cpu: cpus()[0]?.model ?? 'unknown', cores: availableParallelism(), node: process.version },
    photos,
    kith: {
      photosPerSecond: photos / kith.seconds,
      seconds: kith.seconds,
      faces: kith.result.photos.reduce((sum, { faces }) => sum + faces.length, 0),
      peakMemory: kith.memory,
    },
    stages,
    faceApi,
    faceApiReduced: reduced,
    ratio: faceApi.seconds / kith.seconds,
    ratioReduced: reduced.seconds / kith.seconds,
    unchanged: { photos: unchanged.result.photos.length, seconds: unchanged.seconds },
  };
}

function table(report: Awaited<ReturnType<typeof measure>>): string {
  const { machine, kith, faceApi, faceApiReduced, stages, unchanged } = report;
  const megabytes = (bytes: number | null) =>
    bytes === null ? 'not measured' : `${Math.round(bytes / 1e6)} MB`;
  const runs = [kith, faceApi, faceApiReduced];
  const rows = [
    ['photos per second', ...runs.map(({ photosPerSecond }) => photosPerSecond.toFixed(2))],
    ['seconds', ...runs.map(({ seconds }) => seconds.toFixed(1))],
    ['faces', ...runs.map(({ faces }) => String(faces))],
    ['peak memory, all processes', ...runs.map(({ peakMemory }) => megabytes(peakMemory))],
  ];
  return [
    `${report.photos} JPEGs of 12 and 24 megapixels with 0 to 8 faces; ${machine.cores} cores, ${machine.cpu}, Node ${machine.node}`,
    '',
    '| | Kith | face-api | face-api, photos reduced first |',
    '|---|---|---|---|',
    ...rows.map((row) => `| ${row.join(' | ')} |`),
    '',
    `Kith is **${report.ratio.toFixed(1)} times** as fast as face-api on the same files, and ${report.ratioReduced.toFixed(1)} times as fast as face-api on photos that sharp has reduced to ${LONGEST_SIDE} pixels for it. Kith's time is the whole process: start, scan, record, grouping. face-api's is counted from when its models are loaded and warm.`,
    '',
    '| stage | ms a photo, one process |',
    '|---|---|',
    ...Object.entries(stages).map(([stage, ms]) => `| ${stage} | ${ms.toFixed(1)} |`),
    '',
    `A second run over an unchanged folder of ${unchanged.photos} photos: ${unchanged.seconds.toFixed(2)} s, start of the process included.`,
  ].join('\n');
}

async function benchPhotos(): Promise<void> {
  await ensureBundled({ onProgress: ({ what }) => console.error(what) });
  const scratch = await mkdtemp(join(tmpdir(), 'kith-bench-'));
  try {
    const report = await measure(scratch);
    console.log(table(report));
    await mkdir(join(project, 'out'), { recursive: true });
    await writeFile(join(project, 'out/bench.json'), `${JSON.stringify(report, null, 2)}\n`);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

const [what, ...words] = process.argv.slice(2);
if (what === 'people') await benchPeople(words);
else if (what === 'carrier') await benchCarrier(words);
else if (what === 'names') await benchNames();
else if (what === 'first') await benchFirst();
else if (what === 'metadata') await benchMetadata();
else if (what === 'page') await import(new URL('../browser/bench.ts', import.meta.url).href);
else await benchPhotos();
