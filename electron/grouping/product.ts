import { eachTile, TILE } from './tiles.ts';

/** All dot products of two packed sets of rows. Both arrays are used again by the next product. */
export interface Products {
  /** Entry i · m + j is that of row i of the one and row j of the other, m rows in the other. */
  dots: Float32Array;
  /** The highest of each row of the one: most rows of a block have nothing in it that anybody looks for. */
  most: Float32Array;
}

/** Multiplies two packed sets of rows of this size. */
export type Product = (ones: Float32Array, others: Float32Array, size: number) => Promise<Products>;

/** {@link Product} without any library. */
export const plainProduct: Product = async (ones, others, size) => {
  const columns = others.length / size;
  const dots = new Float32Array((ones.length / size) * columns);
  const most = new Float32Array(ones.length / size).fill(-2);
  // Of a set with itself tiles.ts gives half: a view of the same numbers is another set to it.
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
