import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  distanceOf,
  dot,
  nearestAmong,
  normalise,
  pairsAbove,
  similarityOf,
} from '../../electron/grouping/similarity.ts';
import { madeFaces } from '../fixtures/embeddings.ts';

/** Sizes around the tile of 64 and the block of 4, where an edge could be lost. */
const rows = [0, 1, 2, 3, 5, 63, 64, 65, 130];

function row(vectors: Float32Array, size: number, at: number): Float32Array {
  return vectors.subarray(at * size, (at + 1) * size);
}

describe('similarity', () => {
  it('turns into distance and back', () => {
    fc.assert(
      fc.property(fc.double({ min: -1, max: 1, noNaN: true }), (value) => {
        expect(similarityOf(distanceOf(value))).toBeCloseTo(value, 10);
      }),
    );
    const [a, b] = [normalise(Float32Array.of(1, 2, 3)), normalise(Float32Array.of(3, -1, 0.5))];
    expect(distanceOf(dot(a, b))).toBeCloseTo(Math.hypot(...a.map((value, i) => value - b[i]!)), 6);
  });

  it('normalises to length 1 and leaves nothing as nothing', () => {
    expect(Math.hypot(...normalise(Float32Array.of(3, 4)))).toBeCloseTo(1, 6);
    expect([...normalise(Float32Array.of(0, 0))]).toEqual([0, 0]);
  });
});

describe('pairs above a bound', () => {
  const offsets = (n: number, by: number) => Float64Array.from({ length: n }, (_, i) => (i % by) / 50);

  it.each(rows)('are the ones that a loop over all pairs finds, among %i rows', (n) => {
    const { vectors, size } = madeFaces(new Array(Math.ceil(n / 3)).fill(3), { size: 7, spread: 1 });
    const set = { vectors: vectors.subarray(0, n * size), offsets: offsets(n, 5) };
    const wanted: string[] = [];
    for (let a = 0; a < n; a++) {
      for (let b = a + 1; b < n; b++) {
        const value = dot(row(vectors, size, a), row(vectors, size, b));
        if (value - set.offsets[a]! - set.offsets[b]! >= 0.3) wanted.push(`${a}-${b}`);
      }
    }
    const got = pairsAbove(set, set, size, 0.3);
    expect([...got.a].map((a, i) => `${a}-${got.b[i]}`).sort()).toEqual(wanted.sort());
  });

  it('of two sets are all of the one against all of the other', () => {
    const { vectors, size } = madeFaces(new Array(50).fill(3), { size: 7, spread: 1 });
    const ones = { vectors: vectors.subarray(0, 67 * size), offsets: offsets(67, 5) };
    const others = { vectors: vectors.subarray(67 * size), offsets: offsets(83, 3) };
    const wanted: string[] = [];
    for (let a = 0; a < 67; a++) {
      for (let b = 0; b < 83; b++) {
        const value = dot(row(ones.vectors, size, a), row(others.vectors, size, b));
        if (value - ones.offsets[a]! - others.offsets[b]! >= 0.3) wanted.push(`${a}-${b}`);
      }
    }
    const got = pairsAbove(ones, others, size, 0.3);
    expect([...got.a].map((a, i) => `${a}-${got.b[i]}`).sort()).toEqual(wanted.sort());
  });
});

describe('nearest of a cohort', () => {
  it.each(rows)('are the highest dot products in order, of %i rows', (n) => {
    const { vectors, size } = madeFaces(new Array(n + 70).fill(1), { size: 7 });
    const [ones, cohort] = [vectors.subarray(0, n * size), vectors.subarray(n * size)];
    const own = Int32Array.from({ length: n }, (_, i) => (i % 3) - 1);
    const count = 4;
    const got = nearestAmong(ones, cohort, size, own, count);
    for (let a = 0; a < n; a++) {
      const all = Array.from({ length: 70 }, (_, b) => b)
        .filter((b) => b !== own[a])
        .map((b) => dot(row(ones, size, a), row(cohort, size, b)))
        .sort((x, y) => y - x);
      for (let i = 0; i < count; i++) expect(got[a * count + i]).toBeCloseTo(all[i]!, 5);
    }
  });

  it('leaves −1 where the cohort is too small', () => {
    const one = Float32Array.of(1, 0);
    expect([...nearestAmong(one, one.slice(), 2, Int32Array.of(-1), 3)]).toEqual([1, -1, -1]);
  });
});
