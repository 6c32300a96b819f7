import type { Candidate } from './match-probability.ts';

/** A candidate by the person's own number. */
export type Match = Omit<Candidate, 'person'> & { key: number };

/** By falling probability. */
export function inOrder(a: Match, b: Match): number {
  return b.probability - a.probability || a.row - b.row;
}

/** Two lists in order as one. */
export function merged(ones: readonly Match[], others: readonly Match[]): Match[] {
  const all: Match[] = [];
  let at = 0;
  for (const one of ones) {
    while (at < others.length && inOrder(others[at]!, one) < 0) all.push(others[at++]!);
    all.push(one);
  }
  return [...all, ...others.slice(at)];
}
