import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FolderGroups } from '../../electron/contract/results.ts';
import type { App } from '../../electron/service/app/app.ts';
import { createApp } from '../../electron/service/app/create.ts';
import type { EngineOptions } from '../../electron/service/app/engine.ts';
import { openTools, type Tools, type ToolsOptions } from '../../electron/service/tools.ts';
import { type MadePool, madePhoto, madePool } from './support/made-pool.ts';
import { faults, makePlace, withLibrary } from './support/place.ts';

// The service with made analyses: what it asks of the vision processes, and what it makes of their answers.

// A machine that is busy with other tests takes its time.
vi.setConfig({ testTimeout: 60_000 });

let place: ReturnType<typeof makePlace>;
let pools: MadePool[];
beforeEach(() => {
  place = makePlace();
  pools = [];
});
afterEach(() => place.remove());

function startPool(): MadePool {
  pools.push(madePool());
  return pools.at(-1)!;
}

async function served<T>(work: (app: App) => Promise<T>, options: Partial<EngineOptions> = {}): Promise<T> {
  const models = { detector: 'ssd', encoder: 'dlib' } as const;
  const app = await createApp({ ...models, libraryFile: place.file, poolSize: 2, startPool, ...options });
  try {
    return await work(app);
  } finally {
    await app.close();
  }
}

const grouped = (folder = place.folder, options: Partial<EngineOptions> = {}) =>
  served((app) => app.call('folder.group', { path: folder }), options);

async function withTools<T>(
  work: (tools: Tools) => Promise<T>,
  options: Partial<ToolsOptions> = {},
): Promise<T> {
  const tools = openTools({ detector: 'ssd', encoder: 'dlib', poolSize: 2, startPool, ...options });
  try {
    return await work(tools);
  } finally {
    await tools.close();
  }
}

test('A folder gives the answer of the contract: boxes in pixels, groups by size in this folder.', async () => {
  place.put('a.jpg', madePhoto(['anna', 'ben'], '1'));
  place.put('b.jpg', madePhoto(['anna'], '22'));
  place.put('copy of b.jpg', madePhoto(['anna'], '22'));
  place.put('empty.jpg', '');
  const result = await grouped();
  expect(FolderGroups.strict().parse(result)).toEqual(result);
  const face = { score: 0.9, quality: 0.8 };
  expect(result).toEqual({
    photos: [
      {
        path: 'a.jpg',
        width: 1000,
        height: 800,
        status: 'done',
        faces: [
          { id: 1, box: [0, 80, 100, 120], ...face, group: 1 },
          { id: 2, box: [200, 80, 100, 120], ...face, group: null },
        ],
      },
      expect.objectContaining({
        path: 'b.jpg',
        faces: [{ id: 3, box: [0, 80, 100, 120], ...face, group: 1 }],
      }),
      expect.objectContaining({ path: 'copy of b.jpg', faces: [expect.objectContaining({ id: 3 })] }),
      {
        path: 'empty.jpg',
        width: null,
        height: null,
        status: 'unreadable',
        reason: 'empty-file',
        detail: join(place.folder, 'empty.jpg'),
        faces: [],
      },
    ],
    groups: [{ id: 1, size: 2 }],
    detector: 'ssd',
    encoder: 'dlib',
    seconds: expect.any(Number),
  });
});

test('An empty folder and one without faces are answers, not errors.', async () => {
  const empty = await grouped();
  expect(empty).toMatchObject({ photos: [], groups: [] });
  place.put('landscape.jpg', madePhoto([]));
  const nobody = await grouped();
  expect(nobody).toMatchObject({ photos: [{ status: 'done', faces: [] }], groups: [] });
});

test('A group that reaches into other folders counts only the faces of the folder asked for.', async () => {
  const other = makePlace();
  place.put('a.jpg', madePhoto(['anna'], '1'));
  place.put('b.jpg', madePhoto(['ben'], '22'));
  for (const i of [1, 2, 3]) other.put(`${i}.jpg`, madePhoto(['anna'], 'x'.repeat(i + 5)));
  await grouped(other.folder);
  const { groups, photos } = await grouped();
  expect(groups).toEqual([{ id: 1, size: 1 }]);
  expect(photos.map(({ faces }) => faces[0]!.group)).toEqual([1, null]);
  other.remove();
});

test('A second run over 1,000 unchanged photos opens none of them and takes well under two seconds.', async () => {
  for (let i = 0; i < 1000; i++)
    place.put(`${i % 10}/${i}.jpg`, madePhoto([`p${i % 50}`, `q${i % 70}`], `${i}`));
  const first = await grouped();
  expect(pools).toHaveLength(1);
  const second = await grouped();
  expect(pools).toHaveLength(1);
  expect(second.seconds).toBeLessThan(2);
  expect({ ...second, seconds: 0 }).toEqual({ ...first, seconds: 0 });
}, 60_000);

test('The crop of each face is its picture; an id that is no face has none.', async () => {
  place.put('a.jpg', madePhoto(['anna', 'ben']));
  await served(async (app) => {
    const { photos } = await app.call('folder.group', { path: place.folder });
    const [anna, ben] = photos[0]!.faces.map(({ id }) => id);
    const crop = async (id: number) => Buffer.from((await app.picture('crop', id))!.bytes!).toString();
    expect([await crop(ben!), await crop(anna!)]).toEqual(['crop of ben', 'crop of anna']);
    for (const kind of ['face', 'crop'] as const) expect(await app.picture(kind, 99)).toBeNull();
    // As people look at it: in the middle, though Anna is at the edge of her photo.
    const shown = async (id: number) => Buffer.from((await app.picture('face', id))!.bytes!);
    const portrait = await shown(anna!);
    expect(portrait.subarray(0, 2)).toEqual(Buffer.from([0xff, 0xd8]));
    expect((await shown(ben!)).toString()).toBe('crop of ben');
    // It is drawn once: what the record holds is what is shown.
    const { edition } = (await app.picture('face', anna!, { head: true }))!;
    await withLibrary(place.file, (library) => {
      expect(Buffer.from(library.portraits.get(anna!, edition)!)).toEqual(portrait);
      library.portraits.put(anna!, { edition, jpeg: new Uint8Array([1]) });
    });
    expect(await shown(anna!)).toEqual(Buffer.from([1]));
    // What was drawn of another crop is not.
    await withLibrary(place.file, (library) => {
      library.portraits.put(anna!, { edition: '0'.repeat(64), jpeg: new Uint8Array([1]) });
    });
    expect(await shown(anna!)).toEqual(portrait);
  });
});

test('Detecting and comparing leave no library behind.', async () => {
  place.put('a.jpg', madePhoto(['anna', 'ben'], '1'));
  place.put('b.jpg', madePhoto(['anna'], '2'));
  await withTools(async (tools) => {
    const path = join(place.folder, 'a.jpg');
    const found = await tools.detectImage(path);
    expect(found).toMatchObject({ path, width: 1000, height: 800, detector: 'ssd' });
    expect(found.faces.map(({ box }) => box)).toEqual([
      [0, 80, 100, 120],
      [200, 80, 100, 120],
    ]);
    expect(found.crops).toHaveLength(2);
    const compared = await tools.comparePhotos(path, join(place.folder, 'b.jpg'));
    expect(compared).toMatchObject({ same: true, encoder: 'dlib' });
    expect(compared.same).toBe(compared.distance <= compared.threshold!);
    expect(compared.probability! > 0.5).toBe(compared.same);
  });
  expect(existsSync(place.file)).toBe(false);
});

test('Two photos are compared by an encoder without a calibration, without a verdict.', async () => {
  place.put('a.jpg', madePhoto(['anna'], '1'));
  place.put('b.jpg', madePhoto(['ben'], '2'));
  const [a, b] = ['a.jpg', 'b.jpg'].map((name) => join(place.folder, name)) as [string, string];
  const encoder = 'arcface-512' as const;
  const compared = await withTools((tools) => tools.comparePhotos(a, b), { encoder });
  expect(compared).toMatchObject({
    encoder,
    threshold: null,
    probability: null,
    same: null,
    distances: null,
  });
  expect(compared.distance).toBeGreaterThan(0.1);
});

describe('An error names the thing:', () => {
  test('a photo that is not there, one that is none, one without a face', async () => {
    place.put('letter.jpg', 'Dear Anna,');
    place.put('nobody.jpg', madePhoto([]));
    place.put('anna.jpg', madePhoto(['anna']));
    const at = (name: string) => join(place.folder, name);
    await withTools(async (tools) => {
      await expect(tools.detectImage(at('gone.jpg'))).rejects.toMatchObject({
        code: 'file-missing',
        detail: at('gone.jpg'),
      });
      await expect(tools.detectImage(at('letter.jpg'))).rejects.toMatchObject({
        code: 'photo-unreadable',
        detail: expect.stringContaining(at('letter.jpg')),
      });
      await expect(tools.comparePhotos(at('anna.jpg'), at('nobody.jpg'))).rejects.toMatchObject({
        code: 'no-face',
        detail: at('nobody.jpg'),
      });
    });
  });

  test('a folder that is not there, which leaves the record alone', async () => {
    place.put('a.jpg', madePhoto(['anna']));
    await grouped();
    await expect(grouped(join(place.root, 'gone'))).rejects.toMatchObject({
      code: 'folder-missing',
    });
    expect(faults(place.file)).toEqual([]);
  });

  test('an encoder without a calibration, before anything is done.', async () => {
    place.put('a.jpg', madePhoto(['anna'], '1'));
    const group = grouped(place.folder, { encoder: 'facenet-128' });
    await expect(group).rejects.toMatchObject({
      code: 'encoder-unmeasured',
      detail: expect.stringMatching(/FaceNet, 128 numbers.*eval -- calibrate ssd\/facenet-128.*models use/),
    });
    expect(pools).toEqual([]);
  });
});

test('A scan that is cancelled says so, and keeps what it has.', async () => {
  for (let i = 0; i < 50; i++) place.put(`${i}.jpg`, madePhoto(['anna'], `${i}`));
  const controller = new AbortController();
  const cancelled = served((app) => {
    let found = 0;
    app.on(({ kind }) => {
      if (kind === 'found' && ++found === 5) controller.abort();
    });
    return app.call('folder.group', { path: place.folder }, { signal: controller.signal });
  });
  await expect(cancelled).rejects.toMatchObject({
    code: 'cancelled',
    detail: place.folder,
  });
  const { photos } = await grouped();
  expect(photos).toHaveLength(50);
  // What was in hand when the scan was stopped may have been recorded or not.
  const again = pools[1]!.analysed.length;
  expect(again).toBeGreaterThan(0);
  expect(again).toBeLessThanOrEqual(45);
});
