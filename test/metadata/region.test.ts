import fc from 'fast-check';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import {
  type Orientation,
  orientationOf,
  storedSides,
  toStored,
  toUpright,
} from '../../electron/metadata/region.ts';

const ORIENTATIONS: Orientation[] = [1, 2, 3, 4, 5, 6, 7, 8];
const area = fc.record({
  x: fc.double({ min: 0, max: 0.9, noNaN: true }),
  y: fc.double({ min: 0, max: 0.9, noNaN: true }),
  width: fc.double({ min: 0.001, max: 0.1, noNaN: true }),
  height: fc.double({ min: 0.001, max: 0.1, noNaN: true }),
});

test('an area that is turned upright and back is where it was, for each orientation', () => {
  fc.assert(
    fc.property(area, fc.constantFrom(...ORIENTATIONS), (box, orientation) => {
      for (const there of [
        toUpright(toStored(box, orientation), orientation),
        toStored(toUpright(box, orientation), orientation),
      ]) {
        for (const side of ['x', 'y', 'width', 'height'] as const)
          expect(there[side]).toBeCloseTo(box[side], 12);
      }
    }),
  );
});

test.each(ORIENTATIONS)('orientation %i turns an area as sharp turns the pixels', async (orientation) => {
  const width = 60;
  const height = 40;
  // One white rectangle on black, nowhere near the middle.
  const stored = { x: 6 / width, y: 8 / height, width: 12 / width, height: 4 / height };
  const white = await sharp({ create: { width: 12, height: 4, channels: 3, background: '#fff' } })
    .png()
    .toBuffer();
  const photo = await sharp({ create: { width, height, channels: 3, background: '#000' } })
    .composite([{ input: white, left: 6, top: 8 }])
    .withMetadata({ orientation })
    .png()
    .toBuffer();
  const { data, info } = await sharp(photo)
    .autoOrient()
    .greyscale()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const lit = [...data.keys()].filter((at) => data[at]! > 128);
  const xs = lit.map((at) => at % info.width);
  const ys = lit.map((at) => Math.floor(at / info.width));
  const seen = {
    x: Math.min(...xs) / info.width,
    y: Math.min(...ys) / info.height,
    width: (Math.max(...xs) - Math.min(...xs) + 1) / info.width,
    height: (Math.max(...ys) - Math.min(...ys) + 1) / info.height,
  };
  const upright = toUpright(stored, orientation);
  for (const side of ['x', 'y', 'width', 'height'] as const)
    expect(upright[side]).toBeCloseTo(seen[side], 10);
  expect(storedSides(info, orientation)).toEqual({ width, height });
});

test('whatever is no orientation means: not turned', () => {
  expect([0, 9, 2.5, null, undefined, 'x', '6'].map(orientationOf)).toEqual([1, 1, 1, 1, 1, 1, 6]);
});
