import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { metricGradient, type Weights } from '../../electron/grouping/metric-gradient.ts';
import { contrastiveLoss, type MetricLoss, tripletLoss } from '../../electron/grouping/metric-loss.ts';
import { gaussian, random } from '../fixtures/random.ts';

const losses: [string, MetricLoss, number][] = [
  ['triplet', tripletLoss, 0.4],
  ['contrastive', contrastiveLoss, 1.3],
];

/** Faces of a few people, and matrices that are not near the identity. */
const cases = fc.record({
  seed: fc.integer({ min: 1, max: 1_000_000 }),
  size: fc.integer({ min: 3, max: 9 }),
  rank: fc.integer({ min: 1, max: 3 }),
  people: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 3, maxLength: 10 }),
});

function made({ seed, size, rank, people }: { seed: number; size: number; rank: number; people: number[] }) {
  const normal = gaussian(random(seed));
  const draw = (length: number, by: number) => Float64Array.from({ length }, () => by * normal());
  const weights: Weights = { size, rank, out: draw(size * rank, 0.4), into: draw(size * rank, 0.4) };
  const vectors = Float32Array.from(draw(people.length * size, 1));
  return { vectors, weights, step: { out: draw(size * rank, 1), into: draw(size * rank, 1) } };
}

/** (L(w + h·s) − L(w − h·s)) / 2h. Skips cases where the loss jumps, since a triplet or pair has just changed. */
function difference(at: (moved: number) => number, h = 1e-6): number {
  const change = at(h) - at(-h);
  fc.pre(Math.abs(change) < 1e-4);
  return change / (2 * h);
}

function moved(values: Float64Array, step: Float64Array, by: number): Float64Array {
  return values.map((value, i) => value + by * step[i]!);
}

const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);

describe.each(losses)('the gradient of the %s loss', (_, lossOf, margin) => {
  it('equals finite differences, through the normalisation and both matrices', () => {
    fc.assert(
      fc.property(cases, (given) => {
        const { vectors, weights, step } = made(given);
        const gradient = metricGradient(vectors, given.people, weights, lossOf, margin);
        for (const matrix of ['out', 'into'] as const) {
          const expected = difference((by) => {
            const there = { ...weights, [matrix]: moved(weights[matrix], step[matrix], by) };
            return metricGradient(vectors, given.people, there, lossOf, margin).loss;
          });
          expect(dot(gradient[matrix], step[matrix])).toBeCloseTo(expected, 5);
        }
      }),
      { seed: 5, numRuns: 200 },
    );
  });

  it('has the same loss whatever the length of the vectors', () => {
    fc.assert(
      fc.property(cases, fc.double({ min: 0.5, max: 4, noNaN: true }), (given, longer) => {
        const { vectors, weights } = made(given);
        const one = metricGradient(vectors, given.people, weights, lossOf, margin);
        const two = metricGradient(
          vectors.map((value) => value * longer),
          given.people,
          weights,
          lossOf,
          margin,
        );
        expect(two.loss).toBeCloseTo(one.loss, 5);
      }),
      { seed: 5 },
    );
  });
});

describe('the losses', () => {
  /** Similarities of faces on a circle, by their angles in degrees. */
  const circle = (angles: readonly number[]) =>
    Float64Array.from(angles.flatMap((a) => angles.map((b) => Math.cos(((a - b) * Math.PI) / 180))));

  it('triplet: takes the nearest stranger that is farther than the positive, not the nearest of all', () => {
    // Anchor 0°, positive 40°, strangers at −20° (nearer: hard), −60° (semi-hard) and 180° (easy).
    const similarities = circle([0, 40, -20, -60, 180]);
    const { gradient } = tripletLoss(similarities, [1, 1, 2, 3, 4], 1);
    expect(gradient[0 * 5 + 2]).toBe(0);
    expect(gradient[0 * 5 + 3]).toBeGreaterThan(0);
    expect(gradient[0 * 5 + 1]).toBeLessThan(0);
  });

  it('triplet: is 0 where every stranger is farther than the positive by the margin', () => {
    const { loss, gradient } = tripletLoss(circle([0, 5, 120, 125]), [1, 1, 2, 2], 0.2);
    expect(loss).toBe(0);
    expect(gradient.every((value) => value === 0)).toBe(true);
  });

  it('triplet: is the mean of the margins missed, by the formula of the paper', () => {
    const [a, p, n] = [0, 30, 50];
    const squared = (one: number, other: number) => 2 - 2 * Math.cos(((one - other) * Math.PI) / 180);
    const missed = (anchor: number, positive: number) =>
      Math.max(0, squared(anchor, positive) - squared(anchor, n) + 0.5);
    // For anchor p the stranger is nearer than a: none is semi-hard, so the farthest counts, which is the same one.
    expect(tripletLoss(circle([a, p, n]), [1, 1, 2], 0.5).loss).toBeCloseTo(
      (missed(a, p) + missed(p, a)) / 2,
    );
  });

  it('contrastive: pulls faces of one person together, and pushes those of two apart within the margin', () => {
    const far = contrastiveLoss(circle([0, 180]), [1, 2], 1);
    expect(far).toEqual({ loss: 0, gradient: new Float64Array(4) });
    const near = contrastiveLoss(circle([0, 10, 20]), [1, 1, 2], 1);
    expect(near.gradient[0 * 3 + 1]).toBeLessThan(0);
    expect(near.gradient[1 * 3 + 2]).toBeGreaterThan(0);
  });
});
