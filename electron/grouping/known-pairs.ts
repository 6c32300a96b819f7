import { iou, type UnitBox } from '../contract/geometry.ts';
import { evenly } from './rows.ts';
import { distanceOf } from './similarity.ts';

/** Two faces of which it is known, without looking at them, whether they are one person. */
export interface KnownPair {
  /** Euclidean distance of the two embeddings, 0..2. */
  distance: number;
  genuine: boolean;
  /** How it is known: two faces of one photo; one place on photos seconds apart; somebody said so. */
  by: 'photo' | 'burst' | 'hand';
  /** How much it tells beside the others: many pairs of the same two people count as one. */
  weight: number;
}

/** What is known of a library's faces besides their looks, one row each; faces of one photo follow each other. */
export interface Sightings {
  /** n × size, packed row by row, each L2-normalised. */
  vectors: Float32Array;
  size: number;
  photo: ArrayLike<number>;
  /** Quality, 0..1. Poor faces are left out: their distances say more of blur than of people. */
  quality: ArrayLike<number>;
  /** Group of each face; 0: none. */
  group: ArrayLike<number>;
  /** Whose a hand has said this very face is, from 1; 0: nobody has. */
  person: ArrayLike<number>;
  /** When its photo was taken, in days; NaN where that is not known. */
  days: ArrayLike<number>;
  /** Where each face is on its photo. */
  boxes: readonly UnitBox[];
  /** Photos on which one person may be more than once. */
  several: ReadonlySet<number>;
}

/** Photos that follow each other this soon, in days, are of one burst: three seconds. */
const SOON = 3 / 86_400;

/** Overlap (IoU) from which a face on the next photo of a burst is at the same place and of the same size. */
const SAME_PLACE = 0.5;

/** Overlap from which another face is too near that place for it to be clear which is which. */
const IN_THE_WAY = 0.1;

/** Faces of one photo, faces of one person and photos of one burst that are looked at: a crowd tells no more than a party. */
const MOST = 30;

/** Photos with several faces, and bursts, that are looked at, evenly out of all: more would change nothing but the time. */
const MOST_PHOTOS = 5000;
const MOST_BURSTS = 1000;

/** People of whom each two are a pair. */
const MOST_PEOPLE = 100;

/** @param founder least quality of faces that are looked at */
export function knownPairs(all: Sightings, founder: number): KnownPair[] {
  const good = (row: number) => all.quality[row]! >= founder && !all.several.has(all.photo[row]!);
  const rows = Array.from({ length: all.photo.length }, (_, row) => row).filter(good);
  const photos = [...Map.groupBy(rows, (row) => all.photo[row]!).values()];
  return [...fromPhotos(all, photos), ...fromBursts(all, photos), ...fromHand(all, rows)];
}

/** Two faces of one photo are two people. Each two people count once, however often they are seen together. */
function fromPhotos(all: Sightings, photos: readonly number[][]): KnownPair[] {
  const who = (row: number) =>
    all.person[row]! > 0 ? `p${all.person[row]}` : all.group[row]! > 0 ? `g${all.group[row]}` : `f${row}`;
  const shared = photos.filter(({ length }) => length > 1);
  const meetings = evenly(shared, MOST_PHOTOS).flatMap((rows) =>
    pairsOf(evenly(rows, MOST)).map(([a, b]) => ({ a, b, who: [who(a), who(b)].sort() })),
  );
  const known = meetings.filter(({ who: [one, other] }) => one !== other);
  return [...Map.groupBy(known, ({ who: both }) => both.join(' ')).values()].flatMap((same) =>
    same.map(({ a, b }) => pair(all, a, b, false, 'photo', 1 / same.length)),
  );
}

/** A face that stays where it was while the camera goes on is one person. Each stay counts once. */
function fromBursts(all: Sightings, photos: readonly number[][]): KnownPair[] {
  const dated = photos
    .filter(([first]) => !Number.isNaN(all.days[first!]!))
    .sort(([a], [b]) => all.days[a!]! - all.days[b!]! || all.photo[a!]! - all.photo[b!]!);
  const bursts: (readonly number[])[][] = [];
  dated.forEach((rows, at) => {
    const before = dated[at - 1];
    const isNext = before && all.days[rows[0]!]! - all.days[before[0]!]! <= SOON;
    if (isNext) bursts.at(-1)!.push(rows);
    else bursts.push([rows]);
  });
  const stays = new Map<number, [number, number][]>();
  const stayOf = new Map<number, number>();
  const some = evenly(
    bursts.filter(({ length }) => length > 1),
    MOST_BURSTS,
  );
  for (const burst of some) {
    burst.slice(1, MOST).forEach((rows, at) => {
      for (const [a, b] of stayed(all, burst[at]!, rows)) {
        const stay = stayOf.get(a) ?? a;
        stayOf.set(b, stay);
        stays.set(stay, [...(stays.get(stay) ?? []), [a, b]]);
      }
    });
  }
  return [...stays.values()].flatMap((same) =>
    same.map(([a, b]) => pair(all, a, b, true, 'burst', 1 / same.length)),
  );
}

/** Faces at one place on two photos, with nobody else near it on either. */
function stayed(
  { boxes }: Sightings,
  before: readonly number[],
  after: readonly number[],
): [number, number][] {
  const overlaps = before.flatMap((a) => after.map((b) => ({ a, b, overlap: iou(boxes[a]!, boxes[b]!) })));
  const near = overlaps.filter((one) => one.overlap >= IN_THE_WAY);
  return near
    .filter(({ a, b, overlap: most }) => {
      const alone = near.filter((other) => other.a === a || other.b === b).length === 1;
      return alone && most >= SAME_PLACE;
    })
    .map(({ a, b }) => [a, b]);
}

/** Faces that somebody named one by one: pairs of one person, and of two people their best faces. */
function fromHand(all: Sightings, rows: readonly number[]): KnownPair[] {
  const named = rows.filter((row) => all.person[row]! > 0);
  const people = [...Map.groupBy(named, (row) => all.person[row]!).values()];
  const genuine = people.flatMap((faces) => {
    const some = evenly(faces, MOST);
    // n faces of a person hang together by n − 1 pairs; the others follow from these.
    return pairsOf(some)
      .filter(([a, b]) => all.photo[a] !== all.photo[b])
      .map(([a, b]) => pair(all, a, b, true, 'hand', 2 / some.length));
  });
  const best = evenly(people, MOST_PEOPLE).map((faces) =>
    faces.reduce((a, b) => (all.quality[b]! > all.quality[a]! ? b : a)),
  );
  const impostors = pairsOf(best)
    .filter(([a, b]) => all.photo[a] !== all.photo[b])
    .map(([a, b]) => pair(all, a, b, false, 'hand', 2 / best.length));
  return [...genuine, ...impostors];
}

function pair(
  { vectors, size }: Sightings,
  a: number,
  b: number,
  genuine: boolean,
  by: KnownPair['by'],
  weight: number,
): KnownPair {
  let dot = 0;
  for (let i = 0; i < size; i++) dot += vectors[a * size + i]! * vectors[b * size + i]!;
  return { distance: distanceOf(dot), genuine, by, weight };
}

function pairsOf(rows: readonly number[]): [number, number][] {
  return rows.flatMap((a, at) => rows.slice(at + 1).map((b): [number, number] => [a, b]));
}
