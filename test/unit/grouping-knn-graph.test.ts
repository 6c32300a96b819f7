import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyGraph, knnGraph, subgraphOf } from '../../electron/grouping/knn-graph.ts';
import { packVectors } from '../../electron/grouping/pack-vectors.ts';
import { plainProduct } from '../../electron/grouping/product.ts';
import { dot } from '../../electron/grouping/similarity.ts';
import { madeFaces } from '../fixtures/embeddings.ts';
import { type MadeEncoder, madeVectors } from '../fixtures/made-vectors.ts';

function row(vectors: Float32Array, size: number, at: number): Float32Array {
  return vectors.subarray(at * size, (at + 1) * size);
}

/** The first `n` faces of people with three faces each. */
const rowsOf = (n: number, seed = 1) => {
  const { vectors, size } = madeFaces(new Array(Math.ceil(n / 3)).fill(3), { size: 9, spread: 1, seed });
  return { vectors: vectors.slice(0, n * size), size, n };
};

describe('The nearest faces', () => {
  it.each([0, 1, 2, 40, 511, 513, 700])('have the highest dot products, in order, of %i faces', async (n) => {
    const { vectors, size } = rowsOf(n);
    const { rows, dots, count } = await knnGraph(vectors, size, plainProduct);
    for (let a = 0; a < n; a += 7) {
      const all = Array.from({ length: n }, (_, b) => dot(row(vectors, size, a), row(vectors, size, b)));
      const wanted = all.filter((_, b) => b !== a).sort((x, y) => y - x);
      for (let i = 0; i < count; i++) {
        const other = rows[a * count + i]!;
        expect(dots[a * count + i]).toBeCloseTo(wanted[i] ?? -2, 5);
        expect(other < 0 ? -2 : all[other]).toBeCloseTo(wanted[i] ?? -2, 5);
      }
    }
  });

  it('are the same where some faces are added later, whichever they are', async () => {
    const late = fc.record({ n: fc.integer({ min: 1, max: 120 }), every: fc.integer({ min: 2, max: 9 }) });
    await fc.assert(
      fc.asyncProperty(late, async ({ n, every }) => {
        const { vectors, size } = rowsOf(n, every);
        const whole = await knnGraph(vectors, size, plainProduct);
        const first = Int32Array.from({ length: n }, (_, at) => at).filter((at) => at % every !== 1);
        const packed = new Float32Array(first.length * size);
        first.forEach((from, at) => {
          packed.set(row(vectors, size, from), at * size);
        });
        const before = await knnGraph(packed, size, plainProduct);
        const known = { ...emptyGraph(n), isNew: new Uint8Array(n).fill(1) };
        first.forEach((to, at) => {
          known.isNew[to] = 0;
          for (let i = 0; i < known.count; i++) {
            const other = before.rows[at * known.count + i]!;
            known.rows[to * known.count + i] = other < 0 ? -1 : first[other]!;
            known.dots[to * known.count + i] = before.dots[at * known.count + i]!;
          }
        });
        const after = await knnGraph(vectors, size, plainProduct, known);
        after.dots.forEach((value, at) => {
          expect(value).toBeCloseTo(whole.dots[at]!, 6);
        });
      }),
      { numRuns: 40 },
    );
  });

  it('of some rows leave the others out, and stay in order', async () => {
    const { vectors, size } = rowsOf(50);
    const chosen = Int32Array.of(40, 3, 17, 4);
    const { rows, dots, count } = subgraphOf(await knnGraph(vectors, size, plainProduct), chosen);
    for (let at = 0; at < 4; at++) {
      for (let i = 0; i < count; i++) {
        const other = rows[at * count + i]!;
        if (other < 0) continue;
        const real = dot(row(vectors, size, chosen[at]!), row(vectors, size, chosen[other]!));
        expect(dots[at * count + i]).toBeCloseTo(real, 6);
      }
    }
  });
});

describe('Packed vectors', () => {
  it.each<[MadeEncoder, number]>([
    ['facenet-512', 56],
    ['dlib', 84],
  ])('of %s have fewer dimensions, and the same dot products', async (encoder, most) => {
    const { faceOf, size } = madeVectors(encoder);
    const n = 600;
    const vectors = new Float32Array(n * size);
    for (let at = 0; at < n; at++) vectors.set(faceOf(at % 200, 1), at * size);
    const short = await packVectors(vectors, size, plainProduct);
    expect(short.size).toBeLessThan(most);
    for (let a = 0; a < n; a += 13) {
      for (let b = 0; b < n; b += 7) {
        const before = dot(row(vectors, size, a), row(vectors, size, b));
        const after = dot(row(short.vectors, short.size, a), row(short.vectors, short.size, b));
        expect(Math.abs(after - before)).toBeLessThan(2e-5);
      }
    }
  });

  it('keep a direction that only one face has', async () => {
    const { vectors, size } = madeFaces(new Array(3000).fill(1), { size: 4 });
    const wide = new Float32Array(3000 * 20);
    for (let at = 0; at < 3000; at++) wide.set(row(vectors, size, at), at * 20);
    // A row that is not in the first sample of 1,024.
    wide.fill(0, 1001 * 20, 1002 * 20);
    wide[1001 * 20 + 19] = 1;
    const short = await packVectors(wide, 20, plainProduct);
    expect(short.size).toBe(5);
    const lone = row(short.vectors, 5, 1001);
    expect(dot(lone, lone)).toBeCloseTo(1, 6);
  });

  it('are the given vectors where all directions are used', async () => {
    const { vectors, size } = madeFaces(new Array(500).fill(1), { size: 16 });
    const same = await packVectors(vectors as Float32Array<ArrayBuffer>, size, plainProduct);
    expect(same.vectors).toBe(vectors);
    expect(same.size).toBe(16);
  });
});
