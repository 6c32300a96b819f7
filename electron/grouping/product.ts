import { eachTile, TILE } from './tiles.ts';

/**
 * All dot products of two packed sets of rows: entry i · m + j is that of row i of the one and row j of the other,
 * m rows in the other.
 */
export type Product = (ones: Float32Array, others: Float32Array, size: number) => Promise<Float32Array>;

/** {@link Product} without any library. */
export const plainProduct: Product = async (ones, others, size) => {
  const columns = others.length / size;
  const products = new Float32Array((ones.length / size) * columns);
  // Of a set with itself tiles.ts gives half: a view of the same numbers is another set to it.
  const across = ones === others ? others.subarray() : others;
  eachTile(ones, across, size, (tile, top, rows, left, width) => {
    for (let r = 0; r < rows; r++) {
      for (let c = 0; c < width; c++) products[(top + r) * columns + left + c] = tile[r * TILE + c]!;
    }
  });
  return products;
};
