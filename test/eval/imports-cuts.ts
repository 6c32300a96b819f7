import { shuffled } from '../../electron/grouping/random.ts';
import { random } from '../fixtures/random.ts';

/** One picture of a source of imports. */
export interface Picture {
  /** Relative to the source's folder, `/` between its parts. */
  path: string;
  /** Who the picture is of; null where nobody knows. */
  person: string | null;
  /** Names a moment: a photo and its near copies share one. */
  moment: string;
  /** Local time, `YYYY-MM-DDTHH:MM:SS`; null where neither the plan nor the file says so. */
  taken: string | null;
  /** Whether it belongs to the stranger's album, which comes after the family's. */
  strange: boolean;
}

/** Moments of an event where no dates say which belong together. Chosen by hand: an outing's. */
export const MOMENTS_PER_EVENT = 6;

/** Photos that come one at a time, at most: each import is a scan of its own. */
export const SINGLE_PHOTOS = 150;

/** Each cut's randomness. Any would do: it is fixed so that a second run cuts alike. */
const SEED = 1;

/**
 * Ways in which people bring their photos into a library. Each gives at most as many imports as asked for, none of them
 * empty, and each picture is in exactly one.
 */
export const WAYS = {
  /** Folders that are sorted by person: all of one, then all of the next. */
  'by person': (pictures: readonly Picture[], imports: number): Picture[][] => {
    const people = Map.groupBy(pictures, ({ person, path }) => person ?? `nobody ${path}`);
    return cutAtBorders(shuffled([...people.values()], random(SEED)), imports);
  },
  /** Memory cards and outings, in the order of time. */
  'by event': byEvent,
  /** Everything else by event, then all of the person with the most photos at once. */
  'one person last': (pictures: readonly Picture[], imports: number): Picture[][] => {
    const most = mostPictured(pictures);
    return lastOf(pictures, imports, ({ person }) => person !== null && person === most);
  },
  /** The family's by event, then a stranger's album at once. */
  'stranger last': (pictures: readonly Picture[], imports: number): Picture[][] =>
    lastOf(pictures, imports, ({ strange }) => strange),
  /** Back through the years: a phone that uploads its camera roll. */
  'newest first': (pictures: readonly Picture[], imports: number): Picture[][] =>
    cutAtBorders(
      inTime(pictures)
        .reverse()
        .map((picture) => [picture]),
      imports,
    ),
} satisfies Record<string, (pictures: readonly Picture[], imports: number) => Picture[][]>;

export type Way = keyof typeof WAYS;

/** Each picture is an import, in the order of time. See {@link fewPeople} for pictures that are few enough. */
export function oneAtATime(pictures: readonly Picture[]): Picture[][] {
  return inTime(pictures).map((picture) => [picture]);
}

/** All pictures of so many people, drawn at random, that there are {@link SINGLE_PHOTOS} at most. */
export function fewPeople(pictures: readonly Picture[], most = SINGLE_PHOTOS): Picture[] {
  const known = pictures.filter(({ person }) => person !== null);
  const people = shuffled([...Map.groupBy(known, ({ person }) => person).values()], random(SEED));
  let left = most;
  return people.flatMap((theirs) => {
    if (theirs.length > left) return [];
    left -= theirs.length;
    return theirs;
  });
}

/**
 * Pictures of each event, events in the order of time: those of one day, and where moments have no date six of them by
 * chance, so that an event mixes people. Undated events come last.
 */
export function eventsOf(pictures: readonly Picture[]): Picture[][] {
  const moments = Map.groupBy(pictures, ({ moment }) => moment);
  const undated = [...moments].filter(([, some]) => some.every(({ taken }) => taken === null));
  const made = new Map(
    shuffled(undated, random(SEED)).map(([moment], at) => [moment, Math.floor(at / MOMENTS_PER_EVENT)]),
  );
  const keyOf = (some: readonly Picture[], moment: string) =>
    earliest(some)?.slice(0, 10) ?? `event ${String(made.get(moment)).padStart(9, '0')}`;
  const events = Map.groupBy([...moments], ([moment, some]) => keyOf(some, moment));
  return [...events]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, some]) => {
      const times = new Map(some.map(([moment, theirs]) => [moment, earliest(theirs) ?? '']));
      const rank = ({ taken, moment, path }: Picture) => `${taken ?? times.get(moment)} ${moment} ${path}`;
      return some
        .flatMap(([, theirs]) => theirs)
        .map((picture) => ({ picture, rank: rank(picture) }))
        .toSorted((a, b) => (a.rank < b.rank ? -1 : 1))
        .map(({ picture }) => picture);
    });
}

function inTime(pictures: readonly Picture[]): Picture[] {
  return eventsOf(pictures).flat();
}

function byEvent(pictures: readonly Picture[], imports: number): Picture[][] {
  return cutAtBorders(eventsOf(pictures), imports);
}

/** Those that come last are the last import, whole; the others come by event before it. */
function lastOf(
  pictures: readonly Picture[],
  imports: number,
  isLast: (picture: Picture) => boolean,
): Picture[][] {
  const last = pictures.filter(isLast);
  const others = pictures.filter((picture) => !isLast(picture));
  return [...byEvent(others, Math.max(1, imports - 1)), last].filter((some) => some.length > 0);
}

/** The first by name of those with the most; null where nobody is known. */
function mostPictured(pictures: readonly Picture[]): string | null {
  const people = [...Map.groupBy(pictures, ({ person }) => person)].filter(([person]) => person !== null);
  const sorted = people.toSorted(
    ([a, some], [b, others]) => others.length - some.length || (a! < b! ? -1 : 1),
  );
  return sorted[0]?.[0] ?? null;
}

function earliest(pictures: readonly Picture[]): string | null {
  return pictures.reduce<string | null>(
    (first, { taken }) => (taken !== null && (first === null || taken < first) ? taken : first),
    null,
  );
}

/** Blocks in their order as so many parts of about equal size; a block goes where its middle lies. */
function cutAtBorders<T>(blocks: readonly (readonly T[])[], parts: number): T[][] {
  const total = blocks.reduce((sum, { length }) => sum + length, 0);
  const cut: T[][] = Array.from({ length: parts }, () => []);
  let before = 0;
  for (const block of blocks) {
    cut[Math.floor((parts * (before + block.length / 2)) / total)]!.push(...block);
    before += block.length;
  }
  return cut.filter(({ length }) => length > 0);
}
