import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { RequestName } from '../../electron/contract/api.ts';
import type { FaceId, GroupId } from '../../electron/contract/ids.ts';
import { createApp } from '../../electron/service/app/create.ts';
import { enter, Page } from '../e2e/page.ts';
import { makeLibrary } from '../fixtures/made-library.ts';
import type { Blocked } from './carrier-host.ts';
import { largePhotos } from './photos.ts';

/** Between two requests, in milliseconds: a page that somebody scrolls and clicks about in. */
const BETWEEN = 40;

/**
 * `npm run bench -- carrier [--faces 100000]`: how soon a page is answered while a scan runs on a large library, and how
 * long the process that carries its requests is ever kept. Prints a table in Markdown and writes out/bench-carrier.json.
 */
export async function benchCarrier(words: string[]): Promise<void> {
  const { values } = parseArgs({ args: words, options: { faces: { type: 'string', default: '100000' } } });
  const folder = await mkdtemp(join(tmpdir(), 'kith-bench-carrier-'));
  const file = join(folder, 'library.kith');
  try {
    console.error('Making photos and a library …');
    const photos = await largePhotos(3);
    await makeLibrary(file, { faces: Number(values.faces), encoder: 'dlib' });
    await groupAll(file, folder);
    console.error('Asking while a scan runs …');
    const report = {
      machine: { cpu: cpus()[0]?.model ?? 'unknown', cores: availableParallelism(), node: process.version },
      load: loadavg()[0],
      faces: Number(values.faces),
      ...(await askWhileScanning(file, photos)),
    };
    console.log(table(report));
    const out = resolve(import.meta.dirname, '../../out');
    await mkdir(out, { recursive: true });
    await writeFile(join(out, 'bench-carrier.json'), `${JSON.stringify(report, null, 2)}\n`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Groups the made faces, as the end of their scan would have done. */
async function groupAll(libraryFile: string, folder: string): Promise<void> {
  const empty = join(folder, 'empty');
  await mkdir(empty);
  const app = await createApp({ libraryFile, detector: 'ssd', encoder: 'dlib' });
  await app.call('folder.group', { path: empty });
  await app.close();
}

interface Answers {
  requests: number;
  median: number;
  p95: number;
  worst: number;
  blocked: Blocked;
  /** 95 % of the requests of each name, the slowest name first, in milliseconds. */
  byName: [string, number][];
}

async function askWhileScanning(file: string, photos: string): Promise<Answers> {
  const host = fork(new URL('./carrier-host.ts', import.meta.url), [file], { execArgv: [] });
  const [address] = (await once(host, 'message')) as [string];
  const { port, origin } = new URL(address);
  const page = new Page(Number(port), { cookie: await enter(address), origin });
  await page.opened();
  await page.call('library.overview', {});
  host.send('begin');
  await once(host, 'message');
  await page.call('scan.start', { path: photos });
  const asked: { name: string; time: number }[] = [];
  const isOver = () =>
    page.events.some(
      ({ kind, ...event }) => kind === 'scan' && isEnd((event as { state: { phase: string } }).state),
    );
  for (const [name, params] of asks()) {
    if (isOver()) break;
    const begin = performance.now();
    await page.call(name, params as never);
    asked.push({ name, time: performance.now() - begin });
    page.replies.length = 0;
    await wait(BETWEEN);
  }
  host.send('end');
  const [blocked] = (await once(host, 'message')) as [Blocked];
  page.socket.close();
  await once(host, 'exit');
  const times = asked.map(({ time }) => time);
  const byName = [...Map.groupBy(asked, ({ name }) => name)].map(([name, some]): [string, number] => [
    name,
    quantile(
      some.map(({ time }) => time),
      0.95,
    ),
  ]);
  return {
    requests: times.length,
    median: quantile(times, 0.5),
    p95: quantile(times, 0.95),
    worst: Math.max(...times),
    blocked,
    byName: byName.sort((a, b) => b[1] - a[1]),
  };
}

function quantile(times: readonly number[], share: number): number {
  return times.toSorted((a, b) => a - b)[Math.min(times.length - 1, Math.floor(share * times.length))]!;
}

const isEnd = ({ phase }: { phase: string }) => ['done', 'failed', 'cancelled'].includes(phase);

/** What somebody does who looks about and names people, again and again. */
function* asks(): Generator<[RequestName, unknown]> {
  for (let round = 1; ; round++) {
    const [group, face] = [round as GroupId, (round * 7) as FaceId];
    yield ['library.overview', {}];
    yield ['people.list', {}];
    yield ['groups.list', { cursor: String(round * 20), limit: 50 }];
    yield ['photos.list', { cursor: String(round * 100), limit: 100 }];
    yield ['faces.get', { ids: Array.from({ length: 100 }, (_, i) => (face + i) as FaceId) }];
    yield ['groups.alone', { limit: 100 }];
    yield ['groups.hide', { groups: [group], hidden: true }];
    yield ['journal.list', { limit: 50 }];
    yield ['journal.undo', {}];
  }
}

function table({
  machine,
  faces,
  load,
  requests,
  median,
  p95,
  worst,
  blocked,
  byName,
}: Answers & {
  machine: { cpu: string; cores: number; node: string };
  faces: number;
  load: number | undefined;
}): string {
  const ms = (value: number) => `${value.toFixed(1)} ms`;
  const rows = [
    ['a request of the page, median', ms(median)],
    ['95 % of them', ms(p95)],
    ['the slowest', ms(worst)],
    ...byName.slice(0, 3).map(([name, time]) => [`95 % of ${name}`, ms(time)] as const),
    ['the host’s longest task, processor time', ms(blocked.longestOwn)],
    ['the host kept waiting, 99 % (by the clock)', ms(blocked.p99)],
    ['the same at most', ms(blocked.longest)],
  ];
  return [
    `${requests} requests while 54 photos of 12 and 24 megapixels are scanned into a library of ${faces.toLocaleString('en')} faces; ${machine.cores} cores, ${machine.cpu}, Node ${machine.node}, load ${load?.toFixed(1)} before`,
    '',
    '| | |',
    '|---|---|',
    ...rows.map((row) => `| ${row.join(' | ')} |`),
  ].join('\n');
}
