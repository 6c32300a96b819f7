import { iou, type UnitBox } from '../contract/geometry.ts';
import { samePairs } from './pair-weights.ts';
import { type Product, plainProduct } from './product.ts';
import { evenly } from './rows.ts';
import { distanceOf, similarityOf } from './similarity.ts';
import { BURST } from './stacks.ts';

/** Two faces of which the library knows, without their embeddings, whether they are one person. */
export interface KnownPair {
  /** Euclidean distance of the two embeddings, 0..2. */
  distance: number;
  /** Whether both faces are one person. */
  genuine: boolean;
  /** How it is known: two faces of one photo; the same place on photos seconds apart; labels of the user. */
  by: 'photo' | 'burst' | 'hand';
  /** How many independent pairs this one counts for: many pairs of the same two people count as one. */
  weight: number;
}

/** What is known of a library's faces besides their embeddings, one row each; faces of one photo follow each other. */
export interface Sightings {
  /** n × size, packed row by row, each L2-normalised. */
  vectors: Float32Array;
  size: number;
  photo: ArrayLike<number>;
  /** Quality, 0..1. Poor faces are left out, since their distances depend more on blur than on the person. */
  quality: ArrayLike<number>;
  /** Person as whom the user labelled this single face, from 1; 0: not labelled. */
  person: ArrayLike<number>;
  /** When its photo was taken, in days; NaN where that is not known. */
  days: ArrayLike<number>;
  /** Box of a face, as fractions of its upright photo. Only faces of bursts are asked for. */
  boxOf: (row: number) => UnitBox;
  /** Photos on which one person may be more than once. */
  several: ReadonlySet<number>;
}

/**
 * Overlap (IoU) from which a face on the next photo of a burst is at the same place and of the same size. Source:
 * chosen by hand.
 */
const SAME_PLACE = 0.5;

/**
 * Overlap (IoU) from which another face is so near that place that it is not clear which of the two is the same.
 * Source: chosen by hand.
 */
const TOO_NEAR = 0.1;

/**
 * Faces of one photo, faces of one person and photos of one burst that are used, at most. Source: chosen by hand; more
 * of them are not independent of these.
 */
const MOST_PER_SOURCE = 30;

/**
 * Photos with several faces, and bursts, that are used at most, evenly out of all. Source: bound; more change only the
 * time.
 */
const MOST_PHOTOS = 1000;
const MOST_BURSTS = 1000;

/** People that are paired with each other, at most. Source: bound, as above: 4,950 pairs. */
const MOST_PEOPLE = 100;

/**
 * Pairs of faces whose answer is known, for self-calibration (self-calibrate.ts). They depend on the photos and on what
 * the user said, never on the groups that are there: groups depend on the calibration, which depends on these pairs.
 *
 * @param bounds `founder`: least quality of the faces that are used; `alike`: distance up to which faces of two photos
 *   count as one person when pairs are weighed
 */
export async function knownPairs(
  all: Sightings,
  { founder, alike }: { founder: number; alike: number },
  product: Product = plainProduct,
): Promise<KnownPair[]> {
  const photos = goodFaces(all, founder);
  const ofPhotos = await fromPhotos(all, photos, alike, product);
  return [...ofPhotos, ...fromBursts(all, photos), ...fromLabels(all, photos.flat())];
}

/** Distances of two people on one photo: of all good faces of all photos. */
export function togetherDistances(all: Sightings, founder: number): number[] {
  return goodFaces(all, founder).flatMap((rows) => pairsOf(rows).map(([a, b]) => distanceBetween(all, a, b)));
}

/** Rows of the faces that are good enough, by photo. */
function goodFaces(all: Sightings, founder: number): number[][] {
  const good = (row: number) => all.quality[row]! >= founder && !all.several.has(all.photo[row]!);
  const rows = Array.from({ length: all.photo.length }, (_, row) => row).filter(good);
  return [...Map.groupBy(rows, (row) => all.photo[row]!).values()];
}

/** Two faces of one photo are two people. Each two people count about once, however many photos they share. */
async function fromPhotos(
  all: Sightings,
  photos: readonly number[][],
  alike: number,
  product: Product,
): Promise<KnownPair[]> {
  const shared = photos.filter(({ length }) => length > 1);
  const used = evenly(shared, MOST_PHOTOS).map((rows) => evenly(rows, MOST_PER_SOURCE));
  const impostors = used.map((rows) =>
    pairsOf(rows).filter(([a, b]) => all.person[a]! === 0 || all.person[a] !== all.person[b]),
  );
  const counts = await samePairs(all, used, impostors, similarityOf(alike), product);
  return impostors.flatMap((pairs, photo) =>
    pairs.map(([a, b], at) => pair(all, a, b, false, 'photo', 1 / counts[photo]![at]!)),
  );
}

/** A face at the same place on consecutive photos of a burst is one person. Each such track counts once. */
function fromBursts(all: Sightings, photos: readonly number[][]): KnownPair[] {
  const dated = photos
    .filter(([first]) => !Number.isNaN(all.days[first!]!))
    .sort(([a], [b]) => all.days[a!]! - all.days[b!]! || all.photo[a!]! - all.photo[b!]!);
  const bursts: (readonly number[])[][] = [];
  dated.forEach((rows, at) => {
    const before = dated[at - 1];
    const isNext = before && all.days[rows[0]!]! - all.days[before[0]!]! <= BURST;
    if (isNext) bursts.at(-1)!.push(rows);
    else bursts.push([rows]);
  });
  // A track goes by its first face.
  const tracks = new Map<number, [number, number][]>();
  const trackOf = new Map<number, number>();
  const some = evenly(
    bursts.filter(({ length }) => length > 1),
    MOST_BURSTS,
  );
  for (const burst of some) {
    burst.slice(1, MOST_PER_SOURCE).forEach((rows, at) => {
      for (const [a, b] of atSamePlace(all, burst[at]!, rows)) {
        const track = trackOf.get(a) ?? a;
        trackOf.set(b, track);
        tracks.set(track, [...(tracks.get(track) ?? []), [a, b]]);
      }
    });
  }
  return [...tracks.values()].flatMap((same) =>
    same.map(([a, b]) => pair(all, a, b, true, 'burst', 1 / same.length)),
  );
}

/** Pairs of faces at the same place on two photos, with no other face near that place on either photo. */
function atSamePlace(
  { boxOf }: Sightings,
  before: readonly number[],
  after: readonly number[],
): [number, number][] {
  const overlaps = before.flatMap((a) => after.map((b) => ({ a, b, overlap: iou(boxOf(a), boxOf(b)) })));
  const near = overlaps.filter(({ overlap }) => overlap >= TOO_NEAR);
  return near
    .filter(({ a, b, overlap }) => {
      const isOnly = near.filter((other) => other.a === a || other.b === b).length === 1;
      return isOnly && overlap >= SAME_PLACE;
    })
    .map(({ a, b }) => [a, b]);
}

/**
 * Faces that the user labelled one by one: genuine pairs within each person, impostor pairs of each person's best face.
 */
function fromLabels(all: Sightings, rows: readonly number[]): KnownPair[] {
  const labelled = rows.filter((row) => all.person[row]! > 0);
  const people = [...Map.groupBy(labelled, (row) => all.person[row]!).values()];
  const genuine = people.flatMap((faces) => {
    const some = evenly(faces, MOST_PER_SOURCE);
    // n faces of a person are n − 1 independent pairs; the others follow from these. Each of n(n − 1)/2 weighs 2/n.
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
  all: Sightings,
  a: number,
  b: number,
  genuine: boolean,
  by: KnownPair['by'],
  weight: number,
): KnownPair {
  return { distance: distanceBetween(all, a, b), genuine, by, weight };
}

function distanceBetween({ vectors, size }: Sightings, a: number, b: number): number {
  let dot = 0;
  for (let i = 0; i < size; i++) dot += vectors[a * size + i]! * vectors[b * size + i]!;
  return distanceOf(dot);
}

function pairsOf(rows: readonly number[]): [number, number][] {
  return rows.flatMap((a, at) => rows.slice(at + 1).map((b): [number, number] => [a, b]));
}
