import { assign } from './assign.ts';
import { LEAST_ASSIGNED } from './constants.ts';
import type { Candidate } from './match-probability.ts';

/**
 * One photo's faces, each with the person who serves all of them best together.
 *
 * @param options whom each face may be; of a face that is alone the best first
 * @param present people who are on the photo already
 * @param least the least probability of an option
 */
export function assigned(
  options: readonly Candidate[],
  present: ReadonlySet<number> = new Set(),
  least: number,
): Candidate[] {
  const free = options.filter(({ person }) => !present.has(person));
  const rows = [...new Set(free.map(({ row }) => row))];
  if (rows.length <= 1) return free.slice(0, 1);
  const people = [...new Set(free.map(({ person }) => person))];
  const found = new Map(free.map((option) => [`${option.row} ${option.person}`, option]));
  // Log-odds, raised so far that everybody who is an option is worth something.
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
