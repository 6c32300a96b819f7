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
  const rows = placesOf(free, ({ row }) => row);
  const people = placesOf(free, ({ person }) => person);
  // Log-odds above the lowest that an option can have, so that every option is worth more than no person.
  const lowest = least > 0 ? logOdds(least) : LEAST_ASSIGNED;
  const worth = Array.from(rows, () => new Array<number>(people.size).fill(0));
  const found = Array.from(rows, (): Candidate[] => []);
  for (const option of free) {
    const [at, place] = [rows.get(option.row)!, people.get(option.person)!];
    worth[at]![place] = Math.max(0, logOdds(option.probability) - lowest);
    found[at]![place] = option;
  }
  return assign(worth).flatMap((place, at) => (place < 0 ? [] : [found[at]![place]!]));
}

/** The place of each row, or of each person, in the order of the options. */
function placesOf(options: readonly Candidate[], of: (option: Candidate) => number): Map<number, number> {
  const places = new Map<number, number>();
  for (const option of options) if (!places.has(of(option))) places.set(of(option), places.size);
  return places;
}

function logOdds(probability: number): number {
  return Math.log(probability / (1 - probability));
}
