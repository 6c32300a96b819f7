import { z } from 'zod';
import { ids, Path } from './bounds.ts';
import { USUAL_PATTERN } from './crop-pattern.ts';
import { CropLook, FilePattern, TrainingSplit } from './crops.ts';
import { GroupId, PersonId } from './ids.ts';
import { DataFormat } from './record-format.ts';
import { nothing, request } from './request-parts.ts';
import { Query } from './search.ts';

/** What every export of pictures answers. */
const written = {
  /** Real path of the folder. */
  folder: z.string(),
  /** How many were written. */
  files: z.number().int(),
  /** Whether it was ended before all of them were. */
  cancelled: z.boolean(),
};

/** Handing out faces and photos. Each export is whole files in a folder of its own, and a list of them. */
export const exportRequests = {
  'export.crops': request(
    CropLook.extend({
      people: ids(PersonId).default([]),
      groups: ids(GroupId).default([]),
      all: z.boolean().default(false),
      /** The faces that a search names, on the photos that it finds; all named ones where it names none. */
      found: Query.optional(),
      /** Where to, an absolute path outside of all folders of photos; null: `Kith faces` beside the first of these. */
      folder: Path.nullable(),
      /** Whether faces are among them that Kith is sure of, besides those that the user confirmed. */
      sure: z.boolean().default(true),
      /** Faces whose box has a shorter side, in pixels of the full-size photo, are left out. */
      minSize: z.number().int().min(0).max(10_000).default(0),
      /** Faces of a lower quality, 0..1, are left out. */
      minQuality: z.number().min(0).max(1).default(0),
      /** How each file is called, without its extension. */
      pattern: FilePattern.default(USUAL_PATTERN),
      /** Whether each folder gets a contact sheet, as PDF. */
      sheets: z.boolean().default(false),
      /** Folders `train`, `val` and `test`, each with a folder for each person; null: one for each person. */
      training: TrainingSplit.nullable().default(null),
    }),
    z.object({
      ...written,
      /** Photo of each face that could not be cut out of its photo: it is gone, or can't be read. */
      failed: z.array(z.string()),
      /** Photo of each of these faces that was not written at all: the record has no small picture of it (any more). */
      skipped: z.array(z.string()),
      /** How many faces were left out since they are too small, or too poor. */
      left: z.number().int(),
    }),
  ),
  /**
   * The photos that a search finds, into one folder: copied, or as second names of the same files (hard links) where the
   * file system can give them; `names`: none of them. A list says who is on each.
   */
  'export.photos': request(
    z.object({
      query: Query,
      how: z.enum(['copy', 'link', 'names']),
      /** An absolute path outside of all folders of photos; null: `Kith photos` beside the first of these. */
      folder: Path.nullable(),
    }),
    z.object({
      ...written,
      /** The first file of each photo that is gone, or whose files hold something else by now. */
      failed: z.array(z.string()),
    }),
  ),
  /**
   * Copies of photos on which nobody can be recognised but these people, without any metadata. Every other face is hidden:
   * of other people, of nobody, also those that were set aside, and whatever a detector finds on the photo besides.
   */
  'export.private': request(
    z.object({
      /** Who stays recognisable. */
      keep: ids(PersonId),
      /** Whether faces stay recognisable that Kith is sure of, besides those that the user confirmed. */
      sure: z.boolean().default(true),
      /** Which photos; all that one of these people is on when left out. */
      query: Query.optional(),
      /** An absolute path outside of all folders of photos; null: `Kith private` beside the first of these. */
      folder: Path.nullable(),
    }),
    z.object({
      ...written,
      /** The first file of each photo that is gone, or can't be read. */
      failed: z.array(z.string()),
      /** How many faces were hidden. */
      hidden: z.number().int(),
    }),
  ),
  /** What the library knows, in an open format: people, photos, faces, who they are and who said so, embeddings. */
  'export.record': request(
    z.object({
      format: DataFormat,
      /** An absolute path outside of all folders of photos; null: `Kith record` beside the first of these. */
      folder: Path.nullable(),
    }),
    z.object({
      folder: z.string(),
      files: z.number().int(),
      people: z.number().int(),
      faces: z.number().int(),
    }),
  ),
  /** Ends the exports that run, after the file in hand. What is there is whole; each is answered with `cancelled`. */
  'export.cancel': request(nothing, nothing),
};
