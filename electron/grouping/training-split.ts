import type { UnitBox } from '../contract/geometry.ts';
import { EVEN_SAME_LOOK } from './constants.ts';
import { isBurst, isSamePlace, looksSame, SAME_PLACE } from './stacks.ts';

export const TRAINING_SETS = ['train', 'val', 'test'] as const;
export type TrainingSet = (typeof TRAINING_SETS)[number];

/** A face of a training set, and what tells whether its photo is a version of another. */
export interface TrainingFace {
  /** SHA-256 of the photo's content, hex. */
  photo: string;
  /** Whose it is: any name that no two people share. */
  person: string;
  box: UnitBox;
  /** When the photo was taken, in days; NaN where that is not known. */
  days: number;
  /** The photo's difference hash; null where it is not known. */
  dhash: string | null;
  /** Number of the stack that the face is in; null where it is in none. */
  stack: number | null;
}

/**
 * Divides photos into `train`, `val` and `test`, so that each person's faces are divided by the shares as well as whole
 * photos can be. A photo is in one of the three with all its faces, and so are photos that are near-duplicates of each
 * other: copies, edits, frames of a burst. Otherwise a network would be tested on what it has learned.
 *
 * The same photos and seed give the same division; the order of the faces does not matter.
 *
 * @param shares of the three; only their proportions count, and one of 0 gets nothing
 * @returns the set of each photo
 */
export function splitPhotos(
  faces: readonly TrainingFace[],
  { shares, seed }: { shares: readonly [number, number, number]; seed: number },
): Map<string, TrainingSet> {
  const units = unitsOf(faces)
    .map((photos) => ({ photos, order: orderOf(photos[0]!, seed) }))
    .toSorted((a, b) => a.order - b.order || (a.photos[0]! < b.photos[0]! ? -1 : 1));
  const whole = shares.reduce((sum, share) => sum + share, 0);
  const onPhoto = Map.groupBy(faces, ({ photo }) => photo);
  const totals = Map.groupBy(faces, ({ person }) => person);
  /** How many faces of a person each set still lacks. */
  const lacking = new Map(
    [...totals].map(([person, all]) => [person, shares.map((share) => (share / whole) * all.length)]),
  );
  const sets = new Map<string, TrainingSet>();
  for (const { photos } of units) {
    const people = photos.flatMap((photo) => onPhoto.get(photo)!.map(({ person }) => person));
    const wants = TRAINING_SETS.map((_, at) =>
      shares[at] === 0
        ? Number.NEGATIVE_INFINITY
        : people.reduce((sum, person) => sum + lacking.get(person)![at]! / totals.get(person)!.length, 0),
    );
    const at = wants.indexOf(Math.max(...wants));
    for (const person of people) lacking.get(person)![at]! -= 1;
    for (const photo of photos) sets.set(photo, TRAINING_SETS[at]!);
  }
  return sets;
}

/** Photos that have to stay together, each photo in one list; lists and their photos in order. */
function unitsOf(faces: readonly TrainingFace[]): string[][] {
  const leaders = new Map(faces.map(({ photo }) => [photo, photo]));
  const leaderOf = (photo: string): string => {
    let at = photo;
    while (leaders.get(at) !== at) at = leaders.get(at)!;
    leaders.set(photo, at);
    return at;
  };
  const join = (a: TrainingFace, b: TrainingFace) => {
    const [one, other] = [leaderOf(a.photo), leaderOf(b.photo)].toSorted();
    leaders.set(other!, one!);
  };
  const stacked = faces.filter(({ stack }) => stack !== null);
  for (const stack of Map.groupBy(stacked, (face) => face.stack).values()) {
    for (const face of stack) join(stack[0]!, face);
  }
  for (const own of Map.groupBy(faces, ({ person }) => person).values()) {
    for (const [a, b] of nearDuplicates(own)) join(a, b);
  }
  const photos = [...leaders.keys()].toSorted();
  return [...Map.groupBy(photos, leaderOf).values()];
}

/**
 * Pairs of faces of one person whose photos are of one burst, or show the person at one place and look alike. Lists
 * sorted by time and by place have these pairs close together: not every face has to be compared with every other.
 */
function* nearDuplicates(own: readonly TrainingFace[]): Generator<[TrainingFace, TrainingFace]> {
  const byTime = own.filter(({ days }) => !Number.isNaN(days)).toSorted((a, b) => a.days - b.days);
  for (const [at, a] of byTime.entries()) {
    const next = byTime[at + 1];
    if (next && isBurst(a, next)) yield [a, next];
  }
  const byPlace = own
    .filter(({ dhash }) => dhash !== null)
    .toSorted((a, b) => middleOf(a.box) - middleOf(b.box));
  const middles = Float64Array.from(byPlace, ({ box }) => middleOf(box));
  for (const [at, a] of byPlace.entries()) {
    for (let after = at + 1; middles[after]! - middles[at]! <= SAME_PLACE.apart; after++) {
      const b = byPlace[after]!;
      if (isSamePlace(a.box, b.box) && looksSame(a, b, EVEN_SAME_LOOK)) yield [a, b];
    }
  }
}

/** From left to right, as a share of the photo's width. */
function middleOf({ x, width }: UnitBox): number {
  return x + width / 2;
}

/** A number for each photo and seed (FNV-1a, 32 bits): an order that looks like chance. */
function orderOf(photo: string, seed: number): number {
  let hash = 0x811c9dc5;
  for (const letter of `${seed}:${photo}`) {
    hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193) >>> 0;
  }
  return hash;
}
