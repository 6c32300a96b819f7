import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  distanceOf,
  dot,
  nearest,
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
  it.each(rows)('are the ones that a loop over all pairs finds, among %i rows', (n) => {
    const { vectors, size } = madeFaces(new Array(Math.ceil(n / 3)).fill(3), { size: 7, spread: 1 });
    const some = vectors.subarray(0, n * size);
    const offsets = Float64Array.from({ length: n }, (_, i) => (i % 5) / 50);
    const wanted: string[] = [];
    for (let a = 0; a < n; a++) {
      for (let b = a + 1; b < n; b++) {
        const value = dot(row(some, size, a), row(some, size, b)) - offsets[a]! - offsets[b]!;
        if (value >= 0.3) wanted.push(`${a}-${b}`);
      }
    }
    const got = pairsAbove(some, size, 0.3, offsets);
    expect([...got.a].map((a, i) => `${a}-${got.b[i]}`).sort()).toEqual(wanted.sort());
    got.similarity.forEach((value, i) => {
      expect(value).toBeCloseTo(dot(row(some, size, got.a[i]!), row(some, size, got.b[i]!)), 5);
    });
  });
});

describe('nearest rows', () => {
  it.each(rows)('are the highest dot products in order, among %i rows', (n) => {
    const { vectors, size } = madeFaces(new Array(n).fill(1), { size: 7 });
    const k = 4;
    const got = nearest(vectors, size, k);
    for (let a = 0; a < n; a++) {
      const all = Array.from({ length: n }, (_, b) => b)
        .filter((b) => b !== a)
        .map((b) => dot(row(vectors, size, a), row(vectors, size, b)))
        .sort((x, y) => y - x);
      for (let i = 0; i < k; i++) expect(got[a * k + i]).toBeCloseTo(all[i] ?? -1, 5);
    }
  });
});
