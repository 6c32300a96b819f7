import { iou, type UnitBox } from '../../contract/geometry.ts';
import { nameKey } from '../../contract/name-key.ts';
import type { FoundRegion, NameSource } from './found.ts';

/**
 * Overlap (intersection over union) from which a region and a face are one. Source: `SAME_FACE` of library/match-boxes.ts,
 * by which a face is found again after another detector; Nextcloud's facerecognition keeps names at the same.
 */
export const SAME_FACE = 0.35;

/**
 * Share of a face from which a region covers it. Programs draw boxes of whole heads (Picasa, Microsoft) or squares
 * (Lightroom) where a detector sees a face. Chosen by hand.
 */
export const COVERED = 0.8;

/**
 * How many times as large as a face a region that covers it may be. Source: bound; a head with hair and chin is up to three
 * faces wide and high as the tightest detectors draw these, and what is larger still is a person or a group.
 */
export const LARGEST_HEAD = 9;

/** Overlap from which regions of different names are two names for one face. Chosen by hand; twins cheek to cheek have 0.3. */
const SAME_PLACE = 0.6;

/** A place on a photo that has a name, or several, by all that was read. */
export interface NamedPlace {
  box: UnitBox;
  /** Different names only; more than one is a contradiction. */
  names: string[];
  from: NameSource[];
}

/** Puts together the regions that several standards and files have of one face. */
export function placesOf(regions: readonly FoundRegion[]): NamedPlace[] {
  const places: NamedPlace[] = [];
  for (const { name, box, from } of regions) {
    const isKnown = (one: NamedPlace) => one.names.some((other) => nameKey(other) === nameKey(name));
    const place =
      places.find((one) => isKnown(one) && overlapOf(one.box, box) > 0) ??
      places.find((one) => iou(one.box, box) >= SAME_PLACE);
    if (!place) {
      places.push({ box, names: [name], from: [from] });
      continue;
    }
    if (!isKnown(place)) place.names.push(name);
    if (!place.from.includes(from)) place.from.push(from);
  }
  return places;
}

/** What a place is of: one of the faces, by index; no face that is known; or a face that several regions may mean. */
export type Placed = { kind: 'face'; face: number } | { kind: 'none' } | { kind: 'unclear' };

/**
 * Finds the face of each place. Pairs are taken by falling overlap, each face and each place once. A place that is left
 * over although it lies on a face is unclear: another region has that face.
 */
export function placed(places: readonly UnitBox[], faces: readonly UnitBox[]): Placed[] {
  const pairs = places
    .flatMap((box, place) => faces.map((of, face) => ({ place, face, overlap: overlapOf(box, of) })))
    .filter(({ overlap }) => overlap > 0)
    .sort((a, b) => b.overlap - a.overlap || a.place - b.place || a.face - b.face);
  const found: Placed[] = places.map(() => ({ kind: 'none' }));
  const taken = new Set<number>();
  for (const { place, face } of pairs) {
    if (found[place]!.kind === 'face') continue;
    if (taken.has(face)) {
      found[place] = { kind: 'unclear' };
      continue;
    }
    found[place] = { kind: 'face', face };
    taken.add(face);
  }
  // A region over two faces, of which no other region has one, may mean either.
  for (const { place, face, overlap } of pairs) {
    const mine = found[place]!;
    if (mine.kind !== 'face' || mine.face === face || taken.has(face)) continue;
    const own = pairs.find((pair) => pair.place === place && pair.face === mine.face)!.overlap;
    if (overlap >= own * EITHER) found[place] = { kind: 'unclear' };
  }
  return found;
}

/** Share of the best overlap from which another face may be meant as well. Chosen by hand. */
const EITHER = 0.8;

/** How much a region and a face are one: their overlap where they are, else 0. */
function overlapOf(region: UnitBox, face: UnitBox): number {
  const overlap = iou(region, face);
  if (overlap >= SAME_FACE) return overlap;
  const [large, small] = [areaOf(region), areaOf(face)];
  // overlap = common / (large + small − common)
  const common = (overlap * (large + small)) / (1 + overlap);
  return common >= COVERED * small && large <= LARGEST_HEAD * small ? overlap : 0;
}

function areaOf({ width, height }: UnitBox): number {
  return width * height;
}
