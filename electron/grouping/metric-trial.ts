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

/** Faces that a hand has named, for learning and for judging what was learned. */
export interface Confirmed extends Labelled {
  /** Quality of each face, 0..1. */
  quality: ArrayLike<number>;
}

/** How well a metric does on held-out pairs, and what its distances mean there, fitted on them. */
export interface MeasuredMetric extends MetricFigures {
  evidence: Evidence;
}

/** What came of learning. */
export interface MetricTrial {
  /** Pairs that were judged, by each metric. */
  genuine: number;
  impostor: number;
  before: MeasuredMetric;
  after: MeasuredMetric;
  /** Doubt that the learned metric takes away. */
  gain: Gain;
  /**
   * How much nearer the nearest impostors lie under the learned metric, 0 or below: by so much the encoder's calibration is
   * to be moved (see self-calibrate.ts), for its promises hang on them. It is never moved outwards: what is promised of
   * sure names shall not hang on few labels. Triplet loss leaves the calibration where it is, contrastive loss draws
   * everything together, impostors too (npm run eval -- learn).
   */
  shift: number;
  adopted: boolean;
  reason: Learning['reason'];
  /** Trained on everybody; what is used where it is adopted. */
  projection: Projection;
  /** Loss of each step of that training. */
  curve: number[];
  /** Distances of all judged pairs. */
  distances: { before: DistanceCounts; after: DistanceCounts };
}

/** Width of a bin of distances. */
const STEP = 0.02;

/** With more doubt than this left, faces of one name are not like each other: the names are what is wrong. */
const MOST_CLLR_SHARE = 0.5;

/** Share of that distance by which a calibration is moved at most. */
const MOST_SHIFT = 0.1;

/**
 * Share of the doubt that must be gone. Pairs are told apart a little better with less, but people are found no better:
 * what matching adds to single pairs (several examples, groups, chains) is worth more than that (npm run eval -- learn).
 */
const WORTH_IT = 0.05;

/**
 * Learns a metric and judges it on faces that it was not trained on: five times on four fifths of the faces and people,
 * then on everybody for use. It is adopted where it takes doubt away by more than chance (the interval over people lies
 * above 0) and enough of it to matter, and accepts no fewer genuine pairs at a false accept rate of 1 %.
 *
 * Either metric is given the scale that suits it before doubt is counted. By the encoder's own calibration a metric
 * that only draws everything together would win wherever labels are wrong: it is punished less for them.
 *
 * @param doubt how much a poor face takes off the evidence, as the encoder's calibration has it
 */
export function tryMetric(
  confirmed: Confirmed,
  loss: LossName,
  { doubt }: Pick<Evidence, 'doubt'>,
): MetricTrial {
  const { vectors, size, quality } = confirmed;
  const people = numbered(confirmed.people);
  const folds = foldsOf(people);
  const learned = Array.from({ length: folds.count }, (_, fold) => {
    const rows = folds.training(fold);
    const some = { vectors: pickRows(vectors, size, rows), size, people: rows.map((row) => people[row]!) };
    return project(vectors, learn(some, loss).projection);
  });
  const pairs = pairsOf(people);
  const judged = (metric: (a: number, b: number) => Float32Array): JudgedPairs => ({
    distance: Float64Array.from(pairs, ([a, b]) => distanceOf(dotOf(metric(a, b), size, a, b))),
    quality: Float64Array.from(pairs, ([a, b]) => Math.min(quality[a]!, quality[b]!)),
    genuine: Uint8Array.from(pairs, ([a, b]) => Number(people[a] === people[b])),
  });
  const frozen = judgement(
    judged(() => vectors),
    doubt,
  );
  const trained = judgement(
    judged((a, b) => learned[folds.judging(a, b)]!),
    doubt,
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

function judgement(
  pairs: JudgedPairs,
  doubt: number,
): { figures: MeasuredMetric; costs: Float64Array; trials: Trial[] } {
  const evidence = fitEvidence(pairs, { doubt });
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
  if (Math.min(before.doubt, after.doubt) > MOST_CLLR_SHARE) return 'labels-disagree';
  if (!(low > 0 && mean >= WORTH_IT * before.doubt)) return 'not-better';
  return after.tarAtFar['0.01'] < before.tarAtFar['0.01'] ? 'fewer-accepted' : 'better';
}

function shiftOf(before: readonly Trial[], after: readonly Trial[]): number {
  const [from, to] = [nearImpostor(before), nearImpostor(after)];
  return Math.max(Math.min(0, to - from), -MOST_SHIFT * from);
}

/** Distance that one impostor pair in a thousand is within. */
function nearImpostor(trials: readonly Trial[]): number {
  const impostors = trials.filter(({ genuine }) => !genuine).map(({ distance }) => distance);
  return impostors.sort((a, b) => a - b)[Math.floor(impostors.length / 1000)] ?? 0;
}

function pairsOf(people: readonly number[]): [number, number][] {
  return people.flatMap((_, a) => people.slice(a + 1).map((__, at): [number, number] => [a, a + 1 + at]));
}

/** Any numbers as numbers from 0, in the order of their first rows. */
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
