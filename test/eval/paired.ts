import { random } from '../fixtures/random.ts';
import type { PersonTally } from './trial.ts';

/** Times that people are drawn anew. */
const DRAWS = 1000;

/** Figures of one set of faces, each a share, 0..1. */
export const figures = {
  'rank-1': ({ first, probes }: PersonTally) => first / probes,
  DIR: ({ identified, probes }: PersonTally) => identified / probes,
  'sure, right': ({ right, wrong }: PersonTally) => right / Math.max(1, right + wrong),
  'sure, found': ({ right, probes }: PersonTally) => right / probes,
  'B-cubed': ({ precision, recall }: PersonTally) => (2 * precision * recall) / (precision + recall),
} as const;

export type Figure = keyof typeof figures;

/** What all people come to together. */
export function summed(people: readonly PersonTally[]): PersonTally {
  const sum: PersonTally = {
    ...{ probes: 0, first: 0, identified: 0, right: 0, wrong: 0 },
    ...{ precision: 0, recall: 0, faces: 0 },
  };
  for (const person of people) {
    for (const key of Object.keys(sum) as (keyof PersonTally)[]) sum[key] += person[key];
  }
  return { ...sum, precision: sum.precision / sum.faces, recall: sum.recall / sum.faces };
}

/**
 * How much a figure differs between two trials of the same people, with the interval that holds 95 % of what other people
 * drawn from them would give (Efron 1979, paired by person).
 */
export function difference(
  before: readonly PersonTally[],
  after: readonly PersonTally[],
  figure: Figure,
): { mean: number; low: number; high: number } {
  const next = random(1);
  const by = (one: readonly PersonTally[], two: readonly PersonTally[]) =>
    figures[figure](summed(two)) - figures[figure](summed(one));
  const draws = Array.from({ length: DRAWS }, () => {
    const chosen = before.map(() => Math.floor(next() * before.length));
    return by(
      chosen.map((at) => before[at]!),
      chosen.map((at) => after[at]!),
    );
  }).sort((a, b) => a - b);
  return {
    mean: by(before, after),
    low: draws[Math.floor(0.025 * DRAWS)]!,
    high: draws[Math.floor(0.975 * DRAWS)]!,
  };
}
