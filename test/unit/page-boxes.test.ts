import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { UnitBox } from '../../electron/contract/geometry.ts';
import { boxBetween, middleBox, nudged } from '../../renderer/parts/boxes.ts';

// Drawing a box around a face, as arithmetic.

const inside = ({ x, y, width, height }: UnitBox) =>
  x >= 0 && y >= 0 && width >= 0 && height >= 0 && x + width <= 1 + 1e-9 && y + height <= 1 + 1e-9;
const corner = fc.record({
  x: fc.double({ min: -2, max: 3, noNaN: true }),
  y: fc.double({ min: -2, max: 3, noNaN: true }),
});

it('gives the same box whichever corner one begins at, within the photo', () => {
  fc.assert(
    fc.property(corner, corner, (a, b) => {
      const box = boxBetween(a, b);
      expect(inside(box)).toBe(true);
      expect(boxBetween(b, a)).toEqual(box);
    }),
  );
});

it('begins in the middle with a square of pixels, which arrow keys never lead out of the photo', () => {
  const press = fc.tuple(
    fc.constantFrom('ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'),
    fc.boolean(),
    fc.integer({ min: 1, max: 120 }),
  );
  const side = fc.integer({ min: 50, max: 9000 });
  fc.assert(
    fc.property(fc.array(press), side, side, (presses, width, height) => {
      let box = middleBox({ width, height });
      expect(box.width * width).toBeCloseTo(box.height * height, 6);
      for (const [key, size, times] of presses)
        for (let time = 0; time < times; time++) box = nudged(box, key, size)!;
      expect(inside(box)).toBe(true);
    }),
  );
  expect(nudged(middleBox({ width: 100, height: 100 }), 'Enter', false)).toBeNull();
});

it('moves by a hundredth of the photo, and with Shift changes the size', () => {
  const box = middleBox({ width: 800, height: 800 });
  expect(nudged(box, 'ArrowLeft', false)).toEqual({ ...box, x: box.x - 0.01 });
  expect(nudged(box, 'ArrowDown', true)).toEqual({ ...box, height: box.height + 0.01 });
});
