import { PRIOR } from './pair-cllr.ts';
import { random } from './random.ts';

/** Folds of the cross-validation. Source: convention. */
const FOLDS = 5;

/** Bootstrap draws. Source: convention. */
const DRAWS = 1000;

/** Folds of a cross-validation over faces and people. */
export interface Folds {
  count: number;
  /** Rows on which a fold trains. */
  training(fold: number): number[];
  /** The fold that tests a pair of rows: one whose training has at most one of the two faces. */
  judging(a: number, b: number): number;
}

/**
 * Divides labelled faces into folds. Each fold leaves out of its training a fifth of each person's faces, which stand
 * for faces without a label, and all faces of a fifth of the people, who stand for strangers. Each pair is tested once.
 *
 * @param people person of each row
 */
export function foldsOf(people: ArrayLike<number>): Folds {
  const rows = Array.from({ length: people.length }, (_, row) => row);
  const ofFace = new Int32Array(people.length);
  const ofPerson = new Int32Array(people.length);
  // A person's faces begin in the fold after the person's own, so that a person with few faces is also tested as known.
  [...Map.groupBy(rows, (row) => people[row]!).values()].forEach((own, person) => {
    own.forEach((row, place) => {
      ofPerson[row] = person % FOLDS;
      ofFace[row] = (person + 1 + place) % FOLDS;
    });
  });
  return {
    count: FOLDS,
    training: (fold) => rows.filter((row) => ofFace[row] !== fold && ofPerson[row] !== fold),
    judging: (a, b) => ofFace[(a + b) % 2 === 0 ? a : b]!,
  };
}

/** How much lower the loss of one metric is than that of another on the same pairs. */
export interface Gain {
  mean: number;
  /** The 95 % interval over people. */
  low: number;
  high: number;
}

/** The loss of one pair under each of two metrics. */
export interface PairedLoss {
  a: number;
  b: number;
  before: number;
  after: number;
}

/**
 * Gain with its interval by a paired bootstrap over people (Efron & Tibshirani 1993). It draws people and not pairs,
 * since two pairs that share a person are not independent. A genuine pair counts as many times as its person was drawn,
 * an impostor pair the product of both people's times. The interval has the percentiles of {@link DRAWS} draws.
 *
 * @param people person of `a` and `b`, numbered from 0
 */
export function gainOf(pairs: readonly PairedLoss[], people: ArrayLike<number>, seed = 1): Gain {
  const cells = cellsOf(pairs, people);
  const count = 1 + pairs.reduce((most, { a, b }) => Math.max(most, people[a]!, people[b]!), 0);
  const next = random(seed);
  const drawn = Array.from({ length: DRAWS }, () => {
    const weights = new Float64Array(count);
    for (let i = 0; i < count; i++) weights[Math.floor(next() * count)]!++;
    return weightedGain(cells, weights);
  })
    .filter((gain) => Number.isFinite(gain))
    .sort((a, b) => a - b);
  const at = (share: number) => drawn[Math.round(share * (drawn.length - 1))] ?? Number.NaN;
  return { mean: weightedGain(cells, new Float64Array(count).fill(1)), low: at(0.025), high: at(0.975) };
}

/** All pairs of the same two people: their total gain, and their number. */
interface Cell {
  a: number;
  b: number;
  gain: number;
  count: number;
}

function cellsOf(pairs: readonly PairedLoss[], people: ArrayLike<number>): Cell[] {
  const cells = new Map<string, Cell>();
  for (const { a, b, before, after } of pairs) {
    const [one, other] = [people[a]!, people[b]!].sort((p, q) => p - q) as [number, number];
    const key = `${one} ${other}`;
    const cell = cells.get(key) ?? { a: one, b: other, gain: 0, count: 0 };
    cell.gain += before - after;
    cell.count++;
    cells.set(key, cell);
  }
  return [...cells.values()];
}

/** Mean gain over genuine and impostor pairs, weighted by {@link PRIOR}. @param weights of each person */
function weightedGain(cells: readonly Cell[], weights: Float64Array): number {
  const genuine = { gain: 0, count: 0 };
  const impostor = { gain: 0, count: 0 };
  for (const { a, b, gain, count } of cells) {
    const kind = a === b ? genuine : impostor;
    const weight = a === b ? weights[a]! : weights[a]! * weights[b]!;
    kind.gain += weight * gain;
    kind.count += weight * count;
  }
  return (PRIOR * genuine.gain) / genuine.count + ((1 - PRIOR) * impostor.gain) / impostor.count;
}
