import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evidence } from '../../electron/grouping/calibrate.ts';
import type { KnownPair } from '../../electron/grouping/known-pairs.ts';
import { selfCalibrate, shifted } from '../../electron/grouping/self-calibrate.ts';
import { calibrationOf } from '../../electron/service/encoder.ts';
import { distancesOf } from '../../models/cards.ts';
import { random } from '../fixtures/random.ts';

const encoders = ['dlib', 'facenet-512'] as const;

/** Draws distances from an encoder's histogram, and adds `by`. */
function drawn(
  encoder: (typeof encoders)[number],
  kind: 'genuine' | 'impostor' | 'together',
  count: number,
  { by = 0, seed = 1 } = {},
): number[] {
  const table = distancesOf(encoder)!;
  const counts = table[kind]!;
  const total = counts.reduce((sum, value) => sum + value, 0);
  const next = random(seed);
  return Array.from({ length: count }, () => {
    const wanted = next() * total;
    let before = 0;
    const bin = counts.findIndex((value) => {
      before += value;
      return before > wanted;
    });
    return Math.max(0, (bin + next()) * table.step + by);
  });
}

const pairs = (distances: readonly number[], known: Partial<KnownPair> = {}): KnownPair[] =>
  distances.map((distance) => ({ distance, genuine: false, by: 'photo', weight: 1, ...known }));

describe.each(encoders)('Self-calibration of %s', (encoder) => {
  const catalog = calibrationOf(encoder);
  const even = -catalog.intercept / catalog.slope;
  const fitted = (known: readonly KnownPair[]) => selfCalibrate(catalog, distancesOf(encoder), known);

  it("keeps the catalog's calibration where the library has few pairs, or pairs like the catalog's", () => {
    expect(fitted([]).state).toBe('few');
    expect(fitted(pairs(drawn(encoder, 'together', 29, { by: -0.1 }))).state).toBe('few');
    expect(shifted(catalog, fitted([]))).toBe(catalog);
    for (const count of [40, 400]) {
      const states = Array.from({ length: 20 }, (_, seed) => {
        const known = [
          ...pairs(drawn(encoder, 'together', count, { seed })),
          ...pairs(drawn(encoder, 'genuine', count, { seed: seed + 100 }), { genuine: true, by: 'hand' }),
        ];
        return fitted(known).state;
      });
      expect(states.filter((state) => state === 'noise').length).toBeGreaterThanOrEqual(18);
    }
  });

  it('gets stricter where impostor pairs are nearer than usual, with less error for more pairs', () => {
    const near = (count: number) => fitted(pairs(drawn(encoder, 'together', count, { by: -0.08 * even })));
    const [some, many] = [near(300), near(3000)];
    expect(some.shift).toBeLessThan(0);
    expect(some.state).toMatch(/shifted|bounded/);
    expect(many.error).toBeLessThan(some.error);
    const own = shifted(catalog, some);
    expect(evidence(even, 1, 1, own)).toBeLessThan(0);
    expect(own.match!.intercept).toBeLessThan(catalog.match!.intercept);
  });

  it('allows more distance where labelled faces of a person are farther apart, but keeps matching as it is', () => {
    const far = drawn(encoder, 'genuine', 200, { by: 0.12 * even });
    const own = fitted(pairs(far, { genuine: true, by: 'hand' }));
    expect(own.shift).toBeGreaterThan(0);
    expect(shifted(catalog, own).match).toEqual(catalog.match);
    expect(evidence(even, 1, 1, shifted(catalog, own))).toBeGreaterThan(0);
  });

  it('never gets stricter because of bursts, whose faces are nearer than those of other days', () => {
    const others = pairs(drawn(encoder, 'together', 50));
    const before = fitted(others).shift;
    const easy = drawn(encoder, 'genuine', 500, { by: -0.3 * even });
    expect(fitted([...others, ...pairs(easy, { genuine: true, by: 'burst' })]).shift).toBe(before);
    const hard = drawn(encoder, 'genuine', 500, { by: 0.1 * even });
    expect(fitted([...others, ...pairs(hard, { genuine: true, by: 'burst' })]).shift).toBeGreaterThan(before);
  });

  it('does not move because of one mirror among the photos', () => {
    const others = pairs(drawn(encoder, 'together', 100));
    expect(fitted([...others, ...pairs([0.02])]).state).toBe('noise');
  });

  it('stays within its bounds for any pairs, is the same for any order of them, and keeps the slope', () => {
    const any = fc.record({
      distance: fc.double({ min: 0, max: 2, noNaN: true }),
      genuine: fc.boolean(),
      by: fc.constantFrom('photo' as const, 'burst' as const, 'hand' as const),
      weight: fc.double({ min: 0.01, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(any, { minLength: 40, maxLength: 120 }), fc.nat(), (known, turn) => {
        const one = fitted(known);
        const at = turn % known.length;
        const other = fitted([...known.slice(at), ...known.slice(0, at)]);
        expect(other.state).toBe(one.state);
        expect(other.shift).toBeCloseTo(one.shift, 9);
        expect(other.error).toBeCloseTo(one.error, 9);
        expect(one.error).toBeGreaterThanOrEqual(0);
        const own = shifted(catalog, one);
        const moved = -own.intercept / own.slope - even;
        expect(Math.abs(moved)).toBeLessThanOrEqual(0.025 * even + 1e-9);
        expect(own.slope).toBe(catalog.slope);
        if (!['shifted', 'bounded'].includes(one.state)) expect(own).toBe(catalog);
      }),
      { numRuns: 60 },
    );
  });
});

it('A calibration without histograms stays as it is', () => {
  const known = pairs(drawn('dlib', 'together', 100, { by: -0.1 }));
  expect(selfCalibrate(calibrationOf('dlib'), null, known).state).toBe('unmeasured');
  const { together: _, ...table } = distancesOf('dlib')!;
  expect(selfCalibrate(calibrationOf('dlib'), table, known).state).toBe('unmeasured');
});
