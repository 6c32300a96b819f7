import type { Calibration } from '../contract/calibration.ts';
import { NEIGHBOURS_PER_FACE } from './constants.ts';
import { type KnnGraph, knnGraph as nearestOf } from './knn-graph.ts';
import { type Product, plainProduct } from './product.ts';
import { cohortOf, normalisationOffsets } from './score-normalisation.ts';
import { insertRanked } from './top-k.ts';

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
export interface NormalisedGraph {
  /** What each face takes off its dot products: more where it is crowded; see score-normalisation.ts. */
  offsets: Float64Array;
  /** n × {@link NEIGHBOURS_PER_FACE}: the nearest faces on other photos, the most similar first; −1: none. */
  nearest: Int32Array;
  /** Their similarities: dot − offset − offset. */
  similarities: Float32Array;
}

/**
 * Finds out how crowded it is around each face, and which faces on other photos are nearest to it with that taken off.
 *
 * @param product multiplies blocks of vectors; in plain TypeScript when left out, which is right for some thousand faces
 * @param lists the faces nearest to each, crowded or not, where they are known; found otherwise
 */
export async function normalisedGraph(
  faces: Faces,
  { founder }: Calibration,
  product: Product = plainProduct,
  lists?: KnnGraph,
): Promise<NormalisedGraph> {
  const { vectors, size, photo } = faces;
  const offsets = await offsetsOf(faces, founder, product);
  const { count, rows, dots } = lists ?? (await nearestOf(vectors, size, product));
  const n = photo.length;
  const nearest = new Int32Array(n * NEIGHBOURS_PER_FACE).fill(-1);
  const similarities = new Float32Array(n * NEIGHBOURS_PER_FACE).fill(-2);
  for (let row = 0; row < n; row++) {
    const first = row * NEIGHBOURS_PER_FACE;
    const last = first + NEIGHBOURS_PER_FACE - 1;
    for (let place = row * count; place < (row + 1) * count && rows[place]! >= 0; place++) {
      const other = rows[place]!;
      const similarity = dots[place]! - offsets[row]! - offsets[other]!;
      if (similarity <= similarities[last]! || photo[row] === photo[other]) continue;
      insertRanked(nearest, similarities, first, last, other, similarity);
    }
  }
  return { offsets, nearest, similarities };
}

/** Crowding of each face against the groups that there are, as the difference from the mean of all. */
async function offsetsOf(
  { vectors, size, group, quality }: Faces,
  founder: number,
  product: Product,
): Promise<Float64Array> {
  const n = group.length;
  if (n === 0) return new Float64Array(0);
  // A face that is alone counts as a group of its own.
  const owner = Int32Array.from(group, (id, row) => (id > 0 ? -id : row));
  const { means, own } = cohortOf(vectors, size, owner);
  const crowded = await normalisationOffsets(vectors, size, own, { means, own }, product);
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
