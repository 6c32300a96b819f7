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

/** Groups so far, as others see them. */
export interface Cohort {
  /** Mean vector of each chosen group, packed. */
  means: Float32Array;
  /** For each row its group's place among the chosen, −1 where it isn't. */
  own: Int32Array;
}

/**
 * How crowded it is around each face: some faces (blurred, dark, of a kind rare in training) lie near everybody's,
 * and a similarity that says much of one face says little of another. The measure is the mean similarity to the
 * nearest other groups, as adaptive score normalisation takes it in speaker verification (Matějka et al. 2017,
 * "Analysis of Score Normalization in Multilingual Speaker Recognition"), but over groups instead of faces, so that
 * a person with a thousand photos does not crowd himself out.
 *
 * @returns for each row of `vectors` what to take off its similarities: about 0 on average over a library, positive
 *   in a crowd; nearly 0 for all where there are few groups to tell from
 */
export async function normalisationOffsets(
  vectors: Float32Array,
  size: number,
  own: Int32Array,
  cohort: Cohort,
  product: Product,
): Promise<Float64Array> {
  const chosen = cohort.means.length / size;
  const near = Math.max(COHORT_LEAST_NEAREST, Math.round(chosen * COHORT_NEAREST_SHARE));
  const wanted = COHORT_SKIPPED + near;
  // One more than wanted must be there: a face's own group doesn't count.
  if (chosen <= wanted) return new Float64Array(own.length);
  const best = await nearestAmong(vectors, cohort.means, size, own, wanted, product);
  const believed = (NORMALISATION_STRENGTH * chosen) / (chosen + COHORT_HALF_WEIGHT);
  return Float64Array.from({ length: own.length }, (_, row) => {
    let sum = 0;
    for (let i = COHORT_SKIPPED; i < wanted; i++) sum += best[row * wanted + i]!;
    return (believed * sum) / near;
  });
}

/** Up to `most` groups, evenly out of all in the order of their numbers. */
export function cohortOf(vectors: Float32Array, size: number, owner: Int32Array, most = COHORT_SIZE): Cohort {
  const groups = [...new Set(owner)].sort((a, b) => a - b);
  const step = Math.max(1, groups.length / most);
  const places = new Map<number, number>();
  for (let at = 0; at < groups.length; at += step) places.set(groups[Math.floor(at)]!, places.size);
  const own = owner.map((group) => places.get(group) ?? -1);
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

/** Faces that are there beside those whose crowding is asked for. */
export interface OtherFaces {
  /** How many groups they are in. */
  groups: number;
  /** Mean vectors of up to {@link COHORT_SIZE} of these, packed. */
  means: Float32Array;
  /** Some of `count` faces: their vectors, packed, and the place of each one's group among the means, −1: it has none. */
  faces: { vectors: Float32Array; own: Int32Array; count: number };
}

const NOBODY: OtherFaces = {
  ...{
    groups: 0,
    means: new Float32Array(),
    faces: { vectors: new Float32Array(), own: new Int32Array(), count: 0 },
  },
};

/**
 * Crowding of faces among all that are there, as the difference from what the good ones have on average.
 *
 * @param all `owner`: group of each good face, which are the first rows; those after them are poor ones, and stand for
 *   nobody. `faces`: how many faces each row stands for
 */
export async function centredOffsets(
  all: { vectors: Float32Array; size: number; owner: Int32Array; faces: Int32Array },
  product: Product,
  others: OtherFaces = NOBODY,
): Promise<Float64Array> {
  const { vectors, size, owner } = all;
  const good = owner.length;
  const here = new Set(owner).size;
  const share = Math.min(1, COHORT_SIZE / (here + others.groups));
  const ours = cohortOf(vectors.subarray(0, good * size), size, owner, Math.max(1, share * here));
  const { means, at } = joined(ours.means, others.means, size);
  const own = new Int32Array(vectors.length / size).fill(-1);
  own.set(ours.own);
  const crowded = await normalisationOffsets(vectors, size, own, { means, own }, product);
  const some = others.faces;
  const places = some.own.map((place) => (place < 0 ? -1 : at[place]!));
  const beside = await normalisationOffsets(some.vectors, size, places, { means, own: places }, product);
  let sum = 0;
  let count = some.count;
  for (const value of beside) sum += (some.count / beside.length) * value;
  for (let row = 0; row < good; row++) {
    sum += all.faces[row]! * crowded[row]!;
    count += all.faces[row]!;
  }
  const mean = sum / Math.max(1, count);
  return crowded.map((value) => value - mean);
}

/** Up to {@link COHORT_SIZE} means: all of `ones`, and of the others as many as there is room for, evenly out of all. */
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
