import type { Calibration } from '../contract/calibration.ts';
import { cohortOf, crowding } from './crowding.ts';
import { type Product, plainProduct } from './product.ts';

/** Neighbours kept for each face. */
export const NEIGHBOURS = 10;

/** Faces as matching sees them, one row each. */
export interface Faces {
  /** n × size, packed row by row, each L2-normalised, all by one encoder. */
  vectors: Float32Array;
  size: number;
  /** Photo of each face; any numbers. */
  photo: Int32Array;
  /** Group of each face; 0: none. */
  group: Int32Array;
  /** Quality of each face, 0..1. */
  quality: Float32Array;
}

/** What lies around each face, whoever is named. */
export interface Surroundings {
  /** What each face takes off its dot products: more where it is crowded; see crowding.ts. */
  offsets: Float64Array;
  /** n × {@link NEIGHBOURS}: rows of the most similar faces on other photos, the nearest first; −1: none. */
  nearest: Int32Array;
  /** Their similarities: dot − offset − offset. */
  similarities: Float32Array;
}

/** Rows that are multiplied at once: 4 MB of products, and enough work to be worth handing over. */
const BLOCK = 1024;

/**
 * Finds out how crowded it is around each face, and which other faces are nearest to it: every pair is looked at, a
 * block of rows at a time.
 *
 * @param product multiplies the blocks; in plain TypeScript when left out, which is right for some thousand faces
 */
export async function surroundings(
  faces: Faces,
  { founder }: Calibration,
  product: Product = plainProduct,
): Promise<Surroundings> {
  const offsets = offsetsOf(faces, founder);
  const { vectors, size, photo } = faces;
  const n = photo.length;
  const nearest = new Int32Array(n * NEIGHBOURS).fill(-1);
  const similarities = new Float32Array(n * NEIGHBOURS).fill(-2);
  const offer = (row: number, other: number, value: number) => {
    const start = row * NEIGHBOURS;
    let at = start + NEIGHBOURS - 1;
    for (; at > start && similarities[at - 1]! < value; at--) {
      similarities[at] = similarities[at - 1]!;
      nearest[at] = nearest[at - 1]!;
    }
    similarities[at] = value;
    nearest[at] = other;
  };
  const block = (from: number) => vectors.subarray(from * size, Math.min(from + BLOCK, n) * size);
  for (let top = 0; top < n; top += BLOCK) {
    for (let left = top; left < n; left += BLOCK) {
      const columns = Math.min(BLOCK, n - left);
      const dots = await product(block(top), block(left), size);
      for (let a = top; a < Math.min(top + BLOCK, n); a++) {
        const least = a * NEIGHBOURS + NEIGHBOURS - 1;
        const line = (a - top) * columns - left;
        for (let b = left === top ? a + 1 : left; b < left + columns; b++) {
          const value = dots[line + b]! - offsets[a]! - offsets[b]!;
          const forA = value > similarities[least]!;
          const forB = value > similarities[b * NEIGHBOURS + NEIGHBOURS - 1]!;
          if ((!forA && !forB) || photo[a] === photo[b]) continue;
          if (forA) offer(a, b, value);
          if (forB) offer(b, a, value);
        }
      }
    }
  }
  return { offsets, nearest, similarities };
}

/** Crowding of each face against the groups that there are, as the difference from the mean of all. */
function offsetsOf({ vectors, size, group, quality }: Faces, founder: number): Float64Array {
  const n = group.length;
  if (n === 0) return new Float64Array(0);
  // A face that is alone counts as a group of its own.
  const owner = Int32Array.from(group, (id, row) => (id > 0 ? -id : row));
  const { means, own } = cohortOf(vectors, size, owner);
  const crowded = crowding(vectors, size, own, { means, own });
  let sum = 0;
  let good = 0;
  for (let row = 0; row < n; row++) {
    if (!(quality[row]! >= founder)) continue;
    sum += crowded[row]!;
    good++;
  }
  const mean = good > 0 ? sum / good : 0;
  return crowded.map((value) => value - mean);
}
