import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { Failure } from '../../electron/contract/errors.ts';
import type { FaceId } from '../../electron/contract/ids.ts';
import { startWebHost, type WebHost } from '../../electron/host/web/host.ts';
import { openLibrary } from '../../electron/library/open.ts';
import type { App } from '../../electron/service/app/app.ts';
import { createApp } from '../../electron/service/app/create.ts';
import { calibrationOf } from '../../electron/service/encoder.ts';
import { groupLibrary } from '../../electron/service/group.ts';
import { makeLibrary } from '../fixtures/made-library.ts';
import { contract, type RandomRequest, randomRequests } from '../fixtures/random-requests.ts';
import { serve, type Web } from '../fixtures/web.ts';
import { enter, Page } from './page.ts';

// Whoever has the cookie may send anything: no request, however odd, is answered with a defect of Kith or with what the
// contract does not promise. One real socket, a real library of 300 faces, and paths within one folder alone.

const isLong = process.env.KITH_LONG === '1';
const REQUESTS = Number(process.env.KITH_REQUESTS ?? (isLong ? 100_000 : 300));
/** Printed where something is wrong: the same seed sends the same requests. */
const SEED = Number(process.env.KITH_SEED ?? (isLong ? Date.now() % 2 ** 31 : 1));

/** Bytes of a request: the host takes frames of 4 MiB, in which it has a number beside. */
const LONGEST = 4 * 1024 ** 2 - 1000;

/** Longest that one answer may take, in milliseconds; the longest takes a hundredth of it. */
const PATIENCE = 60_000;

let home: string;
let app: App;
let host: WebHost;
let page: Page;
let mirror: Web;
let from: string;

beforeAll(async () => {
  from = process.cwd();
  home = await mkdtemp(join(tmpdir(), 'kith-random-'));
  const at = (...parts: string[]) => join(home, ...parts);
  // What a request writes to a relative path lies in the folder too, and so do the user's own models and samples. Two
  // folders deep: `../..`, which is among the paths, was the system's folder for temporary files, and was scanned.
  for (const folder of ['photos', 'models', 'data', 'out']) mkdirSync(at(folder));
  mkdirSync(at('deep', 'deeper', 'cwd'), { recursive: true });
  process.chdir(at('deep', 'deeper', 'cwd'));
  vi.stubEnv('HOME', home);
  vi.stubEnv('XDG_DATA_HOME', at('data'));
  vi.stubEnv('KITH_MODELS_DIR', at('models'));
  // Where models would be downloaded from there is nothing, and that is said at once.
  mirror = await serve((_, response) => void response.writeHead(404).end());
  vi.stubEnv('KITH_MODELS_MIRROR', mirror.address);
  writeFileSync(at('photos', 'note.jpg'), 'no photo');
  writeFileSync(at('model.json'), '{}');
  await makeLibrary(at('library.kith'), { faces: 300, encoder: 'dlib' });
  const library = openLibrary(at('library.kith'));
  await groupLibrary({ library, encoder: 'dlib', calibration: calibrationOf('dlib') });
  library.close();
  app = await createApp({
    libraryFile: at('library.kith'),
    detector: 'ssd',
    encoder: 'dlib',
    poolSize: 1,
  });
  await app.call('name', { faces: [1 as FaceId], name: 'Anna' });
  await app.call('name', { faces: [2 as FaceId, 3 as FaceId], name: 'Ben' });
  await app.call('library.backup', { path: at('good.kith') });
  host = await startWebHost(app, { desktop: { shell: 'browser', async showFolder() {} } });
  const { port } = host;
  page = new Page(port, { cookie: await enter(host.address), origin: `http://127.0.0.1:${port}` });
  expect(await page.opened()).toBeNull();
});
afterAll(async () => {
  await host.close();
  await app.close();
  await mirror.close();
  process.chdir(from);
  vi.unstubAllEnvs();
  await rm(home, { recursive: true, force: true });
});

/** Sends one request. @returns what is wrong with its answer; null: nothing */
async function wrongWith({ name, params }: RandomRequest): Promise<string | null> {
  const reply = await Promise.race([page.raw(name, params), wait(PATIENCE, null)]);
  if (reply === null) return `no answer within ${PATIENCE / 1000} s`;
  page.replies.length = 0;
  if (reply.ok) {
    const parsed = contract[name]!.result.safeParse(reply.result);
    return parsed.success ? null : `off the contract: ${parsed.error.message}`;
  }
  const { success, data } = Failure.safeParse(reply.failure);
  if (!success) return `no failure of the list: ${JSON.stringify(reply.failure)}`;
  if (data.code === 'internal') return `internal: ${data.detail}`;
  return data.detail.length > 1000 ? `${data.detail.length} letters about a failure` : null;
}

/** Milliseconds that requests of one name took. */
interface Time {
  count: number;
  sum: number;
  most: number;
}

/** Requests after which it is told how far it has come: many take an hour. */
const TOLD_EVERY = 1000;

function tell(sent: number, times: ReadonlyMap<string, Time>): void {
  const slow = [...times].sort(([, a], [, b]) => b.sum - a.sum).slice(0, 6);
  const words = slow.map(
    ([name, { count, sum, most }]) =>
      `${name} ${count} × ${(sum / count).toFixed(0)} ms, longest ${most.toFixed(0)}`,
  );
  console.log(`${sent} requests: ${words.join('; ')}`);
}

/** The record as it was at first; a scan may be at work in it just now. */
async function restored(path: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    const reply = await page.raw('library.restore', { path });
    if (reply.ok) return;
    if (tries === 20) throw new Error(`${reply.failure.code}: ${reply.failure.detail}`);
    await wait(200);
  }
}

it(`answers ${REQUESTS} random requests by the contract`, { timeout: 8 * 3_600_000 }, async () => {
  const at = (...parts: string[]) => join(home, ...parts);
  const places = [
    ...[at('photos'), at('photos', 'note.jpg'), at('nowhere'), at('out', 'copy'), at('out', 'deep', 'copy')],
    ...[at('good.kith'), at('library.kith'), at('model.json'), at('out')],
  ];
  /** Of each kind of mistake the first. */
  const wrong = new Map<string, string>();
  const times = new Map<string, Time>();
  let sent = 0;
  for (const request of fc.sample(randomRequests(places), { numRuns: REQUESTS, seed: SEED })) {
    sent += 1;
    // A longer one is refused with the socket: a page has nothing to say that is as long.
    if (Buffer.byteLength(JSON.stringify(request)) > LONGEST) continue;
    // These wait for the scan that is paused.
    if (request.name.startsWith('folder.')) await page.call('scan.resume', {});
    const begin = performance.now();
    const found = await wrongWith(request);
    const took = performance.now() - begin;
    const time = times.get(request.name) ?? { count: 0, sum: 0, most: 0 };
    times.set(request.name, { count: time.count + 1, sum: time.sum + took, most: Math.max(time.most, took) });
    if (sent % TOLD_EVERY === 0) tell(sent, times);
    if (found !== null) {
      const kind = `${request.name}: ${found.split('\n')[0]!.replace(/\d+/g, 'N')}`.slice(0, 200);
      const params = (JSON.stringify(request.params) ?? 'nothing').slice(0, 300);
      if (!wrong.has(kind)) wrong.set(kind, `request ${sent}, ${request.name} with ${params}: ${found}`);
    }
    // What is left of the record after these would be too little to find anything in.
    if (request.name === 'library.erase' || request.name === 'library.restore')
      await restored(at('good.kith'));
    page.events.length = 0;
  }
  expect([...wrong.values()], `seed ${SEED}`).toEqual([]);
});
