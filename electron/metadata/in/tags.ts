import type { UnitBox } from '../../contract/geometry.ts';
import { type Area, type Orientation, orientationOf, storedSides, toUpright } from '../region.ts';
import type { FoundNames, NameSource } from './found.ts';
import { flatKeywords, namesIn, namesInHierarchies } from './keywords.ts';
import {
  acdseeRegions,
  iptcRegions,
  isSameImage,
  microsoftRegions,
  mwgRegions,
  type NamedRegions,
  type Sides,
} from './regions.ts';

const MWG = 'XMP-mwg-rs:RegionInfo';
const MICROSOFT = 'XMP-MP:RegionInfoMP';
const IPTC = 'XMP-iptcExt:ImageRegion';
const ACDSEE = 'XMP-acdsee-rs:RegionInfoACDSee';
const PERSON = 'XMP-iptcExt:PersonInImage';
/** Keywords with levels: Adobe's, digiKam's, Microsoft's, and those of iView and Expression Media. */
const HIERARCHIES = [
  'XMP-lr:HierarchicalSubject',
  'XMP-digiKam:TagsList',
  'XMP-microsoft:LastKeywordXMP',
  'XMP-mediapro:CatalogSets',
];
const FLAT = ['XMP-dc:Subject', 'IPTC:Keywords'];
const ORIENTATION = 'IFD0:Orientation';

/** All tags that names are read from, as ExifTool names them. */
export const TAGS: readonly string[] = [
  MWG,
  MICROSOFT,
  IPTC,
  ACDSEE,
  PERSON,
  ...HIERARCHIES,
  ...FLAT,
  ORIENTATION,
];

/** Tags of one file by group and name, as `ExifTool.read` gives them. */
export type Tags = Readonly<Record<string, unknown>>;

/**
 * The names in a photo's tags. A sidecar stands above the file: what it says of a kind (regions, people, keywords) is what
 * counts of that kind, also where it says none.
 *
 * @param sidecars the tags of each, the one that counts most first
 * @param upright sides of the upright photo, in pixels
 */
export function namesInTags(file: Tags, sidecars: readonly Tags[], upright: Sides): FoundNames {
  const orientation = orientationOf(file[ORIENTATION]);
  const stored = storedSides(upright, orientation);
  /** The first of sidecars and file that has one of these tags. */
  const saying = (...tags: readonly string[]): Tags =>
    [...sidecars, file].find((one) => tags.some((tag) => one[tag] !== undefined)) ?? {};
  const withRegions = saying(MWG, MICROSOFT, IPTC, ACDSEE);
  const found: FoundNames = { regions: [], people: [], keywords: [], misplaced: [] };
  const add = ({ regions, appliedTo }: NamedRegions, from: NameSource) => {
    const isBelieved = appliedTo === null || isSameImage(appliedTo, stored);
    for (const { name, area } of regions) {
      if (isBelieved) found.regions.push({ name, box: boxOf(area, orientation), from });
      else found.misplaced.push({ name, from });
    }
  };
  add(mwgRegions(withRegions[MWG], stored), 'mwg');
  add(microsoftRegions(withRegions[MICROSOFT]), 'microsoft');
  add(iptcRegions(withRegions[IPTC], stored), 'iptc');
  add(acdseeRegions(withRegions[ACDSEE]), 'acdsee');
  const people = namesIn(saying(PERSON)[PERSON]);
  const withKeywords = saying(...HIERARCHIES, ...FLAT);
  const filed = namesInHierarchies(...HIERARCHIES.map((tag) => withKeywords[tag]));
  return {
    ...found,
    people: [
      ...people.map((name) => ({ name, from: 'person' as const })),
      ...filed.map((name) => ({ name, from: 'keyword' as const })),
    ],
    keywords: flatKeywords(...FLAT.map((tag) => withKeywords[tag])),
  };
}

/** Areas of the stored image that Picasa's list has, as boxes of the upright photo. */
export function boxOf(area: Area, orientation: Orientation): UnitBox {
  return toUpright(area, orientation) as UnitBox;
}

/** EXIF's orientation in a file's tags. */
export function orientationIn(file: Tags): Orientation {
  return orientationOf(file[ORIENTATION]);
}
