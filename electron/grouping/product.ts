import { eachTile, TILE } from './tiles.ts';

/**
 * Dot products whose highest is known. Source: bound; speed only: where it is below a caller's bound, so many are passed over
 * at once. As many as a tile's rows, so that {@link plainProduct} has them at hand.
 */
export const SEGMENT = TILE;

/** All dot products of two packed sets of n and m rows. */
export interface Products {
  /** n × m: entry i · m + j is the dot product of row i of the first set and row j of the second. */
  dots: Float32Array;
  /** n × ⌈m / {@link SEGMENT}⌉: the highest dot product of row i of the first set with each segment of the second set's rows. */
  along: Float32Array;
  /**
   * ⌈n / {@link SEGMENT}⌉ × m: the highest dot product of each segment of the first set's rows with row j of the second; empty
   * where it was not asked for.
   */
  across: Float32Array;
}

/** Multiplies two packed sets of rows of length `size`. */
export type Product = (
  ones: Float32Array,
  others: Float32Array,
  size: number,
  wanted?: 'across',
) => Promise<Products>;

/** {@link Product} in plain TypeScript. */
export const plainProduct: Product = async (ones, others, size, wanted) => {
  const [n, m] = [ones.length / size, others.length / size];
  const dots = new Float32Array(n * m);
  // eachTile computes only half for a set with itself. A second view of the same numbers counts as another set.
  const seconds = ones === others ? others.subarray() : others;
  eachTile(ones, seconds, size, (tile, top, rows, left, width) => {
    for (let r = 0; r < rows; r++) {
      for (let c = 0; c < width; c++) dots[(top + r) * m + left + c] = tile[r * TILE + c]!;
    }
  });
  return { dots, along: highestAlong(dots, n, m), across: wanted ? highestAcross(dots, n, m) : NONE };
};

/** No products. */
export const NONE = new Float32Array();

/** The `along` of n × m dot products. */
export function highestAlong(dots: Float32Array, n: number, m: number): Float32Array<ArrayBuffer> {
  const segments = Math.ceil(m / SEGMENT);
  const along = new Float32Array(n * segments);
  for (let i = 0, at = 0, place = 0; i < n; i++) {
    for (const end = at + m; at < end; place++) {
      const next = Math.min(end, at + SEGMENT);
      let highest = -2;
      for (; at < next; at++) if (dots[at]! > highest) highest = dots[at]!;
      along[place] = highest;
    }
  }
  return along;
}

/** The `across` of n × m dot products. */
export function highestAcross(dots: Float32Array, n: number, m: number): Float32Array<ArrayBuffer> {
  const across = new Float32Array(Math.ceil(n / SEGMENT) * m).fill(-2);
  for (let i = 0, at = 0; i < n; i++) {
    const down = Math.floor(i / SEGMENT) * m;
    for (let j = 0; j < m; j++, at++) if (dots[at]! > across[down + j]!) across[down + j] = dots[at]!;
  }
  return across;
}
