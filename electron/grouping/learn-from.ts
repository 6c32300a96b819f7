import { evenly } from './rows.ts';

/** Faces that are learned from at most: pairs grow with their square, and more of them would tell little more. */
const MOST = 800;

/** Faces of one person at most. */
const OF_ONE = 40;

/**
 * The rows that a metric is learned from, in their order: evenly out of each person's, whole people, those with the most
 * faces first. Everybody, where that is not too many.
 *
 * @param people person of each row
 */
export function rowsToLearnFrom(people: ArrayLike<number>): number[] {
  const rows = Array.from({ length: people.length }, (_, row) => row);
  const byPerson = [...Map.groupBy(rows, (row) => people[row]!).values()]
    .map((own) => evenly(own, OF_ONE))
    .sort((a, b) => b.length - a.length || a[0]! - b[0]!);
  const chosen: number[] = [];
  for (const own of byPerson) {
    if (chosen.length + own.length > MOST) continue;
    chosen.push(...own);
  }
  return chosen.sort((a, b) => a - b);
}
