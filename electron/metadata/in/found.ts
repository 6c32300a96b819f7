import { z } from 'zod';
import { UnitBox } from '../../contract/geometry.ts';

/** What names were read from. */
export const NameSource = z.enum([
  /** Regions of the Metadata Working Group: digiKam, Lightroom, Picasa 3.9, Apple's exports by other tools, Kith. */
  'mwg',
  /** Regions of Microsoft: Windows Photo Gallery, digiKam, Kith. */
  'microsoft',
  /** `ImageRegion` of IPTC. */
  'iptc',
  'acdsee',
  /** `.picasa.ini` */
  'picasa',
  /** `PersonInImage` of IPTC: Apple's exports. */
  'person',
  /** A keyword under `People`. */
  'keyword',
  /** A flat keyword that is the name of a person in the library. */
  'flat',
  /** Google Takeout's JSON. */
  'google',
  /** A record that Kith has handed out: docs/formats.md. */
  'record',
]);
export type NameSource = z.infer<typeof NameSource>;

/** A name with its place on the upright photo. */
export const FoundRegion = z.object({ name: z.string(), box: UnitBox, from: NameSource });
export type FoundRegion = z.infer<typeof FoundRegion>;

/** A name of a person on the photo, without a place. */
export const FoundPerson = z.object({ name: z.string(), from: NameSource });
export type FoundPerson = z.infer<typeof FoundPerson>;

/** The names that one file, and what lies beside it, say of its photo. */
export const FoundNames = z.object({
  regions: z.array(FoundRegion),
  people: z.array(FoundPerson),
  /** Keywords at the top level. One of them counts as a name only where the library has a person of that name. */
  keywords: z.array(z.string()),
  /** Names in regions that are not believed: the photo was cropped or rotated since they were made. */
  misplaced: z.array(FoundPerson),
});
export type FoundNames = z.infer<typeof FoundNames>;

/** Whether it holds no name, and no keyword that could be one. */
export function isEmpty({ regions, people, keywords, misplaced }: FoundNames): boolean {
  return regions.length + people.length + keywords.length + misplaced.length === 0;
}

/**
 * Words that programs write for a face without a name, in lower case. Source: digiKam's tags `Unknown`, `Unconfirmed` and
 * `Ignored` (core/libs/database/tags/facetags.cpp) in the languages that Kith has seen, Picasa's `Unknown`, and those
 * that people type.
 */
const NOBODY = new Set([
  'unknown',
  'unknown person',
  'unknown face',
  'unnamed',
  'unnamed person',
  'unconfirmed',
  'ignored',
  'no name',
  'noname',
  'unbekannt',
  'unbekannte person',
  'unbekanntes gesicht',
  'unbenannt',
  'unbestätigt',
  'ignoriert',
  'inconnu',
  'inconnue',
  'desconocido',
  'desconocida',
  'sconosciuto',
  'sconosciuta',
  'onbekend',
  'null',
  'undefined',
  'none',
  'n/a',
  'person',
  'face',
]);

/** Longest name that Kith keeps: see `line` in contract/bounds.ts. */
const LONGEST_NAME = 200;

/** A name as other programs wrote it, tidied; null: it is no name. */
export function nameOf(text: string): string | null {
  const name = text
    .normalize('NFC')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  if (name.length === 0 || name.length > LONGEST_NAME) return null;
  if (!/[\p{L}\p{N}]/u.test(name)) return null;
  return NOBODY.has(name.toLocaleLowerCase('und')) ? null : name;
}
