/** How well one partition repeats another, each number 0..1. */
export interface Agreement {
  precision: number;
  recall: number;
  /** Harmonic mean of both. */
  f: number;
}

/**
 * B-cubed precision and recall (Bagga & Baldwin 1998), each face counting the same: of the faces grouped with
 * it, how many are its person; of its person's faces, how many are grouped with it; itself included.
 *
 * @param groups group of each face; −1: alone
 * @param people who each face is
 * @throws RangeError when the two differ in length
 */
export function bCubed(groups: ArrayLike<number>, people: ArrayLike<number | string>): Agreement {
  const { together, grouped, persons } = crossed(groups, people);
  let precision = 0;
  let recall = 0;
  for (const { group, person, count } of together) {
    precision += (count * count) / grouped.get(group)!;
    recall += (count * count) / persons.get(person)!;
  }
  const n = groups.length || 1;
  return agreement(precision / n, recall / n);
}

/**
 * Precision and recall over all pairs of faces: of those in one group, how many are one person; of those that
 * are one person, how many share a group. With nothing to be wrong about a number is 1.
 *
 * @throws RangeError when the two differ in length
 */
export function pairwise(groups: ArrayLike<number>, people: ArrayLike<number | string>): Agreement {
  const { together, grouped, persons } = crossed(groups, people);
  const pairs = (counts: Iterable<number>) => {
    let sum = 0;
    for (const count of counts) sum += (count * (count - 1)) / 2;
    return sum;
  };
  const right = pairs(together.map(({ count }) => count));
  const said = pairs(grouped.values());
  const real = pairs(persons.values());
  return agreement(said ? right / said : 1, real ? right / real : 1);
}

type Person = number | string;

function crossed(groups: ArrayLike<number>, people: ArrayLike<Person>) {
  if (groups.length !== people.length) {
    throw new RangeError(
      `Expected a person for each of ${groups.length} faces but received ${people.length}`,
    );
  }
  const cells = new Map<number, Map<Person, number>>();
  const grouped = new Map<number, number>();
  const persons = new Map<Person, number>();
  for (let i = 0; i < groups.length; i++) {
    // A face that is alone is a group of its own: −1 − i is no group's number.
    const group = groups[i]! < 0 ? -1 - i : groups[i]!;
    const person = people[i]!;
    grouped.set(group, (grouped.get(group) ?? 0) + 1);
    persons.set(person, (persons.get(person) ?? 0) + 1);
    const row = cells.get(group) ?? new Map<Person, number>();
    cells.set(group, row);
    row.set(person, (row.get(person) ?? 0) + 1);
  }
  const together: { group: number; person: Person; count: number }[] = [];
  for (const [group, row] of cells) {
    for (const [person, count] of row) together.push({ group, person, count });
  }
  return { together, grouped, persons };
}

function agreement(precision: number, recall: number): Agreement {
  const sum = precision + recall;
  return { precision, recall, f: sum > 0 ? (2 * precision * recall) / sum : 0 };
}
