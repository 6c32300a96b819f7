import type { Calibration } from '../contract/calibration.ts';
import { AGES_OF_GROWING_UP, DATE_DOUBT, ENOUGH_AGREEMENT, LOOK_DOUBT, YEARS_UNKNOWN } from './constants.ts';
import { evidencePerSimilarity } from './match-probability.ts';
import type { Faces } from './normalised-graph.ts';

const DAYS_PER_YEAR = 365.25;

/** Years for which a person looks like a child. */
const CHILDHOOD = (AGES_OF_GROWING_UP[0] + AGES_OF_GROWING_UP[1]) / 2;

/**
 * The day on which a person stopped looking like a child, as a distribution: the probability that it comes after each of
 * these days, which are in ascending order. Between two of them it falls evenly; before the first it is 1, after the last 0.
 */
export interface GrowingUp {
  /** Days since 1970. */
  days: Float64Array;
  later: Float64Array;
}

/** What is known of a person's times. */
export interface Life {
  /** Day of birth, in days since 1970; NaN where it is not known. */
  birth: number;
  /** When the person grew up; null where nothing tells. */
  growingUp: GrowingUp | null;
}

/** What a face's photo says of its time: the day, NaN where it is not known, and how likely the face is a child's, 0..1. */
interface Look {
  day: number;
  childhood: number;
}

/**
 * When a person grew up, as far as the examples, their days, and the day of birth tell.
 *
 * [Note: People grow up once] Nobody looks grown up first and like a child years later, and nobody is on a photo twenty years
 * before being a child. So photos' dates say who a face can be: neither a grown-up nor a child of 1990 is the child of 2015.
 * The model has one unknown, the day on which the person stopped looking like a child. Before any example is seen, every day
 * is as likely as another. Each day with examples is evidence, but not proof, since looks deceive. A scanned photo has the
 * date of its scan, so a contradiction never weighs more than {@link DATE_DOUBT} allows: such a face is not *sure*, and Kith
 * asks.
 *
 * @param examples rows
 * @param birth day of birth, NaN where it is not known
 * @returns null where nothing tells, or where the encoder's faces say nothing of ages
 */
export function growingUpOf(
  examples: readonly number[],
  faces: Pick<Faces, 'childhood'>,
  days: Float64Array,
  birth: number,
): GrowingUp | null {
  if (!faces.childhood) return null;
  const looks = looksByDay(examples, faces.childhood, days);
  if (looks.length === 0 && Number.isNaN(birth)) return null;
  const [before, after] = YEARS_UNKNOWN;
  const [youngest, oldest] = AGES_OF_GROWING_UP;
  const isBorn = !Number.isNaN(birth);
  const start = isBorn ? birth + youngest * DAYS_PER_YEAR : looks[0]!.day - before * DAYS_PER_YEAR;
  const end = isBorn ? birth + oldest * DAYS_PER_YEAR : looks.at(-1)!.day + after * DAYS_PER_YEAR;
  const within = (day: number) => Math.max(start, Math.min(day, end));
  const ends = Float64Array.from([start, ...looks.map(({ day }) => within(day)), end]);
  // Log-odds of each stretch between two ends: all looks before it are a child's, all after it a grown-up's.
  const odds = looks.map(({ childhood }) => {
    const share = LOOK_DOUBT + (1 - 2 * LOOK_DOUBT) * childhood;
    return Math.log(share / (1 - share));
  });
  let sum = 0;
  const evidence = [0, ...odds.map((value) => (sum += value))];
  // Without a day of birth, a single example is as likely a child's as a grown-up's, before anybody looks at it.
  const lengths = evidence.map((_, at) =>
    !isBorn && (at === 0 || at === looks.length) ? after * DAYS_PER_YEAR : ends[at + 1]! - ends[at]!,
  );
  const most = Math.max(...evidence.filter((_, at) => lengths[at]! > 0));
  const masses = evidence.map((value, at) => (lengths[at]! > 0 ? Math.exp(value - most) * lengths[at]! : 0));
  const all = masses.reduce((total, mass) => total + mass, 0);
  const later = new Float64Array(ends.length);
  for (let at = masses.length - 1; at >= 0; at--) later[at] = later[at + 1]! + masses[at]! / all;
  return { days: ends, later };
}

/** One look for each day with examples, in order: faces of one day are hardly more than one. */
function looksByDay(examples: readonly number[], childhood: Float32Array, days: Float64Array): Look[] {
  const dated = examples.filter((row) => !Number.isNaN(days[row]!));
  const byDay = Map.groupBy(dated, (row) => Math.floor(days[row]!));
  return [...byDay]
    .map(([day, rows]) => ({
      day,
      childhood: rows.reduce((total, row) => total + childhood[row]!, 0) / rows.length,
    }))
    .sort((a, b) => a.day - b.day);
}

/**
 * A face's similarity to a person, lowered by the evidence that the face looks too old, or too young, for its date. It is
 * never raised: most faces look as old as most people.
 *
 * @returns −2 before the person's birth
 */
export function onItsDay(score: number, face: Look, person: Life, calibration: Calibration): number {
  if (face.day < person.birth) return -2;
  if (person.growingUp === null || Number.isNaN(face.day) || score <= -2) return score;
  const grown = 1 - laterThan(person.growingUp, face.day);
  const child = 1 - grown - laterThan(person.growingUp, face.day + CHILDHOOD * DAYS_PER_YEAR);
  const look = LOOK_DOUBT + (1 - 2 * LOOK_DOUBT) * face.childhood;
  const agrees = Math.min(1, (child * look + grown * (1 - look)) / ENOUGH_AGREEMENT);
  if (agrees === 1) return score;
  const against = -Math.log(DATE_DOUBT + (1 - DATE_DOUBT) * agrees);
  return Math.fround(score - against / evidencePerSimilarity(calibration));
}

/** Probability that a person still looked like a child on a day, or was not born yet. */
function laterThan({ days, later }: GrowingUp, day: number): number {
  if (day <= days[0]!) return 1;
  if (day > days.at(-1)!) return 0;
  let [before, next] = [0, days.length - 1];
  while (next - before > 1) {
    const middle = (before + next) >> 1;
    if (days[middle]! < day) before = middle;
    else next = middle;
  }
  const [from, to] = [days[before]!, days[next]!];
  const share = to > from ? (day - from) / (to - from) : 1;
  return later[before]! + share * (later[next]! - later[before]!);
}
