import { z } from 'zod';
import { Path } from './bounds.ts';
import { DetectorId, EncoderId, EntryId, FaceId, PhotoId } from './ids.ts';
import { nothing, request } from './request-parts.ts';

/** A photo, and the path of its first file within its folder. */
const onPhoto = { photo: PhotoId, path: z.string() };

/** A name that no face of its photo got. */
const LooseName = z.object({ ...onPhoto, name: z.string() });
export type LooseName = z.infer<typeof LooseName>;

/** Names that contradict each other, or the user's labels. Kith changes nothing there: the user decides. */
export const NameContradiction = z.discriminatedUnion('why', [
  /** One face has several names. */
  z.object({
    why: z.literal('two-names'),
    ...onPhoto,
    /** Null: no face is known there. */
    face: FaceId.nullable(),
    names: z.array(z.string()),
  }),
  /** One name stands on two faces of a photo. */
  z.object({ why: z.literal('twice'), ...onPhoto, name: z.string() }),
  /** One name stands in two groups that are surely two people: both are on this photo. */
  z.object({ why: z.literal('two-people'), ...onPhoto, name: z.string(), faces: z.number().int() }),
  /** The user has said something else of the face. `said`: a name; null: that it is a stranger, no face, or not that person. */
  z.object({
    why: z.literal('said'),
    ...onPhoto,
    face: FaceId,
    name: z.string(),
    said: z.string().nullable(),
  }),
]);
export type NameContradiction = z.infer<typeof NameContradiction>;

/** What became of the names in photos' metadata, or would become of them. */
export const NamesTaken = z.object({
  /** Photos that have names. */
  photos: z.number().int(),
  /** The people who get faces; `known`: the library had a person of that name before. */
  people: z.array(z.object({ name: z.string(), faces: z.number().int(), known: z.boolean() })),
  /** Faces that get a name. */
  faces: z.number().int(),
  /** Of these, faces that Kith had not found. */
  drawn: z.number().int(),
  /** Names that their faces have already. */
  already: z.number().int(),
  contradictions: z.array(NameContradiction),
  /** Names for a photo that may be of several of its faces, or of none that Kith found. */
  unplaced: z.array(LooseName),
  /** Names in regions that are not believed: the photo was cropped or rotated since. */
  misplaced: z.array(LooseName),
  /** The entry whose undo takes it back; null: nothing was changed. */
  entry: EntryId.nullable(),
});
export type NamesTaken = z.infer<typeof NamesTaken>;

/** The offer after a scan: this many names, for this many faces. */
export const NamesOffer = z.object({ names: z.number().int(), faces: z.number().int() });
export type NamesOffer = z.infer<typeof NamesOffer>;

/** Names that other programs wrote into photos' metadata. */
export const namesInRequests = {
  /** Scans a folder, reads the names in its photos' metadata, and gives them to their faces: one command. */
  'folder.names': request(
    z.object({
      path: Path,
      detector: DetectorId.optional(),
      encoder: EncoderId.optional(),
      /** Whether only to say what would be done. */
      dry: z.boolean().default(false),
    }),
    NamesTaken,
  ),
  /**
   * Takes the names that users gave from a record that Kith exported as JSON Lines. Photos are known by their content, wherever
   * they lie now. Names that Kith gave by itself are not taken: it gives them again here.
   */
  'record.import': request(
    z.object({
      /** The folder of the record. */
      path: Path,
      /** Whether only to say what would be done. */
      dry: z.boolean().default(false),
    }),
    NamesTaken.extend({
      /** Photos with names that this library does not have. */
      missing: z.number().int(),
    }),
  ),
  /** Names that were found since the user last said what to do with such; null: none. */
  'names.offer': request(nothing, NamesOffer.nullable()),
  /** Gives all names that were found to their faces: one command. */
  'names.use': request(nothing, NamesTaken),
  /** Not now: nothing is offered until more names are found. */
  'names.later': request(nothing, nothing),
} as const;
