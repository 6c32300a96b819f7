import { eachTile, TILE } from './tiles.ts';

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

/** Pairs of rows, one out of each set, ordered by tile. */
export interface Edges {
  a: Int32Array;
  b: Int32Array;
}

/** Rows packed one after the other, and what each takes off its similarities. */
export interface Rows {
  vectors: Float32Array;
  offsets: Float64Array;
}

/**
 * Every pair for which `dot − offset − offset` is at least `bound`: all of `ones` against all of `others`, or where
 * both are the same object each pair of its rows once, the lower row first.
 */
export function pairsAbove(ones: Rows, others: Rows, size: number, bound: number): Edges {
  let room = 1024;
  let count = 0;
  let a = new Int32Array(room);
  let b = new Int32Array(room);
  const same = ones === others;
  eachTile(ones.vectors, others.vectors, size, (tile, top, rows, left, columns) => {
    for (let r = 0; r < rows; r++) {
      const least = bound + ones.offsets[top + r]!;
      for (let c = same && top === left ? r + 1 : 0; c < columns; c++) {
        if (tile[r * TILE + c]! < least + others.offsets[left + c]!) continue;
        if (count === room) {
          room *= 2;
          a = grown(a, room);
          b = grown(b, room);
        }
        a[count] = top + r;
        b[count++] = left + c;
      }
    }
  });
  return { a: a.slice(0, count), b: b.slice(0, count) };
}

/**
 * Each row's highest dot products with the rows of a cohort, highest first; −1 where the cohort is too small.
 *
 * @param cohort m × size, packed row by row
 * @param own for each row the place in the cohort that doesn't count for it; −1: all count
 * @param count how many are wanted
 * @returns n × count, packed
 */
export function nearestAmong(
  vectors: Float32Array,
  cohort: Float32Array,
  size: number,
  own: Int32Array,
  count: number,
): Float32Array {
  const best = new Float32Array((vectors.length / size) * count).fill(-1);
  const offer = (row: number, value: number) => {
    const start = row * count;
    let at = start + count - 1;
    if (value <= best[at]!) return;
    for (; at > start && best[at - 1]! < value; at--) best[at] = best[at - 1]!;
    best[at] = value;
  };
  eachTile(vectors, cohort, size, (tile, top, rows, left, columns) => {
    for (let r = 0; r < rows; r++) {
      for (let c = 0; c < columns; c++) {
        if (own[top + r] !== left + c) offer(top + r, tile[r * TILE + c]!);
      }
    }
  });
  return best;
}

function grown(from: Int32Array<ArrayBuffer>, room: number): Int32Array<ArrayBuffer> {
  const into = new Int32Array(room);
  into.set(from);
  return into;
}
