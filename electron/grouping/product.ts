import { eachTile, TILE } from './tiles.ts';

/** All dot products of two packed sets of rows. The next product overwrites both arrays. */
export interface Products {
  /** Entry i · m + j is the dot product of row i of the first set and row j of the second, which has m rows. */
  dots: Float32Array;
  /** The highest dot product of each row of the first set: a caller skips the row where this is below its bound. */
  most: Float32Array;
}

/** Multiplies two packed sets of rows of length `size`. */
export type Product = (ones: Float32Array, others: Float32Array, size: number) => Promise<Products>;

/** {@link Product} in plain TypeScript. */
export const plainProduct: Product = async (ones, others, size) => {
  const columns = others.length / size;
  const dots = new Float32Array((ones.length / size) * columns);
  const most = new Float32Array(ones.length / size).fill(-2);
  // eachTile computes only half for a set with itself. A second view of the same numbers counts as another set.
  const across = ones === others ? others.subarray() : others;
  eachTile(ones, across, size, (tile, top, rows, left, width) => {
    for (let r = 0; r < rows; r++) {
      for (let c = 0; c < width; c++) {
        const dot = tile[r * TILE + c]!;
        dots[(top + r) * columns + left + c] = dot;
        if (dot > most[top + r]!) most[top + r] = dot;
      }
    }
  });
  return { dots, most };
};
