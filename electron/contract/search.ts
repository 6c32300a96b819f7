import { z } from 'zod';
import { line } from './bounds.ts';
import { MOST_PHOTOS } from './figures.ts';
import { UnitBox } from './geometry.ts';
import { EntryId, FaceId, FolderId, PersonId, PhotoId } from './ids.ts';
import { RelationKind } from './relations.ts';
import { done, nothing, page, paging, request } from './request-parts.ts';
import { PhotoCard } from './screens.ts';

/** Most of what a query holds; more is refused. Chosen by hand: a line that somebody types has ten clauses at most. */
const MOST_CLAUSES = 20;
const MOST_ATOMS = 20;

/** Longest path of a subfolder, in UTF-16 units: as long as the longest path of Linux. */
const LONGEST_UNDER = 4096;

/** Most people that a query counts: more than any photo shows. */
const MOST_PEOPLE = 1000;

/** One thing that is true of a photo, or not. */
export const Atom = z.discriminatedUnion('kind', [
  /** The person is on it: by a name that the user gave, or that Kith is sure of, or put there without a face. */
  z.object({ kind: z.literal('person'), person: PersonId }),
  /**
   * Somebody is on it who is this to the person: a child of Anna. It is kept as said, so that whoever becomes one later is
   * found too.
   */
  z.object({ kind: z.literal('related'), is: RelationKind, person: PersonId }),
  /** So many people are on it, with and without names, or without a face; what is marked as no face is nobody. `most` null: or more. */
  z.object({
    kind: z.literal('count'),
    least: z.number().int().min(0).max(MOST_PEOPLE),
    most: z.number().int().min(0).max(MOST_PEOPLE).nullable(),
  }),
  /** It was taken on one of these days, both included; photos without a date were not. */
  z.object({ kind: z.literal('date'), from: z.iso.date(), to: z.iso.date() }),
  /** It was taken in one of these months of any year, 1 to 12. */
  z.object({ kind: z.literal('months'), months: z.array(z.number().int().min(1).max(12)).min(1).max(12) }),
  /** A file of it lies in this folder or below: `under` is a subfolder, `/` between its parts, or empty. */
  z.object({ kind: z.literal('folder'), folder: FolderId, under: z.string().max(LONGEST_UNDER) }),
  /** It was taken by this camera, make and model as the file says. */
  z.object({ kind: z.literal('camera'), camera: line('a camera') }),
  /** The name of a file of it holds this, or that of a folder in which the file lies; upper and lower case are one. */
  z.object({ kind: z.literal('text'), text: line('a text') }),
  /** A face on it has no name and was not ignored. */
  z.object({ kind: z.literal('unnamed') }),
  /** Kith asks about a face on it. */
  z.object({ kind: z.literal('check') }),
  /** It is one of these. */
  z.object({ kind: z.literal('photos'), photos: z.array(PhotoId).min(1).max(MOST_PHOTOS) }),
]);
export type Atom = z.infer<typeof Atom>;

/** True of a photo of which one of the atoms is, or, with `not`, none of them. */
export const Clause = z.object({ not: z.boolean(), any: z.array(Atom).min(1).max(MOST_ATOMS) });
export type Clause = z.infer<typeof Clause>;

/**
 * What is searched for: photos of which all clauses are true. "Anna and Ben, without Carl" is three clauses, "Anna or Ben"
 * is one clause of two atoms.
 */
export const Query = z.array(Clause).max(MOST_CLAUSES);
export type Query = z.infer<typeof Query>;

/** A face that a photo was found for. */
export const FoundFace = z.object({ id: FaceId, box: UnitBox });

/** A photo that was found. */
export const FoundPhoto = PhotoCard.extend({
  /** Faces of the people, of relatives, without a name, or to be checked that the query names, from left to right. */
  matched: z.array(FoundFace),
});
export type FoundPhoto = z.infer<typeof FoundPhoto>;

/** What a query can name besides what anybody can type. */
export const Vocabulary = z.object({
  people: z.array(z.object({ id: PersonId, name: z.string() })),
  /** Whether anybody is said to be related to somebody. */
  areRelated: z.boolean(),
  /** Every folder that holds photos, and every subfolder; `name` is its last part. */
  folders: z.array(
    z.object({ folder: FolderId, under: z.string(), name: z.string(), photos: z.number().int() }),
  ),
  cameras: z.array(z.object({ camera: z.string(), photos: z.number().int() })),
  /** Years of the first and the last dated photo; null: no photo has a date. */
  years: z.tuple([z.number().int(), z.number().int()]).nullable(),
});
export type Vocabulary = z.infer<typeof Vocabulary>;

/** An album that fills itself: a query that was saved under a name. */
export const AlbumCard = z.object({
  id: z.number().int().positive(),
  name: z.string(),
  query: Query,
  photos: z.number().int(),
  /** The newest photo that is in it; null: none is. */
  cover: PhotoId.nullable(),
});
export type AlbumCard = z.infer<typeof AlbumCard>;

const AlbumId = z.number().int().positive();
const albumName = line('a name');

/** Searching for photos, and albums that fill themselves. */
export const searchRequests = {
  /** Photos that a query finds, by date. */
  'search.photos': request(z.object({ query: Query, ...paging }), page(FoundPhoto)),
  /** How many of these were taken in which month (`YYYY-MM`), in the order of the list; those without a date are the last. */
  'search.months': request(
    z.object({ query: Query }),
    z.array(z.object({ month: z.string().nullable(), photos: z.number().int() })),
  ),
  /** The photos before and after one among those that a query finds; none where the query does not find the photo. */
  'search.beside': request(
    z.object({ query: Query, photo: PhotoId }),
    z.object({ previous: PhotoId.nullable(), next: PhotoId.nullable() }),
  ),
  'search.vocabulary': request(nothing, Vocabulary),

  'albums.list': request(nothing, z.array(AlbumCard)),
  'albums.save': request(
    z.object({ name: albumName, query: Query.min(1) }),
    z.object({ entry: EntryId.nullable(), album: AlbumId }),
  ),
  'albums.rename': request(z.object({ album: AlbumId, name: albumName }), done),
  'albums.remove': request(z.object({ album: AlbumId }), done),
} as const;
