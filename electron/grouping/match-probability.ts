import type { Calibration } from '../contract/calibration.ts';
import { qualityPenalty } from './calibrate.ts';
import { ENROLLED_SHARE, LEAST_GALLERY_SIZE, MARGIN_CAP, TIE_STEEPNESS, WORST_SURE } from './constants.ts';

/** A face, and whose it may be. */
export interface Candidate {
  row: number;
  person: number;
  /** That the face is that person's, 0..1. */
  probability: number;
  /** Similarity to the person, and how much less the next person has. */
  score: number;
  margin: number;
  /** Whether the face is in a group with an example of the person. */
  isInCluster: boolean;
}

/**
 * How many people a face may be like by chance. Whoever was named first is not the only one on the photos: all others
 * are there as well, in groups and alone, and count from the beginning.
 *
 * @param people how many have a name
 * @param group group of each face, 0: alone
 */
export function effectiveGallerySize(people: number, group: ArrayLike<number>): number {
  const groups = new Set<number>();
  let alone = 0;
  for (let row = 0; row < group.length; row++) {
    if (group[row] === 0) alone++;
    else groups.add(group[row]!);
  }
  return Math.max(people, ENROLLED_SHARE * (groups.size + alone), LEAST_GALLERY_SIZE);
}

/**
 * Log-odds from similarity and lead; the more people there are, the likelier is one to be similar by chance. A face that
 * grouping left out of a person's group has that against it, however similar it is.
 *
 * @param face `margin`: lead over the next person; null where nobody else has a name. That is no lead, for whoever has
 *   none is no less like the face.
 * @param among see {@link effectiveGallerySize}
 */
export function matchProbability(
  face: Pick<Candidate, 'score' | 'isInCluster'> & { margin: number | null; quality: number },
  among: number,
  calibration: Calibration,
): number {
  const { score, margin, isInCluster, quality } = face;
  const { intercept, slope, lead, mate } = calibration.match ?? fromPairs(calibration);
  const poor = qualityPenalty(quality, calibration);
  const ahead = Math.max(-MARGIN_CAP, Math.min(margin ?? 0, MARGIN_CAP));
  const z = intercept + slope * score + lead * ahead + (isInCluster ? mate : 0) - Math.log(among) - poor;
  // Of two people who are as similar at most one is right, which the line can't know: such ties are rare where it was
  // fitted, and are what siblings are. Steep enough that no right name on LFW is lost to it.
  const rather = margin === null ? 1 : 1 / (1 + Math.exp(-TIE_STEEPNESS * slope * margin));
  return rather / (1 + Math.exp(-z));
}

/** Similarity below which nobody is this probable, whatever else speaks for them. */
export function leastScore(probability: number, among: number, calibration: Calibration): number {
  const { intercept, slope, lead, mate } = calibration.match ?? fromPairs(calibration);
  const most = Math.abs(lead) * MARGIN_CAP + Math.max(0, mate);
  // A whisker less: what is beside it is worked out in another order.
  return (Math.log(probability / (1 - probability)) - intercept - most + Math.log(among)) / slope - 1e-6;
}

/** Where matching was never calibrated: the straight line that touches the evidence of pairs where it is 0. */
function fromPairs({ intercept, slope }: Calibration): NonNullable<Calibration['match']> {
  const even = -intercept / slope;
  const steep = -slope / Math.max(even, 0.1);
  return { intercept: -steep * (1 - (even * even) / 2), slope: steep, lead: 0, mate: 0 };
}

/**
 * The names that may be given at once: the likeliest ones, as long as the share of wrong ones among them is expected
 * to stay within what was allowed.
 *
 * @param level least expected share of right names, such as 0.999
 */
export function sureOf<T extends { probability: number }>(candidates: readonly T[], level: number): T[] {
  const sure: T[] = [];
  // No single name may be much worse than the whole promises.
  const least = 1 - WORST_SURE * (1 - level);
  let wrong = 0;
  for (const candidate of candidates) {
    wrong += 1 - candidate.probability;
    if (candidate.probability < least || wrong > (1 - level) * (sure.length + 1)) break;
    sure.push(candidate);
  }
  return sure;
}
