import fc from 'fast-check';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import type { UnitBox } from '../../electron/contract/geometry.ts';
import { cropJpeg } from '../../electron/vision/crop.ts';
import type { DecodedPhoto } from '../../electron/vision/decode.ts';
import { quartered } from '../fixtures/pictures.ts';

async function photoOf(width: number, height: number): Promise<DecodedPhoto> {
  const data = await quartered(width, height).raw().toBuffer();
  return { data, width, height, fullWidth: width, fullHeight: height };
}

it('cuts a square of the wanted side around a face', async () => {
  const box = { x: 0.3, y: 0.2, width: 0.4, height: 0.6 } as UnitBox;
  const crop = await cropJpeg(await photoOf(400, 300), box, { side: 96, padding: 0.25 });
  const { format, width, height } = await sharp(crop).metadata();
  expect([format, width, height]).toEqual(['jpeg', 96, 96]);
  // The box's middle is the photo's: all four quarters meet in the crop's middle.
  const { data } = await sharp(crop).raw().toBuffer({ resolveWithObject: true });
  const at = (x: number, y: number) => [...data.subarray((y * 96 + x) * 3, (y * 96 + x) * 3 + 3)];
  expect(at(10, 10)[0]).toBeGreaterThan(170);
  expect(at(85, 10)[1]).toBeGreaterThan(120);
  expect(at(10, 85)[2]).toBeGreaterThan(130);
  expect(Math.min(...at(85, 85))).toBeGreaterThan(240);
});

it('does not enlarge a small face', async () => {
  const box = { x: 0.5, y: 0.5, width: 0.05, height: 0.05 } as UnitBox;
  const crop = await cropJpeg(await photoOf(400, 400), box, { side: 192, padding: 0 });
  expect((await sharp(crop).metadata()).width).toBe(20);
});

it('gives a square for any box in any photo', async () => {
  const side = fc.integer({ min: 1, max: 60 });
  const fraction = fc.double({ min: -1, max: 2, noNaN: true });
  const length = fc.double({ min: 0, max: 2, noNaN: true });
  await fc.assert(
    fc.asyncProperty(side, side, fraction, fraction, length, length, async (w, h, x, y, width, height) => {
      const crop = await cropJpeg(await photoOf(w, h), { x, y, width, height } as UnitBox, {
        side: 16,
        padding: 0.35,
      });
      const seen = await sharp(crop).metadata();
      expect(seen.width).toBe(seen.height);
      expect(seen.width).toBeLessThanOrEqual(16);
    }),
  );
});
