/** Something that one answer settles, and whose it may be. */
export interface Askable {
  /** Faces. */
  faces: number;
  /** That they are the person's, 0..1. */
  probability: number;
}

/** What is asked at once, and what the answer is expected to bring. */
export interface Asked<T> {
  /** The one that is asked about; answering settles it, whoever it is. */
  first: T;
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
 * What to ask about one person: the unit that settles most, and as many others with it as raise what is settled for
 * each thing that somebody does. An answer is one such thing, and so is every touch that takes out a wrong one, so an
 * unlikely unit is asked about together with others only while there is nothing better to do.
 *
 * @param units may be that person's
 * @param most others at once: what a screen shows
 */
export function askAbout<T extends Askable>(units: readonly T[], most: number): Asked<T> | null {
  const ranked = units.toSorted((a, b) => b.probability - a.probability || b.faces - a.faces);
  const first = ranked
    .filter(({ probability }) => probability >= LIKELY)
    .reduce<T | null>((best, unit) => (best === null || unit.faces > best.faces ? unit : best), null);
  if (first === null) return lone(ranked);
  let asked: Asked<T> = { first, also: [], rate: first.faces, settles: first.faces };
  const also: T[] = [];
  let [brings, costs] = [0, 0];
  for (const unit of ranked) {
    if (unit === first) continue;
    if (also.length === most) break;
    also.push(unit);
    brings += unit.faces * unit.probability;
    costs += 1 - unit.probability;
    // Whoever says that the first is somebody else has said nothing of the others.
    const settles = first.faces + first.probability * brings;
    const rate = settles / (1 + first.probability * costs);
    if (rate > asked.rate) asked = { first, also: [...also], rate, settles };
  }
  return asked;
}

/** Where no unit is likely: the one of which most is expected. */
function lone<T extends Askable>(units: readonly T[]): Asked<T> | null {
  const expected = ({ faces, probability }: T) => faces * probability;
  const [first] = units.toSorted((a, b) => expected(b) - expected(a));
  return first ? { first, also: [], rate: expected(first), settles: expected(first) } : null;
}
