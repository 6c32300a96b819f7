import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ServiceEvent } from '../../electron/contract/events.ts';
import type { RecommendedDownload } from '../../electron/contract/recommended.ts';
import type { ScanState } from '../../electron/contract/screens.ts';
import type { App } from '../../electron/service/app/app.ts';
import { createApp } from '../../electron/service/app/create.ts';
import { random } from '../fixtures/random.ts';
import { type Answering, sendFile, serve, type Web } from '../fixtures/web.ts';
import { type MadePool, madePhoto, madePool } from './support/made-pool.ts';
import { makePlace } from './support/place.ts';

// The recommended models, fetched from a server on this machine, and a library that goes over to them. Made analyses stand
// in the place of the vision processes; the downloads, their checks and their conversion are the real ones.

let place: ReturnType<typeof makePlace>;
let models: string;
let web: Web;
let answer: Answering;
let app: App;
let pools: Map<string, MadePool>;
let events: ServiceEvent[];
let waiting: Set<() => void>;
/** Before this, no photo called `last.jpg` is looked at by YuNet. */
let gate: Promise<void>;

beforeEach(async () => {
  place = makePlace();
  models = join(place.root, 'models');
  mkdirSync(models);
  answer = (_, response) => response.writeHead(404).end();
  web = await serve((...all) => answer(...all));
  vi.stubEnv('KITH_MODELS_DIR', models);
  vi.stubEnv('KITH_MODELS_MIRROR', web.address);
  vi.stubEnv('XDG_DATA_HOME', join(place.root, 'data'));
  pools = new Map();
  events = [];
  waiting = new Set();
  gate = Promise.resolve();
  app = await createApp({
    libraryFile: place.file,
    poolSize: 2,
    startPool: ({ detector, encoder }) => {
      const size = encoder === 'dlib' ? 16 : 32;
      const made = madePool({ delay: () => 5, size });
      const pool: MadePool = {
        ...made,
        async analyse(path, options) {
          if (detector === 'yunet' && path.endsWith('last.jpg')) await gate;
          return made.analyse(path, options);
        },
      };
      pools.set(`${detector} ${encoder}`, pool);
      return pool;
    },
  });
  app.on((event) => {
    events.push(event);
    for (const wake of waiting) wake();
  });
});
afterEach(async () => {
  await app.close();
  await web.close();
  vi.unstubAllEnvs();
  place.remove();
});

async function until<T>(found: () => T | undefined): Promise<T> {
  for (;;) {
    const value = found();
    if (value !== undefined) return value;
    await new Promise<void>((resolve) => {
      waiting.add(resolve);
    });
    waiting.clear();
  }
}

const downloads = (): RecommendedDownload[] =>
  events.flatMap((event) => (event.kind === 'recommended' ? [event.download] : []));
const download = (...phases: RecommendedDownload['phase'][]) =>
  until(() => downloads().findLast(({ phase }) => phases.includes(phase)));
const scans = (): ScanState[] => events.flatMap((event) => (event.kind === 'scan' ? [event.state] : []));
const scanned = (over: boolean, phase: ScanState['phase']) =>
  until(() => scans().find((state) => state.over === over && state.phase === phase));

async function scan(folder: string): Promise<void> {
  events.length = 0;
  await app.call('scan.start', { path: folder });
  await scanned(false, 'done');
}

/** A folder of photos with Anna and Ben on each. */
function folder(name: string, photos = 6): string {
  for (let i = 0; i < photos; i++)
    place.put(join(name, `${i}.jpg`), madePhoto(['anna', 'ben'], `${name} ${i}`));
  return join(place.folder, name);
}

/** As a download leaves them; nothing reads them here. */
function install(...files: string[]): void {
  for (const file of files) writeFileSync(join(models, file), '');
}

describe('What is recommended', () => {
  it('is offered, in bytes of the catalog, until somebody says no', async () => {
    const { missing, offered, behind, download: now } = await app.call('recommended.state', {});
    expect(missing.map(({ bytes }) => bytes)).toEqual([93_956_480, 322_906]);
    expect(missing.map(({ address }) => address)).toEqual([
      `${web.address}/facenet512_weights.h5`,
      `${web.address}/yunet_n_dynamic.onnx`,
    ]);
    expect({ offered, behind, phase: now.phase }).toEqual({ offered: true, behind: false, phase: 'idle' });
    await app.call('settings.set', { offersModels: false });
    expect(await app.call('recommended.state', {})).toMatchObject({ offered: false, missing });
    expect(web.asked).toEqual([]);
  });

  it('is what is missing of it', async () => {
    install('facenet-512.onnx');
    expect((await app.call('recommended.state', {})).missing).toMatchObject([{ bytes: 322_906 }]);
    install('yunet.onnx');
    expect(await app.call('recommended.state', {})).toMatchObject({ missing: [], offered: false });
  });
});

describe('A download', () => {
  it('that fails says why, and leaves everything as it was', async () => {
    await scan(folder('a'));
    await app.call('recommended.get', {});
    expect(await download('failed')).toMatchObject({
      failure: { code: 'download-failed', detail: expect.stringMatching(/facenet512_weights\.h5.*404/) },
    });
    expect(web.asked).toHaveLength(1);
    expect(readdirSync(models)).toEqual([]);
    expect(await app.call('recommended.state', {})).toMatchObject({ offered: true, behind: false });
    const { detector, encoder } = await app.call('library.overview', {});
    expect({ detector, encoder }).toEqual({ detector: 'ssd', encoder: 'dlib' });
    expect(scans().some(({ over }) => over)).toBe(false);
  });

  it('of something else than weights is thrown away', async () => {
    answer = (request, response) => sendFile(request, response, Buffer.from('hello'));
    await app.call('recommended.get', {});
    expect(await download('failed')).toMatchObject({ failure: { code: 'model-unsupported' } });
    expect(readdirSync(models)).toEqual([]);
  });

  it('can be stopped; the next one goes on from there, however often one asks', async () => {
    const next = random(1);
    const weights = Buffer.from(Array.from({ length: 100_000 }, () => Math.floor(next() * 256)));
    answer = (_, response) => {
      response.writeHead(200, { 'content-length': weights.length, etag: '"1"' });
      response.write(weights.subarray(0, 60_000));
    };
    const part = join(models, 'downloads', 'facenet512_weights.h5.part');
    await app.call('recommended.get', {});
    await vi.waitUntil(() => existsSync(part) && statSync(part).size === 60_000, { timeout: 20_000 });
    await app.call('recommended.get', {});
    expect(web.asked).toHaveLength(1);
    await app.call('recommended.stop', {});
    expect(downloads().at(-1)).toMatchObject({ phase: 'idle' });
    expect(await app.call('recommended.state', {})).toMatchObject({ offered: true });

    answer = (request, response) => sendFile(request, response, weights, { etag: '"1"' });
    await app.call('recommended.get', {});
    await download('failed');
    expect(web.asked[1]).toMatchObject({ range: 'bytes=60000-', sent: 40_000 });
    expect(Math.max(...downloads().map(({ total }) => total))).toBe(93_956_480 + 322_906);
  });
});

describe('A library', () => {
  it('goes over folder by folder, in one scan and one change of groups, and keeps what has a name', async () => {
    const [one, two, lost] = [folder('a'), folder('b', 4), folder('c', 3)];
    for (const each of [one, two, lost]) await scan(each);
    renameSync(lost, join(place.root, 'elsewhere'));
    const [group] = (await app.call('groups.list', {})).items;
    await app.call('name', { groups: [group!.id], name: 'Anna' });
    events.length = 0;
    install('facenet-512.onnx', 'yunet.onnx');
    await app.call('recommended.get', {});
    await scanned(true, 'done');

    const pool = pools.get('yunet facenet-512+dlib')!;
    expect(pool.analysed.map((path) => path.slice(place.folder.length + 1, -4)).sort()).toEqual(
      [...[0, 1, 2, 3, 4, 5].map((i) => `a/${i}`), ...[0, 1, 2, 3].map((i) => `b/${i}`)].sort(),
    );
    // Nobody's faces are embedded twice but those of the folder that is gone.
    expect(pool.embedded.toSorted()).toEqual(pool.fromCrops.toSorted());
    expect(pool.fromCrops).toHaveLength(3);
    expect(
      new Set(
        scans()
          .filter(({ phase }) => phase === 'scanning')
          .map(({ path }) => path),
      ),
    ).toEqual(new Set([one, two, lost]));
    expect(scans().filter(({ phase }) => phase === 'done')).toHaveLength(1);
    const { items } = await app.call('people.list', {});
    expect(items).toMatchObject([{ name: 'Anna' }]);
    expect(await app.call('recommended.state', {})).toMatchObject({ behind: false, missing: [] });
    expect(await app.call('library.overview', {})).toMatchObject({
      detector: 'yunet',
      encoder: 'facenet-512+dlib',
    });
    expect(await app.call('library.copies', {})).toMatchObject([{ why: 'regroup' }]);
  });

  it('waits for the scan that runs, and takes a name that is given meanwhile along', async () => {
    await scan(folder('a'));
    events.length = 0;
    const path = folder('b', 30);
    place.put('b/last.jpg', madePhoto(['anna', 'ben'], 'last'));
    await app.call('scan.start', { path });
    install('facenet-512.onnx', 'yunet.onnx');
    await app.call('recommended.get', {});
    await download('installed');
    expect(pools.get('yunet facenet-512+dlib')).toBeUndefined();
    const opened = Promise.withResolvers<void>();
    gate = opened.promise;
    await scanned(false, 'done');
    await scanned(true, 'scanning');
    expect(await app.call('recommended.state', {})).toMatchObject({ behind: true });
    const [group] = (await app.call('groups.list', {})).items;
    await app.call('name', { groups: [group!.id], name: 'Anna' });
    expect(scans().at(-1)).toMatchObject({ phase: 'scanning', over: true });
    opened.resolve();
    await scanned(true, 'done');
    const [anna] = (await app.call('people.list', {})).items;
    expect(anna).toMatchObject({ name: 'Anna', confirmed: 37 });
  });

  it('stays where the scan is cancelled for which it waits; the next scan brings it over', async () => {
    await scan(folder('a'));
    events.length = 0;
    await app.call('scan.start', { path: folder('b', 30) });
    install('facenet-512.onnx', 'yunet.onnx');
    await app.call('recommended.get', {});
    await download('installed');
    await app.call('scan.cancel', {});
    expect(await app.call('recommended.state', {})).toMatchObject({ behind: true });
    await scan(join(place.folder, 'a'));
    expect(scans().every(({ over }) => !over)).toBe(true);
    expect(await app.call('recommended.state', {})).toMatchObject({ behind: false });
  });

  it('that was left behind is brought over on request', async () => {
    await scan(folder('a'));
    install('facenet-512.onnx', 'yunet.onnx');
    await app.call('recommended.get', {});
    await scanned(true, 'scanning');
    await app.call('scan.cancel', {});
    expect(await app.call('recommended.state', {})).toMatchObject({ behind: true });
    events.length = 0;
    await app.call('scan.bringOver', {});
    await scanned(true, 'done');
    expect(await app.call('recommended.state', {})).toMatchObject({ behind: false });
  });
});

const shared = process.env.KITH_SHARED;

it.skipIf(!shared)(
  'Both are fetched by one click, with one progress (KITH_SHARED)',
  { timeout: 120_000 },
  async () => {
    await scan(folder('a'));
    const [facenet, yunet] = ['models/facenet/model.h5', 'models/yunet.onnx'].map((file) =>
      readFileSync(join(shared!, file)),
    ) as [Buffer, Buffer];
    answer = (request, response) =>
      sendFile(request, response, request.url!.endsWith('.onnx') ? yunet : facenet);
    events.length = 0;
    await app.call('recommended.get', {});
    await scanned(true, 'done');
    const told = downloads();
    const done = told.filter(({ phase }) => phase === 'fetching').map((each) => each.done);
    expect(done).toEqual(done.toSorted((a, b) => a - b));
    const all = facenet.length + yunet.length;
    expect(told.at(-1)).toMatchObject({ phase: 'installed', done: all, total: all });
    expect(told.map(({ phase }) => phase)).toContain('installing');
    expect((await app.call('models.list', {})).filter(({ inUse }) => inUse).map(({ id }) => id)).toEqual(
      expect.arrayContaining(['yunet', 'facenet-512', 'dlib', 'facenet-512+dlib']),
    );
    expect(await app.call('recommended.state', {})).toMatchObject({ missing: [], behind: false });
  },
);
