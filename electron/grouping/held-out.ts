import { PRIOR } from './pair-cllr.ts';
import { random } from './random.ts';

/** Parts into which known faces, and known people, are divided. */
const FOLDS = 5;

/** Times that people are drawn anew to tell a gain from luck. */
const DRAWS = 1000;

/** Which faces are kept from the training of each fold. */
export interface Folds {
  count: number;
  /** Rows that a fold may train on. */
  training(fold: number): number[];
  /** The fold in which a pair of rows is judged: one whose training saw one of its faces at most. */
  judging(a: number, b: number): number;
}

/**
 * Divides known faces by person: each fold keeps a fifth of everybody's faces from training, as the faces that nobody
 * has named yet will be, and a fifth of the people whole, as strangers are. Each pair is judged once.
 *
 * @param people person of each row
 */
export function foldsOf(people: ArrayLike<number>): Folds {
  const rows = Array.from({ length: people.length }, (_, row) => row);
  const ofFace = new Int32Array(people.length);
  const ofPerson = new Int32Array(people.length);
  // A person's faces begin in the fold after their own, so that somebody with few faces is also judged as known.
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

/** How much better one metric did than another on the same pairs, and how sure that is. */
export interface Gain {
  mean: number;
  /** Between these two lies 95 % of what other people of the same kind would have given. */
  low: number;
  high: number;
}

/** What one pair lost under either metric. */
export interface PairedLoss {
  a: number;
  b: number;
  before: number;
  after: number;
}

/**
 * Gain with its interval by a paired bootstrap over people (Efron & Tibshirani 1993; two pairs that share a person are
 * not independent, so people are drawn and not pairs): a genuine pair counts as often as its person was drawn, an
 * impostor pair as often as both were. Percentiles of {@link DRAWS} draws.
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
    return weighed(cells, weights);
  })
    .filter((gain) => Number.isFinite(gain))
    .sort((a, b) => a - b);
  const at = (share: number) => drawn[Math.round(share * (drawn.length - 1))] ?? Number.NaN;
  return { mean: weighed(cells, new Float64Array(count).fill(1)), low: at(0.025), high: at(0.975) };
}

/** All pairs of the same two people: what they gained together, and how many there are. */
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

function weighed(cells: readonly Cell[], weights: Float64Array): number {
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
