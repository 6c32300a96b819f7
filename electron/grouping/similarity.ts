import type { Product, Products } from './product.ts';

/** Dot product of two vectors of the same length; for L2-normalised ones the cosine, −1..1. */
export function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** The vector scaled to length 1; a vector of zeros stays as it is. */
export function normalise(vector: Float32Array): Float32Array {
  const length = Math.sqrt(dot(vector, vector));
  return length > 0 ? vector.map((value) => value / length) : vector.slice();
}

/** Euclidean distance, 0..2, of two unit vectors with this dot product. */
export function distanceOf(similarity: number): number {
  return Math.sqrt(Math.max(0, 2 - 2 * similarity));
}

/** Dot product of two unit vectors at this Euclidean distance (0..2): inverse of {@link distanceOf}. */
export function similarityOf(distance: number): number {
  return 1 - (distance * distance) / 2;
}

/** Pairs of rows, one out of each set. */
export interface Edges {
  a: Int32Array;
  b: Int32Array;
}

/** Rows packed one after the other, and what each takes off its similarities. */
export interface OffsetRows {
  vectors: Float32Array;
  offsets: Float64Array;
  /** Faces that each stands for; one where left out. */
  faces?: Int32Array | undefined;
}

/** Rows that are multiplied at once: a megabyte of products, which stays within a core's second cache. */
const BLOCK = 512;

/** Looks at the products of all rows of one set with all of another, a block at a time. */
async function eachBlock(
  ones: Float32Array,
  others: Float32Array,
  size: number,
  product: Product,
  look: (products: Products, top: number, left: number, columns: number) => void,
): Promise<void> {
  const [n, m] = [ones.length / size, others.length / size];
  for (let top = 0; top < n; top += BLOCK) {
    const rows = Math.min(BLOCK, n - top);
    for (let left = 0; left < m; left += BLOCK) {
      const columns = Math.min(BLOCK, m - left);
      const down = ones.subarray(top * size, (top + rows) * size);
      const across = others.subarray(left * size, (left + columns) * size);
      look(await product(down, across, size), top, left, columns);
    }
  }
}

/** Every pair of a row of `ones` and one of `others` for which `dot − offset − offset` is at least `bound`. */
export async function pairsAbove(
  ones: OffsetRows,
  others: OffsetRows,
  size: number,
  bound: number,
  product: Product,
): Promise<Edges> {
  const a: number[] = [];
  const b: number[] = [];
  await eachBlock(ones.vectors, others.vectors, size, product, ({ dots, most }, top, left, columns) => {
    const off = others.offsets.subarray(left, left + columns);
    const lowest = off.reduce((low, offset) => Math.min(low, offset), Number.POSITIVE_INFINITY);
    most.forEach((highest, r) => {
      const least = bound + ones.offsets[top + r]!;
      if (highest - lowest < least) return;
      for (let c = 0, place = r * columns; c < columns; c++, place++) {
        if (dots[place]! < least + off[c]!) continue;
        a.push(top + r);
        b.push(left + c);
      }
    });
  });
  return { a: Int32Array.from(a), b: Int32Array.from(b) };
}

/**
 * Each row's highest dot products with the rows of a cohort, highest first; −1 where the cohort is too small.
 *
 * @param cohort m × size, packed row by row
 * @param own for each row the place in the cohort that doesn't count for it; −1: all count
 * @param count how many are wanted
 * @returns n × count, packed
 */
export async function nearestAmong(
  vectors: Float32Array,
  cohort: Float32Array,
  size: number,
  own: Int32Array,
  count: number,
  product: Product,
): Promise<Float32Array> {
  const best = new Float32Array((vectors.length / size) * count).fill(-1);
  const offer = (row: number, value: number) => {
    const start = row * count;
    let at = start + count - 1;
    for (; at > start && best[at - 1]! < value; at--) best[at] = best[at - 1]!;
    best[at] = value;
  };
  await eachBlock(vectors, cohort, size, product, ({ dots, most }, top, left, columns) => {
    most.forEach((highest, r) => {
      const last = (top + r + 1) * count - 1;
      let least = best[last]!;
      if (highest <= least) return;
      const passed = r * columns + own[top + r]! - left;
      for (let place = r * columns, end = place + columns; place < end; place++) {
        const value = dots[place]!;
        if (value <= least || place === passed) continue;
        offer(top + r, value);
        least = best[last]!;
      }
    });
  });
  return best;
}
