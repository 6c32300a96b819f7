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
  /** Units that are offered with it, the likeliest first. The answer labels those of them that the user ticks. */
  also: T[];
  /** Faces that are expected to be labelled, for each action of the user. */
  rate: number;
}

/**
 * Probability below which the question is "who is this?" instead of "is this Anna?", and a unit is not offered with
 * another one. Source: bound; more likely than not.
 */
export const LIKELY = 0.5;

/**
 * Chooses the question about one person: the likely unit with the most faces, and others with it.
 *
 * @param units that may be the person
 * @param most units beside the first, as many as a screen shows
 * @param isOffered whether a unit may be offered with another one
 * @returns null where there is no unit
 */
export function askAbout<T extends Askable>(
  units: readonly T[],
  most: number,
  isOffered: (unit: T) => boolean = () => true,
): Asked<T> | null {
  const likely = units.filter(({ probability }) => probability >= LIKELY);
  const [first, ...others] = likely.toSorted((a, b) => b.faces - a.faces || b.probability - a.probability);
  return first === undefined
    ? mostExpected(units)
    : askWith(first, first.probability, others.filter(isOffered), most);
}

/**
 * Offers with a question those units of which most faces are expected. The answer is one action; ticking an offer is
 * another, ticking all of them is one, and so is taking a tick away again. That is never more than asking about each by
 * itself, so all are offered that there is room for. The rate is that of the best choice: the user may as well leave the
 * smaller ones for later.
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
  const offers = others.toSorted((a, b) => expected(b) - expected(a)).slice(0, most);
  let [rate, labelled] = [first.faces, first.faces];
  for (const [at, offer] of offers.entries()) {
    // A "no" about the first unit says nothing about the others.
    labelled += probability * expected(offer);
    rate = Math.max(rate, labelled / (1 + probability * ticksFor(offers.slice(0, at + 1))));
  }
  const also = offers.toSorted((a, b) => b.probability - a.probability || b.faces - a.faces);
  return { first, also, rate };
}

/**
 * How many actions it takes on average to tick the right ones of some offers: one for each, or, where that is fewer, one
 * for all of them and one for each wrong one. Exact where the offers are right independently of each other.
 */
function ticksFor(offers: readonly Askable[]): number {
  // At n: the probability that n offers are right.
  let right = [1];
  for (const { probability } of offers) {
    right = [...right, 0].map((chance, n) => chance * (1 - probability) + (right[n - 1] ?? 0) * probability);
  }
  return right.reduce((sum, chance, n) => sum + chance * Math.min(n, 1 + offers.length - n), 0);
}

function expected({ faces, probability }: Askable): number {
  return faces * probability;
}

/** Where no unit is likely: the unit with the most expected faces of the person. */
function mostExpected<T extends Askable>(units: readonly T[]): Asked<T> | null {
  const [first] = units.toSorted((a, b) => expected(b) - expected(a));
  return first ? { first, also: [], rate: expected(first) } : null;
}
