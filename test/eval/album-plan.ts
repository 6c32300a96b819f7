import { createHash } from 'node:crypto';
import { random } from '../fixtures/random.ts';

/** One face that is put on a photo of the album. */
export interface PlacedFace {
  person: string;
  /** Picture of LFW, such as `Abel_Pacheco/Abel_Pacheco_0001.jpg`. */
  picture: string;
  /** Centre of the face on the photo, and height of the face there, in pixels. */
  x: number;
  y: number;
  height: number;
  /** Degrees by which the head is tilted. */
  tilt: number;
  /** Factors of light: of all of it, of its span around grey, and of colour. */
  brightness: number;
  contrast: number;
  saturation: number;
  /** Whether left and right change places. */
  mirrored?: boolean;
}

export interface PlannedPhoto {
  name: string;
  /** Whether it is LFW's picture itself, not one that is painted. */
  asIs?: boolean;
  width: number;
  height: number;
  /** Two colours between which the background runs. */
  background: [string, string];
  /** Quality of the JPEG, 1..100. */
  quality: number;
  faces: PlacedFace[];
}

export interface AlbumPlan {
  /** Names the plan: other photos have another. */
  key: string;
  photos: PlannedPhoto[];
  /** People with two appearances or more, and appearances of people with one. */
  people: number;
  strangers: number;
}

/** Raised when the same plan is painted otherwise. */
const VERSION = 1;

/** What the photos of an album are like: ranges of factors and of JPEG's quality, and sizes. */
interface Conditions {
  /** How much smaller some photos come. */
  reduced: number;
  /** Height of the smallest faces, in pixels of the photo at full size. */
  smallest: number;
  brightness: [number, number];
  /** Of one face beside the others. */
  shade: [number, number];
  contrast: [number, number];
  saturation: [number, number];
  quality: [number, number];
}

export const CONDITIONS = {
  /** As phones take them, and messengers pass them on. */
  fair: {
    reduced: 0.6,
    smallest: 60,
    brightness: [0.65, 1.35],
    shade: [0.9, 1.1],
    contrast: [0.75, 1.15],
    saturation: [0.5, 1.25],
    quality: [40, 92],
  },
  /** Faces of 16 pixels, dark rooms, and what has been passed on for years: every seventh face is not even found. */
  hard: {
    reduced: 0.35,
    smallest: 45,
    brightness: [0.4, 1.5],
    shade: [0.85, 1.15],
    contrast: [0.6, 1.2],
    saturation: [0.2, 1.3],
    quality: [20, 90],
  },
} satisfies Record<string, Conditions>;

export type AlbumKind = keyof typeof CONDITIONS;

/** Sides of a photo of 3 to 2 at full size. */
const [WIDTH, HEIGHT] = [1280, 854];

/** People with the most pictures, who are the album's: family, friends, and whoever is met now and then. */
const PEOPLE = 60;

/** Appearances of the person at rank r: FREQUENCY / r^TAIL (Zipf 1949), but each picture USES times at most. */
const FREQUENCY = 950;
const TAIL = 1.2;
const USES = 70;

/** One face in so many is a stranger's, met once. */
const STRANGERS = 0.22;

/** Height of the largest faces, in pixels of the photo at full size: LFW's own are 114. */
const LARGEST = 170;

/** How many people are on a photo, as shares. */
const TOGETHER = [0.3, 0.25, 0.18, 0.13, 0.08, 0.06];

/**
 * Composes an album on paper: few people are on many photos and many on few, strangers are on one, and nobody is twice
 * on one photo. The same pictures and seed give the same album.
 *
 * @param pictures pictures of each person of LFW
 * @param count photos at most
 * @param kind what they are like
 */
export function planAlbum(
  pictures: ReadonlyMap<string, readonly string[]>,
  count: number,
  kind: AlbumKind,
  seed: number,
): AlbumPlan {
  const next = random(seed);
  const ranked = [...pictures].toSorted(
    ([a, some], [b, others]) => others.length - some.length || (a < b ? -1 : 1),
  );
  const known = ranked.slice(0, PEOPLE);
  const lone = shuffled(
    ranked.filter(([, some]) => some.length === 1),
    next,
  );
  const queue: { person: string; picture: string }[] = known.flatMap(([person, some], rank) => {
    const times = Math.max(2, Math.min(USES * some.length, Math.round(FREQUENCY / (rank + 1) ** TAIL)));
    return Array.from({ length: times }, (_, at) => ({ person, picture: some[at % some.length]! }));
  });
  const strangers = lone
    .slice(0, Math.round((queue.length * STRANGERS) / (1 - STRANGERS)))
    .map(([person, [picture]]) => ({ person, picture: picture! }));
  const waiting = shuffled([...queue, ...strangers], next);
  const photos: PlannedPhoto[] = [];
  while (waiting.length > 0 && photos.length < count)
    photos.push(photoOf(photos.length, taken(waiting, next), CONDITIONS[kind], next));
  const seen = Map.groupBy(
    photos.flatMap(({ faces }) => faces),
    ({ person }) => person,
  );
  const times = [...seen.values()].map((faces) => faces.length);
  return {
    key: createHash('sha256')
      .update(JSON.stringify([VERSION, photos]))
      .digest('hex')
      .slice(0, 12),
    photos,
    people: times.filter((many) => many > 1).length,
    strangers: times.filter((many) => many === 1).length,
  };
}

/** Takes the next few who wait, each person once. */
function taken(waiting: { person: string; picture: string }[], next: () => number) {
  const chosen: typeof waiting = [];
  const wanted = 1 + drawn(TOGETHER, next);
  for (let at = 0; at < waiting.length && chosen.length < wanted; ) {
    if (chosen.some(({ person }) => person === waiting[at]!.person)) at++;
    else chosen.push(...waiting.splice(at, 1));
  }
  return chosen;
}

/** People stand in one row or two, each in a cell; the more they are, the farther away. */
export function photoOf(
  number: number,
  people: { person: string; picture: string }[],
  { smallest, reduced, ...conditions }: Conditions,
  next: () => number,
): PlannedPhoto {
  const between = (low: number, high: number) => low + (high - low) * next();
  const rows = people.length > 3 ? 2 : 1;
  const columns = Math.ceil(people.length / rows);
  const near = smallest * (LARGEST / smallest) ** next();
  const light = {
    brightness: between(...conditions.brightness),
    contrast: between(...conditions.contrast),
    saturation: between(...conditions.saturation),
  };
  const scale = reduced ** next();
  const faces = people.map(({ person, picture }, at): PlacedFace => {
    const [cellWidth, cellHeight] = [WIDTH / columns, HEIGHT / rows];
    const height = Math.max(smallest, Math.min(LARGEST, near * between(0.8, 1.25)));
    // The picture around a face is 1.6 times as high as the face, and must lie within its cell.
    const [roomX, roomY] = [(cellWidth - 1.6 * height) / 2, (cellHeight - 1.6 * height) / 2];
    return {
      person,
      picture,
      x: Math.round(scale * (cellWidth * ((at % columns) + 0.5) + roomX * between(-1, 1))),
      y: Math.round(scale * (cellHeight * (Math.floor(at / columns) + 0.5) + roomY * between(-1, 1))),
      height: Math.round(scale * height),
      tilt: Math.round(between(-12, 12)),
      brightness: light.brightness * between(...conditions.shade),
      contrast: light.contrast,
      saturation: light.saturation,
    };
  });
  const colour = () =>
    `hsl(${Math.round(next() * 360)} ${Math.round(next() * 40)}% ${Math.round(between(20, 80))}%)`;
  return {
    name: `${String(number + 1).padStart(4, '0')}.jpg`,
    width: Math.round(WIDTH * scale),
    height: Math.round(HEIGHT * scale),
    background: [colour(), colour()],
    quality: Math.round(between(...conditions.quality)),
    faces,
  };
}

/** An index, each as often as its share says. */
function drawn(shares: readonly number[], next: () => number): number {
  let left = next();
  const at = shares.findIndex((share) => {
    left -= share;
    return left < 0;
  });
  return at < 0 ? shares.length - 1 : at;
}

export function shuffled<T>(items: readonly T[], next: () => number): T[] {
  return items
    .map((item) => ({ item, at: next() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
