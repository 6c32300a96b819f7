import { assign } from './assign.ts';
import { LEAST_ASSIGNED } from './constants.ts';
import type { Candidate } from './match-probability.ts';

/**
 * Assigns the faces of one photo to people so that the sum of log-odds is highest and each person has one face at most.
 *
 * @param options candidates of each face, the best first
 * @param present people who have an example on the photo already, and so are no option
 * @param least lowest probability of an option
 */
export function assigned(
  options: readonly Candidate[],
  present: ReadonlySet<number> = new Set(),
  least: number,
): Candidate[] {
  const free = present.size === 0 ? options : options.filter(({ person }) => !present.has(person));
  if (free.every(({ row }) => row === free[0]!.row)) return free.slice(0, 1);
  const rows = [...new Set(free.map(({ row }) => row))];
  const people = [...new Set(free.map(({ person }) => person))];
  const found = new Map(free.map((option) => [`${option.row} ${option.person}`, option]));
  // Log-odds above the lowest that an option can have, so that every option is worth more than no person.
  const lowest = least > 0 ? logOdds(least) : LEAST_ASSIGNED;
  const worth = rows.map((row) =>
    people.map((person) => {
      const option = found.get(`${row} ${person}`);
      return option ? Math.max(0, logOdds(option.probability) - lowest) : 0;
    }),
  );
  return assign(worth).flatMap((person, at) =>
    person < 0 ? [] : [found.get(`${rows[at]} ${people[person]}`)!],
  );
}

function logOdds(probability: number): number {
  return Math.log(probability / (1 - probability));
}
