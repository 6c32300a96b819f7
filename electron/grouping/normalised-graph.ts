import type { Calibration } from '../contract/calibration.ts';
import { type CatalogCohort, catalogOffsets } from './catalog-cohort.ts';
import { NEIGHBOURS_PER_FACE } from './constants.ts';
import { type KnnGraph, knnGraph as nearestOf } from './knn-graph.ts';
import { type Product, plainProduct } from './product.ts';
import { cohortOf, normalisationOffsets } from './score-normalisation.ts';
import { insertRanked } from './top-k.ts';

/** The faces that are matched, one row each. */
export interface Faces {
  /** n × size, packed row by row, each L2-normalised, all by one encoder. */
  vectors: Float32Array;
  size: number;
  /** Photo of each face; any numbers. */
  photo: Int32Array;
  /** Id of each face's group in the record, which is its cluster here; 0: none. */
  group: Int32Array;
  /** Quality of each face, 0..1. */
  quality: Float32Array;
  /** Probability that each face is a child's, 0..1; left out, none is. */
  childhood?: Float32Array;
}

/** The k-NN graph after score normalisation. It does not depend on labels. */
export interface NormalisedGraph {
  /** Normalisation offset of each face, which is subtracted from its dot products; see score-normalisation.ts. */
  offsets: Float64Array;
  /** n × {@link NEIGHBOURS_PER_FACE}: the nearest faces on other photos, the most similar first; −1: none. */
  nearest: Int32Array;
  /** Their similarities: dot − offset − offset. */
  similarities: Float32Array;
}

/**
 * Computes each face's normalisation offset, and its nearest faces on other photos by normalised similarity.
 *
 * @param product multiplies blocks of vectors; in plain TypeScript when left out, which suits some thousand faces
 * @param lists the k-NN graph before normalisation, where it is known; computed otherwise
 * @param catalog the encoder's cohort; null where it has none
 */
export async function normalisedGraph(
  faces: Faces,
  { founder }: Calibration,
  product: Product = plainProduct,
  lists?: KnnGraph,
  catalog: CatalogCohort | null = null,
): Promise<NormalisedGraph> {
  const { vectors, size, photo } = faces;
  const offsets = await offsetsOf(faces, founder, product, catalog);
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

/**
 * Normalisation offset of each face against a cohort of all clusters, less the mean offset of the good faces, and with
 * what the catalog adds.
 */
async function offsetsOf(
  { vectors, size, group, quality }: Faces,
  founder: number,
  product: Product,
  catalog: CatalogCohort | null,
): Promise<Float64Array> {
  const n = group.length;
  if (n === 0) return new Float64Array(0);
  // A single face counts as a cluster of its own.
  const owner = Int32Array.from(group, (id, row) => (id > 0 ? -id : row));
  const { means, own } = cohortOf(vectors, size, owner);
  const offsets = await normalisationOffsets(vectors, size, own, { means, own }, product);
  const { each, all } = await catalogOffsets(vectors, size, means, catalog, product);
  for (let row = 0; row < n; row++) offsets[row]! += each[row]!;
  let sum = 0;
  let good = 0;
  for (let row = 0; row < n; row++) {
    if (!(quality[row]! >= founder)) continue;
    sum += offsets[row]!;
    good++;
  }
  const mean = good > 0 ? sum / good : 0;
  return offsets.map((value) => value - mean + all);
}
