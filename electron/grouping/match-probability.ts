import type { Calibration } from '../contract/calibration.ts';
import { qualityPenalty } from './calibrate.ts';
import {
  GALLERY_STEP,
  LEAST_STRANGERS,
  MARGIN_CAP,
  NEAR_LEAD,
  NEAR_STEEPNESS,
  PRIOR_FURTHER_FACES,
  PRIOR_PEOPLE,
  PRIOR_STRANGERS,
  TIE_STEEPNESS,
  WORST_SURE,
} from './constants.ts';

/** A face, and a person who it may be. */
export interface Candidate {
  row: number;
  person: number;
  /** Probability that the face is that person, 0..1. */
  probability: number;
  /** Similarity to the person. */
  score: number;
  /** Lead over the next person, in units of similarity. */
  margin: number;
  /** Lead over the most similar person who is near this one; null where there is none. See near-people.ts. */
  nearMargin: number | null;
  /** Whether the face is in a cluster with an example of the person. */
  isInCluster: boolean;
}

/** A person to whom a face is similar. */
export interface RankedPerson extends Pick<Candidate, 'person' | 'score' | 'isInCluster'> {
  /** Rows of the person's examples; the same array as long as they are the same. */
  examples: readonly number[];
}

/** How many faces a library has, and how many people, as far as clusters tell. */
interface Seen {
  faces: number;
  people: number;
}

/** @param group cluster of each face, 0: none */
export function seenIn(group: ArrayLike<number>): Seen {
  const groups = new Set<number>();
  let single = 0;
  for (let row = 0; row < group.length; row++) {
    if (group[row] === 0) single++;
    else groups.add(group[row]!);
  }
  return { faces: group.length, people: groups.size + single };
}

/**
 * How many people may be similar to a face by chance: faces of strangers for each face that a person with a name has
 * beside the labelled ones. Labels tell how many people have a name, and clusters how often people are seen. In a library
 * of a party, where everybody is seen once, hardly any face is of somebody with a name, however few faces there are.
 *
 * @param people how many have a name
 * @param labelled how many faces have a label
 */
export function effectiveGallerySize(people: number, labelled: number, seen: Seen): number {
  const further =
    (seen.faces - seen.people + PRIOR_PEOPLE * PRIOR_FURTHER_FACES) / (seen.people + PRIOR_PEOPLE);
  const open = seen.faces - labelled;
  const known = Math.max(0, people * (1 + further) - labelled);
  const strangers = Math.max(LEAST_STRANGERS * open, open - known) + PRIOR_STRANGERS;
  return Math.exp(GALLERY_STEP * Math.round(Math.log(strangers / further) / GALLERY_STEP));
}

/** How many faces have a label. */
export function countOf(labelled: Uint8Array): number {
  let count = 0;
  for (let row = 0; row < labelled.length; row++) count += labelled[row]!;
  return count;
}

/**
 * Probability, 0..1, that a face is a person. It is a logistic function of similarity and of the lead over the next
 * person. The more people there are, the likelier is one of them similar by chance: so the logarithm of their number is
 * subtracted. A face in a cluster with an example of the person gains evidence (`inCluster`), a poor face loses some ({@link
 * qualityPenalty}).
 *
 * @param face `margin`: lead over the next person; null where no other person has a name. Null counts as no lead, since
 *   people without a name may be as similar. `nearMargin`: lead over the most similar person who is near this one; null or
 *   absent where there is none. See [Note: Two near people] in near-people.ts. `childhood`: probability that it is a
 *   child's, 0..1
 * @param gallerySize see {@link effectiveGallerySize}
 */
export function matchProbability(
  face: Pick<Candidate, 'score' | 'isInCluster'> & {
    margin: number | null;
    nearMargin?: number | null;
    quality: number;
    childhood?: number;
  },
  gallerySize: number,
  calibration: Calibration,
): number {
  const { score, margin, nearMargin = null, isInCluster, quality, childhood = 0 } = face;
  const { intercept, slope, knee, lead, inCluster, child, gallery } = matchOf(calibration);
  const penalty = qualityPenalty(quality, calibration);
  const ahead = Math.max(-MARGIN_CAP, Math.min(margin ?? 0, MARGIN_CAP));
  const z =
    intercept +
    slope * score +
    knee.slope * Math.max(0, score - knee.from) +
    lead * ahead +
    (isInCluster ? inCluster : 0) -
    gallery * Math.log(gallerySize) -
    child * childhood -
    penalty;
  // At most one of two equally similar people is right. The fit can't show that: such ties are rare in its data, but
  // common among siblings.
  const tie = margin === null ? 1 : 1 / (1 + Math.exp(-TIE_STEEPNESS * (slope + knee.slope) * margin));
  const probability = tie / (1 + Math.exp(-z));
  return Math.min(probability, nearMargin === null ? 1 : (shareOfNear(nearMargin, calibration) ?? 1));
}

/**
 * Probability, 0..1, that a face is one of two near people rather than the other; null where its lead tells them apart. See
 * [Note: Two near people] in near-people.ts.
 *
 * @param lead over the other, in units of similarity
 */
export function shareOfNear(lead: number, calibration: Calibration): number | null {
  const { slope, knee } = matchOf(calibration);
  const ahead = (slope + knee.slope) * lead;
  return ahead < NEAR_LEAD ? 1 / (1 + Math.exp(-NEAR_STEEPNESS * ahead)) : null;
}

/** Similarity below which no face is this probable, whatever its lead, cluster and quality. */
export function leastScore(probability: number, gallerySize: number, calibration: Calibration): number {
  const { intercept, slope, knee, lead, inCluster, gallery } = matchOf(calibration);
  const most = Math.abs(lead) * MARGIN_CAP + Math.max(0, inCluster);
  const needed =
    Math.log(probability / (1 - probability)) - intercept - most + gallery * Math.log(gallerySize);
  const straight = needed / slope;
  const beyond = (needed + knee.slope * knee.from) / (slope + knee.slope);
  // 1e-6 less, since matchProbability adds up in another order and rounds differently.
  return (straight <= knee.from ? straight : beyond) - 1e-6;
}

/** Log-odds that one unit of similarity to a person is worth, below the knee. */
export function evidencePerSimilarity(calibration: Calibration): number {
  return matchOf(calibration).slope;
}

type Match = NonNullable<Calibration['match']>;

/** What similarity to a person means, with all that may be left out. */
function matchOf(calibration: Calibration): Whole {
  const known = wholes.get(calibration);
  if (known) return known;
  const { knee = NO_KNEE, child = 0, gallery = 1, ...rest } = calibration.match ?? fromPairs(calibration);
  const whole = { ...rest, knee, child, gallery };
  wholes.set(calibration, whole);
  return whole;
}

type Whole = { [of in keyof Match]-?: NonNullable<Match[of]> };

/** Several times for each face it is asked for. */
const wholes = new WeakMap<Calibration, Whole>();

const NO_KNEE = { from: 0, slope: 0 };

/**
 * Stands in where matching was never calibrated: the tangent to the evidence of pairs at the similarity where it is 0.
 */
function fromPairs({ intercept, slope }: Calibration): Match {
  const even = -intercept / slope;
  const steep = -slope / Math.max(even, 0.1);
  return { intercept: -steep * (1 - (even * even) / 2), slope: steep, lead: 0, inCluster: 0 };
}

/**
 * The candidates that are *sure*: the likeliest ones, as long as the expected share of wrong names among them
 * stays within 1 − `level`.
 *
 * @param candidates by falling probability
 * @param level least expected share of correct names, such as 0.999
 */
export function sureOf<T extends { probability: number }>(candidates: readonly T[], level: number): T[] {
  const sure: T[] = [];
  // No single name may be much likelier to be wrong than `level` allows for all.
  const least = 1 - WORST_SURE * (1 - level);
  let wrong = 0;
  for (const candidate of candidates) {
    wrong += 1 - candidate.probability;
    if (candidate.probability < least || wrong > (1 - level) * (sure.length + 1)) break;
    sure.push(candidate);
  }
  return sure;
}
