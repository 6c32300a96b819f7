import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fivePointChip } from '../../electron/vision/align.ts';
import { decode, openPhoto } from '../../electron/vision/decode.ts';
import { createLandmarker, fivePoints } from '../../electron/vision/landmarks.ts';
import { loadDetector } from '../../electron/vision/load.ts';
import { cutChip, fitSimilarity, inverse, type Similarity, transform } from '../../electron/vision/warp.ts';
import { openStore } from '../../models/store.ts';
import { samples } from './models-reference.ts';

/** As InsightFace and OpenCV have it. */
const template = [
  { x: 38.2946, y: 51.6963 },
  { x: 73.5318, y: 51.5014 },
  { x: 56.0252, y: 71.7366 },
  { x: 41.5493, y: 92.3655 },
  { x: 70.7299, y: 92.2041 },
];

const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const similarities = fc
  .record({
    angle: number(-Math.PI, Math.PI),
    scale: number(0.2, 20),
    tx: number(-500, 4000),
    ty: number(-500, 4000),
  })
  .map(
    ({ angle, scale, tx, ty }): Similarity => ({
      a: scale * Math.cos(angle),
      b: scale * Math.sin(angle),
      tx,
      ty,
    }),
  );

const apart = (one: { x: number; y: number }, other: { x: number; y: number }) =>
  Math.hypot(one.x - other.x, one.y - other.y);

describe("ArcFace's chip", () => {
  it('lays the five points onto the template, however the face is turned, scaled and shifted', () => {
    fc.assert(
      fc.property(similarities, fc.constantFrom(112, 224, 96), (toPhoto, side) => {
        const five = template.map((point) => transform(toPhoto, point));
        const back = inverse(fivePointChip(five, side));
        five.forEach((point, i) => {
          const wanted = { x: (template[i]!.x * side) / 112, y: (template[i]!.y * side) / 112 };
          expect(apart(transform(back, point), wanted)).toBeLessThan(1e-6);
        });
      }),
    );
  });

  it('comes as near to the template as any turn, scale and shift can, where the face is another one', () => {
    const noise = fc.array(fc.record({ x: number(-4, 4), y: number(-4, 4) }), { minLength: 5, maxLength: 5 });
    const step = number(-0.05, 0.05);
    const steps = fc.tuple(step, step, number(-2, 2), number(-2, 2));
    fc.assert(
      fc.property(similarities, noise, steps, (toPhoto, shifts, [da, db, dx, dy]) => {
        const five = template.map(({ x, y }, i) =>
          transform(toPhoto, { x: x + shifts[i]!.x, y: y + shifts[i]!.y }),
        );
        const error = (toChip: Similarity) =>
          five.reduce((sum, point, i) => sum + apart(transform(toChip, point), template[i]!) ** 2, 0);
        const best = inverse(fivePointChip(five, 112));
        // Another similarity near it: turned and scaled around the chip, then shifted.
        const other = {
          a: best.a * (1 + da) - best.b * db,
          b: best.b * (1 + da) + best.a * db,
          tx: best.tx * (1 + da) - best.ty * db + dx,
          ty: best.ty * (1 + da) + best.tx * db + dy,
        };
        expect(error(best)).toBeLessThanOrEqual(error(other) + 1e-6);
      }),
    );
  });

  it('shows at the template what the photo shows at the five points', () => {
    const [width, height] = [400, 300];
    const photo = {
      data: new Uint8Array(width * height * 3),
      width,
      height,
      fullWidth: width,
      fullHeight: height,
    };
    const angle = 0.4;
    const toPhoto = { a: 1.5 * Math.cos(angle), b: 1.5 * Math.sin(angle), tx: 130, ty: 20 };
    const five = template.map((point) => transform(toPhoto, point));
    five.forEach(({ x, y }, i) => {
      for (let row = 0; row < height; row++) {
        for (let column = 0; column < width; column++) {
          if (Math.hypot(column - x, row - y) < 3) photo.data[(row * width + column) * 3 + (i % 3)] = 200 + i;
        }
      }
    });
    const chip = cutChip(photo, fivePointChip(five, 112), 112);
    template.forEach(({ x, y }, i) => {
      expect(chip[(Math.round(y) * 112 + Math.round(x)) * 3 + (i % 3)]).toBe(200 + i);
    });
    expect(chip.filter((value) => value > 0).length).toBeLessThan(5 * 3 * 40);
  });

  it('has the eyes, nose and mouth of real faces near the template', { timeout: 60_000 }, async () => {
    const store = openStore();
    const detector = await loadDetector('ssd', store);
    const landmarker = await createLandmarker(await store.find('landmarks-68'));
    for (const { path, people } of samples.slice(0, 2)) {
      const photo = await decode(await openPhoto(path), 1600);
      const faces = await landmarker.find(photo, await detector.detect(photo));
      expect(faces).toHaveLength(people);
      for (const points of faces) {
        const five = fivePoints(points);
        const toChip = inverse(fivePointChip(five, 112));
        five.forEach((point, i) => {
          // A head that looks aside is no template: a tenth of the chip.
          expect(apart(transform(toChip, point), template[i]!)).toBeLessThan(11.2);
        });
      }
    }
    await Promise.all([detector.dispose(), landmarker.dispose()]);
  });
});

describe('The inverse of a similarity', () => {
  it('leads back', () => {
    fc.assert(
      fc.property(similarities, number(-100, 100), number(-100, 100), (by, x, y) => {
        expect(apart(transform(inverse(by), transform(by, { x, y })), { x, y })).toBeLessThan(1e-6);
      }),
    );
  });

  it('is what the fit the other way round finds, where it is exact', () => {
    fc.assert(
      fc.property(similarities, (by) => {
        const moved = template.map((point) => transform(by, point));
        const [fitted, led] = [fitSimilarity(moved, template), inverse(by)];
        for (const part of ['a', 'b', 'tx', 'ty'] as const) expect(fitted[part]).toBeCloseTo(led[part], 5);
      }),
    );
  });
});
