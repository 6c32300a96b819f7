/** A unit of faces that one answer labels, such as a group. */
export interface Askable {
  /** Number of faces. */
  faces: number;
  /** Probability that they are the person, 0..1. */
  probability: number;
}

/** A question to the user, and how much the answer is expected to label. */
export interface Asked<T, F = T> {
  /** The unit that the question is about. Any answer labels it. */
  first: F;
  /** Units that are shown with it, the likeliest first. The user takes out one by one those that are another person. */
  also: T[];
  /** Faces that are expected to be labelled, for each action of the user. */
  rate: number;
  /** Faces that are expected to be labelled. */
  settles: number;
}

/**
 * Probability below which the question is "who is this?" instead of "is this Anna?". Source: bound; more likely than
 * not.
 */
export const LIKELY = 0.5;

/**
 * Chooses the question about one person: the likely unit with the most faces, and others with it.
 *
 * @param units that may be the person
 * @param most units beside the first, as many as a screen shows
 * @returns null where there is no unit
 */
export function askAbout<T extends Askable>(units: readonly T[], most: number): Asked<T> | null {
  const likely = units.filter(({ probability }) => probability >= LIKELY);
  const [first] = likely.toSorted((a, b) => b.faces - a.faces || b.probability - a.probability);
  if (first === undefined) return mostExpected(units);
  const others = units.filter((unit) => unit !== first);
  return askWith(first, first.probability, others, most);
}

/**
 * Adds to a question the units that raise the number of labelled faces for each action of the user. The answer is one
 * action; taking out a wrong unit is another. A unit is added where its expected faces outweigh the expected actions.
 * This maximises a ratio of two sums of at most `most` terms, by Dinkelbach's method (1967).
 *
 * @param probability that the answer to the question is yes
 * @param others with the probability that each is the same person as the first
 * @param most units beside the first
 */
export function askWith<F extends { faces: number }, T extends Askable>(
  first: F,
  probability: number,
  others: readonly T[],
  most: number,
): Asked<T, F> {
  let asked: Asked<T, F> = { first, also: [], rate: first.faces, settles: first.faces };
  for (;;) {
    const worth = (unit: T) => unit.faces * unit.probability - asked.rate * (1 - unit.probability);
    const also = others
      .filter((unit) => worth(unit) > 0)
      .toSorted((a, b) => worth(b) - worth(a))
      .slice(0, most)
      .toSorted((a, b) => b.probability - a.probability || b.faces - a.faces);
    let [labelled, removals] = [0, 0];
    for (const unit of also) {
      labelled += unit.faces * unit.probability;
      removals += 1 - unit.probability;
    }
    // A "no" about the first unit says nothing about the others.
    const settles = first.faces + probability * labelled;
    const rate = settles / (1 + probability * removals);
    if (rate <= asked.rate) return asked;
    asked = { first, also, rate, settles };
  }
}

/** Where no unit is likely: the unit with the most expected faces of the person. */
function mostExpected<T extends Askable>(units: readonly T[]): Asked<T> | null {
  const expected = ({ faces, probability }: T) => faces * probability;
  const [first] = units.toSorted((a, b) => expected(b) - expected(a));
  return first ? { first, also: [], rate: expected(first), settles: expected(first) } : null;
}
