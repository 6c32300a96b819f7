import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startPool, type VisionPool } from '../../electron/vision/pool.ts';
import { openStore } from '../../models/store.ts';
import { claimingAvif } from '../fixtures/pictures.ts';

// The pool over the real worker, the real networks and a real photo.
const models = [...openStore().folders];
const sample = fileURLToPath(
  new URL('demo/sample1.jpg', import.meta.resolve('@vladmandic/face-api/package.json')),
);
let folder: string;
let pool: VisionPool;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kith-vision-'));
  pool = startPool({ detector: 'ssd', encoder: 'dlib', models, maxSide: 1600 }, { size: 1 });
});
afterAll(async () => {
  await pool.close();
  await rm(folder, { recursive: true });
});

it('finds the three people of a photo, with embeddings and crops', async () => {
  const analysis = await pool.analyse(sample);
  expect(analysis.faces).toHaveLength(3);
  for (const { embedding, crop } of analysis.faces) {
    expect(embedding).toHaveLength(128);
    expect(Math.hypot(...embedding)).toBeCloseTo(1, 4);
    expect([...crop.subarray(0, 2)]).toEqual([0xff, 0xd8]);
  }
  expect(await pool.hash(sample)).toEqual({ hash: analysis.hash, bytes: analysis.bytes });
}, 60_000);

it('embeds known faces again without detecting: from the photo as before, from the crops nearly so', async () => {
  const { hash, width, height, faces } = await pool.analyse(sample);
  const known = faces.map(({ box, landmarks, crop }) => ({ box, landmarks, crop, detector: 'ssd' as const }));
  const cosines = (vectors: Float32Array[]) =>
    vectors.map((vector, face) =>
      vector.reduce((sum, value, index) => sum + value * faces[face]!.embedding[index]!, 0),
    );
  const again = cosines(await pool.embed({ path: sample, hash, faces: known }));
  expect(again).toHaveLength(3);
  for (const cosine of again) expect(cosine).toBeGreaterThan(0.99999);
  // At the distance where dlib begins to doubt, 0.42, it is 0.91.
  const fromCrops = cosines(await pool.embedCrops({ path: sample, width, height, faces: known }));
  for (const cosine of fromCrops) expect(cosine).toBeGreaterThan(0.97);
  await expect(pool.embed({ path: sample, hash: '0'.repeat(64), faces: known })).rejects.toMatchObject({
    code: 'vanished',
    detail: expect.stringContaining(sample),
  });
});

it('gives the reason for files that are no photos, in the same process', async () => {
  const text = join(folder, 'text.jpg');
  await writeFile(text, 'no photo');
  const empty = join(folder, 'empty.jpg');
  await writeFile(empty, '');
  await expect(pool.analyse(text)).rejects.toMatchObject({ name: 'UnreadablePhoto', code: 'not-an-image' });
  await expect(pool.analyse(empty)).rejects.toMatchObject({ code: 'empty-file' });
  await expect(pool.hash(join(folder, 'gone.jpg'))).rejects.toMatchObject({ code: 'vanished' });
}, 60_000);

it('holds less than its limit of memory', async () => {
  for (let photo = 0; photo < 10; photo++) await pool.analyse(sample);
  const mebibytes = (await pool.memory()) / 1024 ** 2;
  expect(mebibytes).toBeGreaterThan(50);
  expect(mebibytes).toBeLessThan(500);
}, 60_000);

it('refuses a file of some hundred bytes that declares 268 megapixels, without the memory for them', async () => {
  const bomb = join(folder, 'bomb.avif');
  await writeFile(bomb, await claimingAvif(16_380, 16_380));
  const fresh = startPool({ detector: 'ssd', encoder: 'dlib', models, maxSide: 1600 }, { size: 1 });
  try {
    await expect(fresh.analyse(bomb)).rejects.toMatchObject({ code: 'too-large' });
    await expect(fresh.show({ path: bomb, side: 320 })).rejects.toMatchObject({ code: 'too-large' });
    expect((await fresh.memory()) / 1024 ** 2).toBeLessThan(600);
  } finally {
    await fresh.close();
  }
}, 60_000);

it('says which model is missing', async () => {
  const none = startPool({ detector: 'ssd', encoder: 'dlib', models: [folder], maxSide: 1600 }, { size: 1 });
  try {
    await expect(none.analyse(sample)).rejects.toMatchObject({ name: 'KithError', code: 'model-missing' });
  } finally {
    await none.close();
  }
}, 60_000);
