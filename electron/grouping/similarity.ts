import { type Product, type Products, SEGMENT } from './product.ts';

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

/** Pairs of rows: row `a[i]` of one set and row `b[i]` of another. */
export interface Edges {
  a: Int32Array;
  b: Int32Array;
}

/** Vectors packed row by row, and each row's normalisation offset, which is subtracted from its similarities. */
export interface OffsetRows {
  vectors: Float32Array;
  offsets: Float64Array;
  /** Number of faces that each row stands for; 1 where left out. */
  faces?: Int32Array | undefined;
}

/** Rows that are multiplied at once. Source: bound; speed only: a megabyte of products fits a core's second cache. */
const BLOCK = 512;

/** Calls `look` with the dot products of all rows of one set with all rows of another, a block at a time. */
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

/** All pairs of a row of `ones` and a row of `others` for which `dot − offset − offset` is at least `bound`. */
export async function pairsAbove(
  ones: OffsetRows,
  others: OffsetRows,
  size: number,
  bound: number,
  product: Product,
): Promise<Edges> {
  const a: number[] = [];
  const b: number[] = [];
  await eachBlock(ones.vectors, others.vectors, size, product, ({ dots, along }, top, left, columns) => {
    const off = others.offsets.subarray(left, left + columns);
    const segments = Math.ceil(columns / SEGMENT);
    const lowest = Array.from({ length: segments }, (_, segment) =>
      Math.min(...off.subarray(segment * SEGMENT, (segment + 1) * SEGMENT)),
    );
    along.forEach((highest, at) => {
      const r = Math.floor(at / segments);
      const segment = at - r * segments;
      const least = bound + ones.offsets[top + r]!;
      if (highest - lowest[segment]! < least) return;
      const end = Math.min(columns, (segment + 1) * SEGMENT);
      for (let c = segment * SEGMENT; c < end; c++) {
        if (dots[r * columns + c]! < least + off[c]!) continue;
        a.push(top + r);
        b.push(left + c);
      }
    });
  });
  return { a: Int32Array.from(a), b: Int32Array.from(b) };
}

/**
 * The highest dot products of each row with the rows of a cohort, the highest first; −1 where the cohort is too small.
 *
 * @param cohort m × size, packed row by row
 * @param own for each row the place of its own cluster in the cohort, which does not count; −1: all count
 * @param count number of dot products for each row
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
  await eachBlock(vectors, cohort, size, product, (products, top, left, columns) =>
    takeHighest(best, count, products, top, left, columns, own),
  );
  return best;
}

/** Keeps the highest of a block in the lists of its rows. Plain loops, outside of the asynchronous function: see `take` in knn-graph.ts. */
function takeHighest(
  best: Float32Array,
  count: number,
  { dots, along }: Products,
  top: number,
  left: number,
  columns: number,
  own: Int32Array,
): void {
  const segments = Math.ceil(columns / SEGMENT);
  const n = along.length / segments;
  for (let r = 0, place = 0; r < n; r++) {
    const start = (top + r) * count;
    const last = start + count - 1;
    const skipped = own[top + r]! - left;
    for (let segment = 0; segment < segments; segment++, place++) {
      if (along[place]! <= best[last]!) continue;
      const end = Math.min(columns, (segment + 1) * SEGMENT);
      for (let c = segment * SEGMENT; c < end; c++) {
        const value = dots[r * columns + c]!;
        if (value <= best[last]! || c === skipped) continue;
        let at = last;
        for (; at > start && best[at - 1]! < value; at--) best[at] = best[at - 1]!;
        best[at] = value;
      }
    }
  }
}
