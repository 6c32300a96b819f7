import type { DistanceCounts } from '../contract/distances.ts';
import type { Learning, LossName, MetricFigures } from '../contract/learning.ts';
import type { Evidence } from './calibrate.ts';
import { countDistances } from './distances.ts';
import { foldsOf, type Gain, gainOf } from './held-out.ts';
import { type Labelled, learn } from './learn.ts';
import { cllr, fitEvidence, type JudgedPairs, pairCosts } from './pair-cllr.ts';
import { type Projection, project } from './projection.ts';
import { pickRows } from './rows.ts';
import { distanceOf } from './similarity.ts';
import { type Trial, tarAtFar } from './verification.ts';

/** Faces that the user labelled, for training a metric and for testing it. */
export interface Confirmed extends Labelled {
  /** Quality of each face, 0..1. */
  quality: ArrayLike<number>;
}

/** A metric's figures on held-out pairs, and the evidence that was fitted on these pairs. */
export interface MeasuredMetric extends MetricFigures {
  evidence: Evidence;
}

/** The result of training and testing a metric. */
export interface MetricTrial {
  /** Number of held-out pairs. */
  genuine: number;
  impostor: number;
  /** The frozen encoder, and the learned metric. */
  before: MeasuredMetric;
  after: MeasuredMetric;
  /** Cllr that the learned metric saves. */
  gain: Gain;
  /**
   * How much nearer the nearest impostors are under the learned metric, in units of distance, 0 or below. The encoder's
   * calibration is moved by as much (see self-calibrate.ts), since its precision depends on these pairs. It is never
   * moved outwards: few labels must not weaken the precision of *sure* names. Triplet loss leaves the calibration where
   * it is; contrastive loss brings all faces closer together, impostors too (`npm run eval -- learn`).
   */
  shift: number;
  /** Whether the learned metric is better, and is to be used. */
  adopted: boolean;
  reason: Learning['reason'];
  /** Trained on all faces, for use where it is adopted. */
  projection: Projection;
  /** Loss of each step of that training. */
  curve: number[];
  /** Distances of all held-out pairs. */
  distances: { before: DistanceCounts; after: DistanceCounts };
}

/** Width of a bin of distances, for display. Source: chosen by hand. */
const STEP = 0.02;

/**
 * Cllr above which the labels must be wrong: faces of one name are not similar. Source: chosen by hand.
 */
const MOST_CLLR = 0.5;

/** Share of the distance of the nearest impostors by which a calibration is moved at most. Source: chosen by hand. */
const MOST_SHIFT = 0.1;

/**
 * Share of the Cllr that a metric must save. With less, pairs are separated a little better, but people are not found
 * any better: what matching adds to single pairs (several examples, clusters, paths) gains more than that. Source:
 * `npm run eval -- learn`.
 */
const LEAST_GAIN_SHARE = 0.05;

/**
 * Trains a metric and tests it on faces that it was not trained on: five times on four fifths of the faces and people,
 * then on all faces for use. The metric is adopted where it saves Cllr by more than chance (the interval over people is
 * above 0) and by at least {@link LEAST_GAIN_SHARE}, and accepts no fewer genuine pairs at a false accept rate of 1 %.
 *
 * Each metric's evidence is fitted before Cllr is computed. With the encoder's own calibration, a metric that only
 * brings all faces closer together would win wherever labels are wrong, since wrong labels cost it less.
 *
 * @param qualitySlope evidence that a poor face loses, as the encoder's calibration has it
 */
export function tryMetric(
  confirmed: Confirmed,
  loss: LossName,
  { qualitySlope }: Pick<Evidence, 'qualitySlope'>,
): MetricTrial {
  const { vectors, size, quality } = confirmed;
  const people = numbered(confirmed.people);
  const folds = foldsOf(people);
  const learned = Array.from({ length: folds.count }, (_, fold) => {
    const rows = folds.training(fold);
    const training = {
      vectors: pickRows(vectors, size, rows),
      size,
      people: rows.map((row) => people[row]!),
    };
    return project(vectors, learn(training, loss).projection);
  });
  const pairs = pairsOf(people);
  const judged = (metric: (a: number, b: number) => Float32Array): JudgedPairs => ({
    distance: Float64Array.from(pairs, ([a, b]) => distanceOf(dotOf(metric(a, b), size, a, b))),
    quality: Float64Array.from(pairs, ([a, b]) => Math.min(quality[a]!, quality[b]!)),
    genuine: Uint8Array.from(pairs, ([a, b]) => Number(people[a] === people[b])),
  });
  const frozen = measured(
    judged(() => vectors),
    qualitySlope,
  );
  const trained = measured(
    judged((a, b) => learned[folds.judging(a, b)]!),
    qualitySlope,
  );
  const costs = pairs.map(([a, b], i) => ({ a, b, before: frozen.costs[i]!, after: trained.costs[i]! }));
  const gain = gainOf(costs, people);
  const [before, after] = [frozen.figures, trained.figures];
  const reason = reasonOf(before, after, gain);
  const genuine = frozen.trials.filter((trial) => trial.genuine).length;
  return {
    ...{ genuine, impostor: pairs.length - genuine, before, after, gain, reason },
    ...learn({ vectors, size, people }, loss),
    shift: shiftOf(frozen.trials, trained.trials),
    adopted: reason === 'better',
    distances: {
      before: countDistances(frozen.trials, STEP),
      after: countDistances(trained.trials, STEP),
    },
  };
}

/** Fits the evidence of a metric, and computes its figures. */
function measured(
  pairs: JudgedPairs,
  qualitySlope: number,
): { figures: MeasuredMetric; costs: Float64Array; trials: Trial[] } {
  const evidence = fitEvidence(pairs, { qualitySlope });
  const costs = pairCosts(pairs, evidence);
  const trials = Array.from(pairs.distance, (distance, i) => ({ distance, genuine: pairs.genuine[i] === 1 }));
  const figures: MeasuredMetric = {
    doubt: cllr(costs, pairs),
    tarAtFar: { '0.001': tarAtFar(trials, 0.001), '0.01': tarAtFar(trials, 0.01) },
    evidence,
  };
  return { figures, costs, trials };
}

function reasonOf(before: MetricFigures, after: MetricFigures, { mean, low }: Gain): MetricTrial['reason'] {
  if (Math.min(before.doubt, after.doubt) > MOST_CLLR) return 'labels-disagree';
  if (!(low > 0 && mean >= LEAST_GAIN_SHARE * before.doubt)) return 'not-better';
  return after.tarAtFar['0.01'] < before.tarAtFar['0.01'] ? 'fewer-accepted' : 'better';
}

/** See `shift` of {@link MetricTrial}. */
function shiftOf(before: readonly Trial[], after: readonly Trial[]): number {
  const [from, to] = [nearImpostor(before), nearImpostor(after)];
  return Math.max(Math.min(0, to - from), -MOST_SHIFT * from);
}

/** The distance within which one impostor pair in a thousand is. */
function nearImpostor(trials: readonly Trial[]): number {
  const impostors = trials.filter(({ genuine }) => !genuine).map(({ distance }) => distance);
  return impostors.sort((a, b) => a - b)[Math.floor(impostors.length / 1000)] ?? 0;
}

function pairsOf(people: readonly number[]): [number, number][] {
  return people.flatMap((_, a) => people.slice(a + 1).map((__, at): [number, number] => [a, a + 1 + at]));
}

/** Replaces people's ids by numbers from 0, in the order of their first rows. */
function numbered(people: ArrayLike<number>): number[] {
  const names = new Map<number, number>();
  return Array.from(people, (person) => {
    if (!names.has(person)) names.set(person, names.size);
    return names.get(person)!;
  });
}

function dotOf(vectors: Float32Array, size: number, a: number, b: number): number {
  let sum = 0;
  for (let i = 0, p = a * size, q = b * size; i < size; i++) sum += vectors[p + i]! * vectors[q + i]!;
  return sum;
}
