/** How well a partition of faces agrees with their people, each number 0..1. */
export interface Agreement {
  precision: number;
  recall: number;
  /** Harmonic mean of both. */
  f: number;
}

/**
 * B-cubed precision and recall (Bagga & Baldwin 1998). Precision of a face: the share of the faces in its cluster that
 * are its person. Recall: the share of its person's faces that are in its cluster. Both include the face itself; the
 * result is the mean over all faces.
 *
 * @param groups cluster of each face; −1: none
 * @param people person of each face
 * @throws RangeError when the two differ in length
 */
export function bCubed(groups: ArrayLike<number>, people: ArrayLike<number | string>): Agreement {
  const { cells, grouped, persons } = crossed(groups, people);
  let precision = 0;
  let recall = 0;
  for (const { group, person, count } of cells) {
    precision += (count * count) / grouped.get(group)!;
    recall += (count * count) / persons.get(person)!;
  }
  const n = groups.length || 1;
  return agreement(precision / n, recall / n);
}

/**
 * Precision and recall over pairs of faces. Precision: the share of the pairs in one cluster that are one person.
 * Recall: the share of the pairs of one person that are in one cluster. 1 where there is no such pair.
 *
 * @throws RangeError when the two differ in length
 */
export function pairwise(groups: ArrayLike<number>, people: ArrayLike<number | string>): Agreement {
  const { cells, grouped, persons } = crossed(groups, people);
  const pairs = (counts: Iterable<number>) => {
    let sum = 0;
    for (const count of counts) sum += (count * (count - 1)) / 2;
    return sum;
  };
  const right = pairs(cells.map(({ count }) => count));
  const together = pairs(grouped.values());
  const genuine = pairs(persons.values());
  return agreement(together ? right / together : 1, genuine ? right / genuine : 1);
}

type Person = number | string;

/** Number of faces in each cluster, of each person, and of each person in each cluster. */
function crossed(groups: ArrayLike<number>, people: ArrayLike<Person>) {
  if (groups.length !== people.length) {
    throw new RangeError(
      `Expected a person for each of ${groups.length} faces but received ${people.length}`,
    );
  }
  const table = new Map<number, Map<Person, number>>();
  const grouped = new Map<number, number>();
  const persons = new Map<Person, number>();
  for (let i = 0; i < groups.length; i++) {
    // A single face is a cluster of its own: −1 − i is not the number of any other.
    const group = groups[i]! < 0 ? -1 - i : groups[i]!;
    const person = people[i]!;
    grouped.set(group, (grouped.get(group) ?? 0) + 1);
    persons.set(person, (persons.get(person) ?? 0) + 1);
    const row = table.get(group) ?? new Map<Person, number>();
    table.set(group, row);
    row.set(person, (row.get(person) ?? 0) + 1);
  }
  const cells = [...table].flatMap(([group, row]) =>
    [...row].map(([person, count]) => ({ group, person, count })),
  );
  return { cells, grouped, persons };
}

function agreement(precision: number, recall: number): Agreement {
  const sum = precision + recall;
  return { precision, recall, f: sum > 0 ? (2 * precision * recall) / sum : 0 };
}
