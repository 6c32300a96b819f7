/** Something that one answer settles, and whose it may be. */
export interface Askable {
  /** Faces. */
  faces: number;
  /** That they are the person's, 0..1. */
  probability: number;
}

/** What is asked at once, and what the answer is expected to bring. */
export interface Asked<T, F = T> {
  /** The one that is asked about; answering settles it, whoever it is. */
  first: F;
  /** Others that are asked about with it, the likeliest first; those that are not the person's are taken out one by one. */
  also: T[];
  /** Faces that are expected to be settled for each thing that a person has to do. */
  rate: number;
  /** Faces that are expected to be settled. */
  settles: number;
}

/** Below it one would rather be asked who it is than whether it is somebody. */
export const LIKELY = 0.5;

/**
 * What to ask about one person: the unit that settles most, and others with it.
 *
 * @param units may be that person's
 * @param most others at once: what a screen shows
 */
export function askAbout<T extends Askable>(units: readonly T[], most: number): Asked<T> | null {
  const likely = units.filter(({ probability }) => probability >= LIKELY);
  const [first] = likely.toSorted((a, b) => b.faces - a.faces || b.probability - a.probability);
  if (first === undefined) return lone(units);
  const others = units.filter((unit) => unit !== first);
  return askWith(first, first.probability, others, most);
}

/**
 * As many others beside the first as raise what is settled for each thing that somebody does. An answer is one such
 * thing, and so is every touch that takes out a wrong one, so that a unit comes along where what it is expected to settle
 * outweighs the touch: the best ratio of two sums, found as Dinkelbach does (1967), with at most so many in either.
 *
 * @param probability that what is said of the first holds for it
 * @param others how likely each is whoever the first is
 * @param most others at once
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
    let [brings, touches] = [0, 0];
    for (const unit of also) {
      brings += unit.faces * unit.probability;
      touches += 1 - unit.probability;
    }
    // Whoever says that the first is somebody else has said nothing of the others.
    const settles = first.faces + probability * brings;
    const rate = settles / (1 + probability * touches);
    if (rate <= asked.rate) return asked;
    asked = { first, also, rate, settles };
  }
}

/** Where no unit is likely: the one of which most is expected. */
function lone<T extends Askable>(units: readonly T[]): Asked<T> | null {
  const expected = ({ faces, probability }: T) => faces * probability;
  const [first] = units.toSorted((a, b) => expected(b) - expected(a));
  return first ? { first, also: [], rate: expected(first), settles: expected(first) } : null;
}
