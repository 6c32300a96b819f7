import { evenly } from './rows.ts';

/**
 * Faces that a metric is trained on, at most. Source: chosen by hand; the number of pairs grows with the square, and
 * more of them add little.
 */
const MOST_FACES = 800;

/** Faces of one person, at most. Source: chosen by hand. */
const MOST_PER_PERSON = 40;

/**
 * The rows that a metric is trained on, in ascending order: evenly out of each person's rows, the people with the most
 * faces first, as long as they fit into {@link MOST_FACES}. A person who does not fit is left out as a whole.
 *
 * @param people person of each row
 */
export function rowsToLearnFrom(people: ArrayLike<number>): number[] {
  const rows = Array.from({ length: people.length }, (_, row) => row);
  const byPerson = [...Map.groupBy(rows, (row) => people[row]!).values()]
    .map((own) => evenly(own, MOST_PER_PERSON))
    .sort((a, b) => b.length - a.length || a[0]! - b[0]!);
  const chosen: number[] = [];
  for (const own of byPerson) {
    if (chosen.length + own.length > MOST_FACES) continue;
    chosen.push(...own);
  }
  return chosen.sort((a, b) => a - b);
}
