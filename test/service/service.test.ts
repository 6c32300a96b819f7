import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FolderGroups, type ScanProgress } from '../../electron/contract/results.ts';
import { createService, type ServiceOptions } from '../../electron/service/service.ts';
import { type MadePool, madePhoto, madePool } from './support/made-pool.ts';
import { faults, makePlace } from './support/place.ts';

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

async function served<T>(
  work: (service: ReturnType<typeof createService>) => Promise<T>,
  options: Partial<ServiceOptions> = {},
): Promise<T> {
  const startPool = () => {
    pools.push(madePool());
    return pools.at(-1)!;
  };
  const service = createService({
    detector: 'ssd',
    encoder: 'dlib',
    libraryFile: place.file,
    poolSize: 2,
    startPool,
    ...options,
  });
  try {
    return await work(service);
  } finally {
    await service.close();
  }
}

test('A folder gives the answer of the contract: boxes in pixels, groups by size in this folder.', async () => {
  place.put('a.jpg', madePhoto(['anna', 'ben'], '1'));
  place.put('b.jpg', madePhoto(['anna'], '22'));
  place.put('copy of b.jpg', madePhoto(['anna'], '22'));
  place.put('empty.jpg', '');
  const result = await served((service) => service.groupFolder(place.folder));
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
  const empty = await served((service) => service.groupFolder(place.folder));
  expect(empty).toMatchObject({ photos: [], groups: [] });
  place.put('landscape.jpg', madePhoto([]));
  const nobody = await served((service) => service.groupFolder(place.folder));
  expect(nobody).toMatchObject({ photos: [{ status: 'done', faces: [] }], groups: [] });
});

test('A group that reaches into other folders counts only the faces of the folder asked for.', async () => {
  const other = makePlace();
  place.put('a.jpg', madePhoto(['anna'], '1'));
  place.put('b.jpg', madePhoto(['ben'], '22'));
  for (const i of [1, 2, 3]) other.put(`${i}.jpg`, madePhoto(['anna'], 'x'.repeat(i + 5)));
  await served((service) => service.groupFolder(other.folder));
  const { groups, photos } = await served((service) => service.groupFolder(place.folder));
  expect(groups).toEqual([{ id: 1, size: 1 }]);
  expect(photos.map(({ faces }) => faces[0]!.group)).toEqual([1, null]);
  other.remove();
});

test('A second run over 1,000 unchanged photos opens none of them and takes well under two seconds.', async () => {
  for (let i = 0; i < 1000; i++)
    place.put(`${i % 10}/${i}.jpg`, madePhoto([`p${i % 50}`, `q${i % 70}`], `${i}`));
  const first = await served((service) => service.groupFolder(place.folder));
  expect(pools).toHaveLength(1);
  const second = await served((service) => service.groupFolder(place.folder));
  expect(pools).toHaveLength(1);
  expect(second.seconds).toBeLessThan(2);
  expect({ ...second, seconds: 0 }).toEqual({ ...first, seconds: 0 });
}, 60_000);

test('Crops come in the order asked for; an id that is no face is refused.', async () => {
  place.put('a.jpg', madePhoto(['anna', 'ben']));
  await served(async (service) => {
    const { photos } = await service.groupFolder(place.folder);
    const [anna, ben] = photos[0]!.faces.map(({ id }) => id);
    const texts = service.faceCrops([ben!, anna!]).map((jpeg) => Buffer.from(jpeg).toString());
    expect(texts).toEqual(['crop of ben', 'crop of anna']);
    expect(() => service.faceCrops([99 as typeof anna & number])).toThrow(/99/);
  });
});

test('Detecting and comparing leave no library behind.', async () => {
  place.put('a.jpg', madePhoto(['anna', 'ben'], '1'));
  place.put('b.jpg', madePhoto(['anna'], '2'));
  await served(async (service) => {
    const path = join(place.folder, 'a.jpg');
    const found = await service.detectImage(path);
    expect(found).toMatchObject({ path, width: 1000, height: 800, detector: 'ssd' });
    expect(found.faces.map(({ box }) => box)).toEqual([
      [0, 80, 100, 120],
      [200, 80, 100, 120],
    ]);
    expect(found.crops).toHaveLength(2);
    const compared = await service.comparePhotos(path, join(place.folder, 'b.jpg'));
    expect(compared).toMatchObject({ same: true, encoder: 'dlib' });
    expect(compared.same).toBe(compared.distance <= compared.threshold!);
    expect(compared.probability! > 0.5).toBe(compared.same);
  });
  expect(existsSync(place.file)).toBe(false);
});

test('Two photos are compared by an encoder that nobody has calibrated, without a verdict.', async () => {
  place.put('a.jpg', madePhoto(['anna'], '1'));
  place.put('b.jpg', madePhoto(['ben'], '2'));
  const [a, b] = ['a.jpg', 'b.jpg'].map((name) => join(place.folder, name)) as [string, string];
  const encoder = 'arcface-512' as const;
  const compared = await served((service) => service.comparePhotos(a, b), { encoder });
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
    await served(async (service) => {
      await expect(service.detectImage(at('gone.jpg'))).rejects.toMatchObject({
        code: 'file-missing',
        detail: at('gone.jpg'),
      });
      await expect(service.detectImage(at('letter.jpg'))).rejects.toMatchObject({
        code: 'photo-unreadable',
        detail: expect.stringContaining(at('letter.jpg')),
      });
      await expect(service.comparePhotos(at('anna.jpg'), at('nobody.jpg'))).rejects.toMatchObject({
        code: 'no-face',
        detail: at('nobody.jpg'),
      });
    });
  });

  test('a folder that is not there, which leaves the record alone', async () => {
    place.put('a.jpg', madePhoto(['anna']));
    await served((service) => service.groupFolder(place.folder));
    await expect(served((service) => service.groupFolder(join(place.root, 'gone')))).rejects.toMatchObject({
      code: 'folder-missing',
    });
    expect(faults(place.file)).toEqual([]);
  });

  test('an encoder of which nobody knows what its distances mean, before anything is done.', async () => {
    place.put('a.jpg', madePhoto(['anna'], '1'));
    const group = served((service) => service.groupFolder(place.folder), { encoder: 'facenet-128' });
    await expect(group).rejects.toMatchObject({
      code: 'encoder-unmeasured',
      detail: expect.stringMatching(/FaceNet, 128 numbers.*eval -- calibrate ssd\/facenet-128.*models use/),
    });
    expect(pools).toEqual([]);
    expect(existsSync(place.file)).toBe(false);
  });
});

test('A scan that is cancelled says so, and keeps what it has.', async () => {
  for (let i = 0; i < 50; i++) place.put(`${i}.jpg`, madePhoto(['anna'], `${i}`));
  const controller = new AbortController();
  const onProgress = ({ done }: ScanProgress) => done === 5 && controller.abort();
  const work = { signal: controller.signal, onProgress };
  await expect(served((service) => service.groupFolder(place.folder, work))).rejects.toMatchObject({
    code: 'cancelled',
    detail: place.folder,
  });
  const { photos } = await served((service) => service.groupFolder(place.folder));
  expect(photos).toHaveLength(50);
  // What was in hand when the scan was stopped may have been recorded or not.
  const again = pools[1]!.analysed.length;
  expect(again).toBeGreaterThan(0);
  expect(again).toBeLessThanOrEqual(45);
});
