import type { Calibration } from '../contract/calibration.ts';
import { cohortOf, crowding } from './crowding.ts';
import { eachTile, TILE } from './tiles.ts';

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

/** Finds out how crowded it is around each face, and which other faces are nearest to it. */
export function surroundings(faces: Faces, { founder }: Calibration): Surroundings {
  const offsets = offsetsOf(faces, founder);
  const { vectors, size, photo } = faces;
  const n = photo.length;
  const nearest = new Int32Array(n * NEIGHBOURS).fill(-1);
  const similarities = new Float32Array(n * NEIGHBOURS).fill(-2);
  const offer = (row: number, other: number, value: number) => {
    const start = row * NEIGHBOURS;
    let at = start + NEIGHBOURS - 1;
    if (value <= similarities[at]!) return;
    for (; at > start && similarities[at - 1]! < value; at--) {
      similarities[at] = similarities[at - 1]!;
      nearest[at] = nearest[at - 1]!;
    }
    similarities[at] = value;
    nearest[at] = other;
  };
  eachTile(vectors, vectors, size, (tile, top, rows, left, columns) => {
    for (let r = 0; r < rows; r++) {
      const a = top + r;
      for (let c = top === left ? r + 1 : 0; c < columns; c++) {
        const b = left + c;
        if (photo[a] === photo[b]) continue;
        const value = tile[r * TILE + c]! - offsets[a]! - offsets[b]!;
        offer(a, b, value);
        offer(b, a, value);
      }
    }
  });
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
