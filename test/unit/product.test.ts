import { expect, it } from 'vitest';
import { plainProduct } from '../../electron/grouping/product.ts';
import { dot } from '../../electron/grouping/similarity.ts';
import { openProduct } from '../../electron/service/matrix.ts';
import { madeFaces } from '../fixtures/embeddings.ts';

it.each([
  [1, 1, 3],
  [70, 131, 128],
  [64, 64, 512],
])('multiplies %i by %i rows of %i numbers as one after the other would', async (n, m, size) => {
  const { vectors } = madeFaces(new Array<number>(n + m).fill(1), { size });
  const [ones, others] = [vectors.slice(0, n * size), vectors.slice(n * size)];
  const fast = await openProduct();
  const both = [await plainProduct(ones, others, size), await fast(ones, others, size)];
  await fast.release();
  for (const { dots: product, most } of both) {
    expect(product).toHaveLength(n * m);
    expect(most).toHaveLength(n);
    most.forEach((highest, i) => {
      expect(highest).toBe(Math.max(...product.subarray(i * m, (i + 1) * m)));
    });
    for (const [i, j] of [
      [0, 0],
      [n - 1, m - 1],
      [n >> 1, m >> 1],
      [n - 1, 0],
    ] as const) {
      const row = (set: Float32Array, at: number) => set.subarray(at * size, (at + 1) * size);
      expect(product[i * m + j]).toBeCloseTo(dot(row(ones, i), row(others, j)), 5);
    }
  }
});

it('multiplies a set with itself whole', async () => {
  const { vectors } = madeFaces([3, 70], { size: 8 });
  const { dots: product } = await plainProduct(vectors, vectors, 8);
  for (let i = 0; i < 73; i++) expect(product[i * 73]).toBeCloseTo(product[i]!, 6);
});
