import { expect, it } from 'vitest';
import { plainProduct, SEGMENT } from '../../electron/grouping/product.ts';
import { dot } from '../../electron/grouping/similarity.ts';
import { openProduct } from '../../electron/service/matrix.ts';
import { madeFaces } from '../fixtures/embeddings.ts';

it.each([
  [1, 1, 3],
  [70, 131, 128],
  [3, 128, 16],
  [128, 192, 56],
  [64, 64, 512],
])('multiplies %i by %i rows of %i numbers as one after the other would', async (n, m, size) => {
  const { vectors } = madeFaces(new Array<number>(n + m).fill(1), { size });
  const [ones, others] = [vectors.slice(0, n * size), vectors.slice(n * size)];
  const fast = await openProduct();
  const both = [await plainProduct(ones, others, size, 'across'), await fast(ones, others, size, 'across')];
  await fast.release();
  for (const { dots: product, along, across } of both) {
    expect(product).toHaveLength(n * m);
    const [rows, columns] = [Math.ceil(n / SEGMENT), Math.ceil(m / SEGMENT)];
    const most = { along: new Array(n * columns).fill(-2), across: new Array(rows * m).fill(-2) };
    product.forEach((dot, at) => {
      const [i, j] = [Math.floor(at / m), at % m];
      const [right, down] = [Math.floor(j / SEGMENT), Math.floor(i / SEGMENT)];
      most.along[i * columns + right] = Math.max(most.along[i * columns + right], dot);
      most.across[down * m + j] = Math.max(most.across[down * m + j], dot);
    });
    expect([...along]).toEqual(most.along);
    expect([...across]).toEqual(most.across);
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
