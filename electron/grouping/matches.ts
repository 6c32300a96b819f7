import type { Candidate } from './match-probability.ts';

/** A candidate, with the person's key instead of a number that changes with every label. */
export type Match = Omit<Candidate, 'person'> & { key: number };

/** A candidate as a match. It names each property, since V8 copies `...rest` slowly, and reads the copy slowly. */
export function asMatch(candidate: Candidate): Match {
  const { row, person, probability, score, margin, nearMargin, isInCluster } = candidate;
  return { row, key: person, probability, score, margin, nearMargin, isInCluster };
}

/** Compares by falling probability, then by row. */
export function inOrder(a: Match, b: Match): number {
  return b.probability - a.probability || a.row - b.row;
}

/**
 * Merges two lists that are each in order.
 *
 * @param isLeft whether a match of the first list stays
 */
export function merged(
  ones: readonly Match[],
  others: readonly Match[],
  isLeft: (match: Match) => boolean,
): Match[] {
  const all: Match[] = [];
  let at = 0;
  for (const one of ones) {
    if (!isLeft(one)) continue;
    while (at < others.length && inOrder(others[at]!, one) < 0) all.push(others[at++]!);
    all.push(one);
  }
  while (at < others.length) all.push(others[at++]!);
  return all;
}
