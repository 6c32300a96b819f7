import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FolderGroups } from '../../electron/contract/results.ts';
import { startPool } from '../../electron/vision/pool.ts';
import { catalog } from '../../models/catalog.ts';
import { importModel } from '../../models/import.ts';
import { openStore } from '../../models/store.ts';
import { scanAndGroup, withLibrary } from '../service/support/place.ts';
import { copySamples, kith, scratch } from './cli.ts';

const shared = process.env.KITH_SHARED;

// Real photos, real networks: six group photos with 22 faces go from dlib to FaceNet.
describe.skipIf(!shared)('a library that goes over from dlib to FaceNet (KITH_SHARED)', () => {
  let place: Awaited<ReturnType<typeof scratch>>;
  let photos: string;
  let models: string;

  beforeAll(async () => {
    place = await scratch();
    photos = join(place.folder, 'photos');
    models = join(place.folder, 'models');
    await mkdir(photos);
    await mkdir(models);
    await copySamples(photos);
    const facenet = join(shared!, 'models/facenet');
    await importModel([join(facenet, 'model.json'), join(facenet, 'model.h5')], { folder: models });
  });
  afterAll(() => place.remove());

  it('has the vectors that a fresh analysis by FaceNet gives, and nothing was detected for them', async () => {
    const folders = [models, ...openStore().folders];
    const dlib = { detector: 'ssd', encoder: 'dlib' } as const;
    const facenet = { detector: 'ssd', encoder: 'facenet-512' } as const;
    /** Groups with the real processes; the test then asks which photos were analysed. */
    const run = async (name: string, setup: typeof dlib | typeof facenet) => {
      const pool = startPool({ ...setup, models: folders, maxSide: 1600 }, { size: 2 });
      const analysed: string[] = [];
      const watched = {
        analysed,
        hashed: [],
        embedded: [],
        fromCrops: [],
        analyse: (path: string, options?: { signal?: AbortSignal }) => {
          analysed.push(path);
          return pool.analyse(path, options);
        },
        hash: pool.hash.bind(pool),
        embed: pool.embed.bind(pool),
        embedCrops: pool.embedCrops.bind(pool),
      };
      try {
        return await withLibrary(join(place.folder, name), async (library) => {
          const { folder } = await scanAndGroup(library, { folder: photos, pool: watched, setup });
          const faces = library.faces.ofFolder(folder).map(({ group, ...face }) => face);
          return { faces, table: library.embeddings.all(setup.encoder), analysed };
        });
      } finally {
        await pool.close();
      }
    };
    const before = await run('over.kith', dlib);
    expect(before.faces).toHaveLength(22);
    expect(before.analysed).toHaveLength(6);
    const after = await run('over.kith', facenet);
    expect(after.faces).toEqual(before.faces);
    expect(after.analysed).toEqual([]);
    const fresh = await run('fresh.kith', facenet);
    expect(after.table.faceIds).toHaveLength(22);
    expect(after.table.photoHashes).toEqual(fresh.table.photoHashes);
    for (let face = 0; face < 22; face++) {
      const [a, b] = [after, fresh].map(({ table }) => table.vectors.subarray(face * 512, (face + 1) * 512));
      expect(a!.reduce((sum, value, i) => sum + value * b![i]!, 0)).toBeGreaterThan(0.9999);
    }
  });

  it.skipIf(!('calibration' in catalog['facenet-512']))(
    'keeps ids and boxes under kith group, which uses FaceNet as soon as it is there',
    async () => {
      const library = join(place.folder, 'cli.kith');
      const group = async (dir: string): Promise<FolderGroups> => {
        const { stdout, stderr } = await kith(['group', photos, '--library', library, '--json'], {
          env: { KITH_MODELS_DIR: dir, XDG_DATA_HOME: place.folder, LOCALAPPDATA: place.folder },
        });
        expect(stderr).toBe('');
        return JSON.parse(stdout);
      };
      const faces = ({ photos: all }: FolderGroups) =>
        all.map((photo) => ({ ...photo, faces: photo.faces.map(({ group: _, ...face }) => face) }));
      const before = await group(join(place.folder, 'empty'));
      const after = await group(models);
      expect([before.encoder, after.encoder]).toEqual(['dlib', 'facenet-512+dlib']);
      expect(faces(after)).toEqual(faces(before));
    },
  );
});
