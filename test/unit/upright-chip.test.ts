import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cutChip } from '../../electron/vision/warp.ts';
import { random } from '../fixtures/random.ts';

const next = random(5);

function noise(width: number, height: number) {
  const data = Uint8Array.from({ length: width * height * 3 }, () => next() * 256);
  return { data, width, height, fullWidth: width, fullHeight: height };
}

/** Numbers with which no sample falls on the very edge of the photo, where the smallest turn decides. */
const odd = (min: number, max: number) =>
  fc.integer({ min: min * 997, max: max * 997 }).map((value) => value / 997 + 0.000_371);

/** A turn too small to move any pixel, which still takes the way that turned faces take. */
const HARDLY = 1e-13;

it('An upright chip is what sampling it point by point gives, wherever it lies on the photo', () => {
  fc.assert(
    fc.property(
      fc.record({
        width: fc.integer({ min: 1, max: 60 }),
        height: fc.integer({ min: 1, max: 60 }),
        side: fc.integer({ min: 1, max: 24 }),
        samples: fc.integer({ min: 1, max: 6 }),
        a: odd(0, 9).map((scale) => scale + 0.05),
        tx: odd(-40, 70),
        ty: odd(-40, 70),
      }),
      ({ width, height, side, samples, a, tx, ty }) => {
        const photo = noise(width, height);
        const upright = cutChip(photo, { a, b: 0, tx, ty }, side, samples);
        const sampled = cutChip(photo, { a, b: HARDLY, tx, ty }, side, samples);
        expect(upright).toHaveLength(side * side * 3);
        upright.forEach((value, at) => {
          expect(Math.abs(value - sampled[at]!)).toBeLessThanOrEqual(1);
        });
      },
    ),
  );
});
