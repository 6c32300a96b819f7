import {
  COHORT_HALF_WEIGHT,
  COHORT_LEAST_NEAREST,
  COHORT_NEAREST_SHARE,
  COHORT_SIZE,
  COHORT_SKIPPED,
  NORMALISATION_STRENGTH,
} from './constants.ts';
import type { Product } from './product.ts';
import { nearestAmong } from './similarity.ts';

/** The cohort of score normalisation: clusters whose similarity to a face says what is usual for that face. */
export interface Cohort {
  /** Mean vector of each cluster in the cohort, packed. */
  means: Float32Array;
  /** For each row the place of its own cluster in the cohort, −1 where it is not in it. */
  own: Int32Array;
}

/**
 * Normalisation offset of each face: a share of its mean similarity to the nearest clusters of the cohort that are not
 * its own. Some faces (blurred, dark, of a kind that is rare in training) are similar to many people, so the same
 * similarity says less about them. Speaker verification uses the same measure in adaptive score normalisation (Matějka
 * et al. 2017, "Analysis of Score Normalization in Multilingual Speaker Recognition"). Here the cohort has clusters
 * instead of single faces, so that a person with a thousand photos does not fill it.
 *
 * @returns for each row of `vectors` what to subtract from its similarities, in units of similarity: higher in a dense
 *   neighbourhood, nearly 0 for all where the cohort is small, 0 where it is too small
 */
export async function normalisationOffsets(
  vectors: Float32Array,
  size: number,
  own: Int32Array,
  cohort: Cohort,
  product: Product,
): Promise<Float64Array> {
  const clusters = cohort.means.length / size;
  const near = Math.max(COHORT_LEAST_NEAREST, Math.round(clusters * COHORT_NEAREST_SHARE));
  const wanted = COHORT_SKIPPED + near;
  // The cohort needs one cluster more than wanted, since a face's own does not count.
  if (clusters <= wanted) return new Float64Array(own.length);
  const best = await nearestAmong(vectors, cohort.means, size, own, wanted, product);
  const strength = (NORMALISATION_STRENGTH * clusters) / (clusters + COHORT_HALF_WEIGHT);
  return Float64Array.from({ length: own.length }, (_, row) => {
    let sum = 0;
    for (let i = COHORT_SKIPPED; i < wanted; i++) sum += best[row * wanted + i]!;
    return (strength * sum) / near;
  });
}

/**
 * A cohort of up to `most` clusters, evenly out of all in the order of their ids.
 *
 * @param owner cluster id of each row
 */
export function cohortOf(vectors: Float32Array, size: number, owner: Int32Array, most = COHORT_SIZE): Cohort {
  const clusters = [...new Set(owner)].sort((a, b) => a - b);
  const step = Math.max(1, clusters.length / most);
  const places = new Map<number, number>();
  for (let at = 0; at < clusters.length; at += step) places.set(clusters[Math.floor(at)]!, places.size);
  const own = owner.map((cluster) => places.get(cluster) ?? -1);
  const means = new Float32Array(places.size * size);
  const counts = new Int32Array(places.size);
  own.forEach((place, row) => {
    if (place < 0) return;
    counts[place]!++;
    for (let i = 0; i < size; i++) means[place * size + i]! += vectors[row * size + i]!;
  });
  for (let i = 0; i < means.length; i++) means[i]! /= counts[Math.floor(i / size)]!;
  return { means, own };
}

/** Faces of the library whose offsets are not wanted, but that belong to the cohort. */
export interface OtherFaces {
  /** Number of their clusters. */
  groups: number;
  /** Mean vectors of up to {@link COHORT_SIZE} of these clusters, packed. */
  means: Float32Array;
  /**
   * A sample of `count` faces: their vectors, packed, and the place of each one's cluster among the means, −1: none.
   */
  faces: { vectors: Float32Array; own: Int32Array; count: number };
}

const NO_OTHERS: OtherFaces = {
  groups: 0,
  means: new Float32Array(),
  faces: { vectors: new Float32Array(), own: new Int32Array(), count: 0 },
};

/**
 * Normalisation offsets of faces against a cohort of the whole library, less the mean offset of its good faces. So
 * offsets are 0 on average.
 *
 * @param all `owner`: cluster of each good face. Good faces are the first rows; the rows after them are poor faces,
 *   which are not in the cohort. `faces`: how many faces each row stands for
 */
export async function centredOffsets(
  all: { vectors: Float32Array; size: number; owner: Int32Array; faces: Int32Array },
  product: Product,
  others: OtherFaces = NO_OTHERS,
): Promise<Float64Array> {
  const { vectors, size, owner } = all;
  const good = owner.length;
  const here = new Set(owner).size;
  const share = Math.min(1, COHORT_SIZE / (here + others.groups));
  const ours = cohortOf(vectors.subarray(0, good * size), size, owner, Math.max(1, share * here));
  const { means, at } = joined(ours.means, others.means, size);
  const own = new Int32Array(vectors.length / size).fill(-1);
  own.set(ours.own);
  const offsets = await normalisationOffsets(vectors, size, own, { means, own }, product);
  const sample = others.faces;
  const places = sample.own.map((place) => (place < 0 ? -1 : at[place]!));
  const beside = await normalisationOffsets(sample.vectors, size, places, { means, own: places }, product);
  let sum = 0;
  let count = sample.count;
  for (const value of beside) sum += (sample.count / beside.length) * value;
  for (let row = 0; row < good; row++) {
    sum += all.faces[row]! * offsets[row]!;
    count += all.faces[row]!;
  }
  const mean = sum / Math.max(1, count);
  return offsets.map((value) => value - mean);
}

/**
 * Joins two cohorts into one of up to {@link COHORT_SIZE} clusters: all of `ones`, and as many of `others` as there is
 * room for, evenly out of all.
 *
 * @returns `at`: place of each of `others` in the joined cohort, −1: left out
 */
function joined(
  ones: Float32Array,
  others: Float32Array,
  size: number,
): { means: Float32Array; at: Int32Array } {
  const [here, beside] = [ones.length / size, others.length / size];
  const taken = Math.min(beside, Math.max(0, COHORT_SIZE - here));
  const means = new Float32Array((here + taken) * size);
  means.set(ones);
  const at = new Int32Array(beside).fill(-1);
  for (let i = 0; i < taken; i++) {
    const place = Math.floor((i * beside) / taken);
    at[place] = here + i;
    means.set(others.subarray(place * size, (place + 1) * size), (here + i) * size);
  }
  return { means, at };
}
