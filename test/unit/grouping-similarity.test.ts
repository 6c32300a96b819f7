import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainProduct } from '../../electron/grouping/product.ts';
import {
  distanceOf,
  dot,
  nearestAmong,
  normalise,
  pairsAbove,
  similarityOf,
} from '../../electron/grouping/similarity.ts';
import { madeFaces } from '../fixtures/embeddings.ts';

/** Numbers of rows around the edges of a tile of 64 and of a block of 4. */
const rows = [0, 1, 2, 3, 5, 63, 64, 65, 130];

function row(vectors: Float32Array, size: number, at: number): Float32Array {
  return vectors.subarray(at * size, (at + 1) * size);
}

describe('similarity', () => {
  it('becomes a distance and a similarity again', () => {
    fc.assert(
      fc.property(fc.double({ min: -1, max: 1, noNaN: true }), (value) => {
        expect(similarityOf(distanceOf(value))).toBeCloseTo(value, 10);
      }),
    );
    const [a, b] = [normalise(Float32Array.of(1, 2, 3)), normalise(Float32Array.of(3, -1, 0.5))];
    expect(distanceOf(dot(a, b))).toBeCloseTo(Math.hypot(...a.map((value, i) => value - b[i]!)), 6);
  });

  it('normalises to length 1, and leaves a vector of zeros as it is', () => {
    expect(Math.hypot(...normalise(Float32Array.of(3, 4)))).toBeCloseTo(1, 6);
    expect([...normalise(Float32Array.of(0, 0))]).toEqual([0, 0]);
  });
});

describe('pairs above a bound', () => {
  const offsets = (n: number, by: number) => Float64Array.from({ length: n }, (_, i) => (i % by) / 50);

  it.each(rows)('are those that a loop over all pairs finds, among %i rows and 600', async (n) => {
    const { vectors, size } = madeFaces(new Array(Math.ceil((n + 600) / 3)).fill(3), { size: 7, spread: 1 });
    const ones = { vectors: vectors.subarray(0, n * size), offsets: offsets(n, 5) };
    const others = { vectors: vectors.subarray(n * size, (n + 600) * size), offsets: offsets(600, 3) };
    const wanted: string[] = [];
    for (let a = 0; a < n; a++) {
      for (let b = 0; b < 600; b++) {
        const value = dot(row(ones.vectors, size, a), row(others.vectors, size, b));
        if (value - ones.offsets[a]! - others.offsets[b]! >= 0.3) wanted.push(`${a}-${b}`);
      }
    }
    const got = await pairsAbove(ones, others, size, 0.3, plainProduct);
    expect([...got.a].map((a, i) => `${a}-${got.b[i]}`).sort()).toEqual(wanted.sort());
  });
});

describe('The nearest of a cohort', () => {
  it.each(rows)('are the highest dot products in order, of %i rows', async (n) => {
    const { vectors, size } = madeFaces(new Array(n + 70).fill(1), { size: 7 });
    const [ones, cohort] = [vectors.subarray(0, n * size), vectors.subarray(n * size)];
    const own = Int32Array.from({ length: n }, (_, i) => (i % 3) - 1);
    const count = 4;
    const got = await nearestAmong(ones, cohort, size, own, count, plainProduct);
    for (let a = 0; a < n; a++) {
      const all = Array.from({ length: 70 }, (_, b) => b)
        .filter((b) => b !== own[a])
        .map((b) => dot(row(ones, size, a), row(cohort, size, b)))
        .sort((x, y) => y - x);
      for (let i = 0; i < count; i++) expect(got[a * count + i]).toBeCloseTo(all[i]!, 5);
    }
  });

  it('are −1 where the cohort is too small', async () => {
    const one = Float32Array.of(1, 0);
    const got = await nearestAmong(one, one.slice(), 2, Int32Array.of(-1), 3, plainProduct);
    expect([...got]).toEqual([1, -1, -1]);
  });
});
