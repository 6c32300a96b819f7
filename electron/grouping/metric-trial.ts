import type { Evidence } from './calibrate.ts';
import { foldsOf, type Gain, gainOf } from './held-out.ts';
import { gather, type Labelled, type LossName, learn } from './learn.ts';
import { doubts, fitEvidence, type JudgedPairs, meanDoubt } from './pair-doubt.ts';
import { type Projection, project } from './projection.ts';
import { distanceOf } from './similarity.ts';
import { type Trial, tarAtFar } from './verification.ts';

/** Faces that a hand has named, for learning and for judging what was learned. */
export interface Confirmed extends Labelled {
  /** Quality of each face, 0..1. */
  quality: ArrayLike<number>;
}

/** How well a metric does on pairs of which one face at least was kept from its training. */
export interface MetricFigures {
  /** What is not known of a pair, see {@link doubts}: 0 nothing, 1 as much as without any metric. */
  doubt: number;
  /** Share of genuine pairs accepted where that share of impostors is. */
  tarAtFar: { '0.001': number; '0.01': number };
  /** What its distances mean, fitted on these pairs. */
  evidence: Evidence;
}

/** What came of learning. */
export interface MetricTrial {
  /** Pairs that were judged, by each metric. */
  genuine: number;
  impostor: number;
  before: MetricFigures;
  after: MetricFigures;
  /** Doubt that the learned metric takes away. */
  gain: Gain;
  /**
   * How much nearer faces lie under the learned metric when they tell nothing, 0 or below: by so much the encoder's
   * calibration is to be moved (see self-calibrate.ts). It is never moved outwards: what is promised of sure names shall
   * not hang on few labels, and where the calibration stays, they hold (npm run eval -- learn).
   */
  shift: number;
  adopted: boolean;
  reason: 'better' | 'not-better' | 'fewer-accepted' | 'labels-disagree';
  /** Trained on everybody; what is used where it is adopted. */
  projection: Projection;
  /** Loss of each step of that training. */
  curve: number[];
  /** Every judged pair under both metrics, in the same order. */
  trials: { before: Trial[]; after: Trial[] };
}

/** With more doubt than this left, faces of one name are not like each other: the names are what is wrong. */
const MOST_DOUBT = 0.5;

/** Share of the distance at even odds by which that may move at most. */
const MOST_SHIFT = 0.1;

/**
 * Learns a metric and judges it on faces that it was not trained on: five times on four fifths of the faces and people,
 * then on everybody for use. It is adopted where it takes doubt away by more than chance (the interval over people lies
 * above 0) and accepts no fewer genuine pairs at a false accept rate of 1 %.
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
    const some = { vectors: gather(vectors, size, rows), size, people: rows.map((row) => people[row]!) };
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
    shift: shiftOf(before.evidence, after.evidence),
    adopted: reason === 'better',
    trials: { before: frozen.trials, after: trained.trials },
  };
}

function judgement(
  pairs: JudgedPairs,
  doubt: number,
): { figures: MetricFigures; costs: Float64Array; trials: Trial[] } {
  const evidence = fitEvidence(pairs, { doubt });
  const costs = doubts(pairs, evidence);
  const trials = Array.from(pairs.distance, (distance, i) => ({ distance, genuine: pairs.genuine[i] === 1 }));
  const figures: MetricFigures = {
    doubt: meanDoubt(costs, pairs),
    tarAtFar: { '0.001': tarAtFar(trials, 0.001), '0.01': tarAtFar(trials, 0.01) },
    evidence,
  };
  return { figures, costs, trials };
}

function reasonOf(before: MetricFigures, after: MetricFigures, { low }: Gain): MetricTrial['reason'] {
  if (Math.min(before.doubt, after.doubt) > MOST_DOUBT) return 'labels-disagree';
  if (!(low > 0)) return 'not-better';
  return after.tarAtFar['0.01'] < before.tarAtFar['0.01'] ? 'fewer-accepted' : 'better';
}

function shiftOf(before: Evidence, after: Evidence): number {
  const [from, to] = [before, after].map(({ intercept, slope }) => -intercept / slope) as [number, number];
  const shift = Math.min(0, to - from);
  return Number.isFinite(shift) ? Math.max(shift, -MOST_SHIFT * Math.abs(from)) : 0;
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
