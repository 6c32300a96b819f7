import type { Product } from './product.ts';
import { nearestAmong } from './similarity.ts';

/** Groups that stand for everybody else. More would cost time and change the third digit. */
const COHORT = 2000;

/** Share of the cohort that counts as near. */
const NEAR = 0.01;

/** At least so many near ones, since a mean of one or two is noise. */
const LEAST_NEAR = 5;

/** The nearest other groups are not counted: they may be the face's own person, not yet joined. */
const PASSED_OVER = 2;

/** With this many groups crowding is believed by half, with fewer by less. */
const HALF_BELIEVED = 100;

/** How much of a face's crowding counts against it: best on LFW between 0.35 and 0.65, where it hardly matters. */
const STRENGTH = 0.5;

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
export async function crowding(
  vectors: Float32Array,
  size: number,
  own: Int32Array,
  cohort: Cohort,
  product: Product,
): Promise<Float64Array> {
  const chosen = cohort.means.length / size;
  const near = Math.max(LEAST_NEAR, Math.round(chosen * NEAR));
  const wanted = PASSED_OVER + near;
  // One more than wanted must be there: a face's own group doesn't count.
  if (chosen <= wanted) return new Float64Array(own.length);
  const best = await nearestAmong(vectors, cohort.means, size, own, wanted, product);
  const believed = (STRENGTH * chosen) / (chosen + HALF_BELIEVED);
  return Float64Array.from({ length: own.length }, (_, row) => {
    let sum = 0;
    for (let i = PASSED_OVER; i < wanted; i++) sum += best[row * wanted + i]!;
    return (believed * sum) / near;
  });
}

/** Up to {@link COHORT} groups, evenly out of all in the order of their first rows. */
export function cohortOf(vectors: Float32Array, size: number, owner: Int32Array): Cohort {
  const groups = [...new Set(owner)].sort((a, b) => a - b);
  const step = Math.max(1, groups.length / COHORT);
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
