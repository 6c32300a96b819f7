import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, expect, it } from 'vitest';
import type { UnitBox } from '../../electron/contract/geometry.ts';
import { startPool } from '../../electron/vision/pool.ts';
import { openStore } from '../../models/store.ts';

// What a person asks of one photo, through the real worker and networks.
const sample = fileURLToPath(
  new URL('demo/sample1.jpg', import.meta.resolve('@vladmandic/face-api/package.json')),
);
const setup = { detector: 'ssd', encoder: 'dlib', models: [...openStore().folders], maxSide: 1600 } as const;
const pool = startPool({ ...setup, models: [...setup.models] }, { size: 1 });
afterAll(() => pool.close());

it('finds in a box that somebody drew the face that the detector finds there', async () => {
  const { hash, faces } = await pool.analyse(sample);
  const found = faces[0]!;
  const { x, y, width, height } = found.box;
  // A hand is not as exact as a network.
  const box = { x: x - width * 0.05, y: y + height * 0.04, width: width * 1.1, height } as UnitBox;
  const drawn = await pool.draw({ path: sample, hash, box });
  const cosine = drawn.embedding.reduce((sum, value, i) => sum + value * found.embedding[i]!, 0);
  expect(cosine).toBeGreaterThan(0.97);
  expect(drawn.quality).toBeGreaterThan(0.3);
  expect([...drawn.crop.subarray(0, 2)]).toEqual([0xff, 0xd8]);
  await expect(pool.draw({ path: sample, hash: '0'.repeat(64), box })).rejects.toMatchObject({
    code: 'vanished',
  });
}, 60_000);

it('shows a photo at the size asked for, and a part of it from the full pixels', async () => {
  const { width, height } = await sharp(sample).metadata();
  const shown = await pool.show({ path: sample, side: 400 });
  expect(shown.hash).toBe((await pool.hash(sample)).hash);
  const whole = await sharp(shown.jpeg).metadata();
  expect(Math.max(whole.width, whole.height)).toBe(400);
  expect(whole.width / whole.height).toBeCloseTo(width / height, 1);
  const region = { x: 0.25, y: 0.25, width: 0.25, height: 0.25 } as UnitBox;
  const part = await sharp((await pool.show({ path: sample, side: 10_000, region })).jpeg).metadata();
  expect(Math.abs(part.width - width / 4)).toBeLessThanOrEqual(2);
  await expect(pool.show({ path: `${sample}.gone`, side: 400 })).rejects.toMatchObject({ code: 'vanished' });
}, 60_000);
