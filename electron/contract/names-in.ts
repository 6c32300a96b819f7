import { z } from 'zod';
import { line, Path, Text } from './bounds.ts';
import { LONGEST_LIST } from './figures.ts';
import { UnitBox } from './geometry.ts';
import { DetectorId, EncoderId, EntryId, FaceId, GroupId, PhotoId } from './ids.ts';
import { done, nothing, request } from './request-parts.ts';

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
  /** People who are put on a photo without a face; only a record that Kith exported tells of such. */
  put: z.number().int(),
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

/** A face on a photo, or where a file says that one is. */
export const NamePlace = z.object({
  /** Null: Kith has found no face there. An answer that gives it a name draws it. */
  face: FaceId.nullable(),
  box: UnitBox,
});
export type NamePlace = z.infer<typeof NamePlace>;

/** `id` names the question, and an answer gives it back: the same as long as the files say the same. */
const asked = { id: z.string(), ...onPhoto };

/** One question about names in photos' metadata, by `why`: see {@link NameContradiction}. */
export const NameQuestion = z.discriminatedUnion('why', [
  /** Who is this? Answers: `name`. */
  z.object({ why: z.literal('two-names'), ...asked, place: NamePlace, names: z.array(z.string()) }),
  /** Which of these is that person? Answers: `place`, `both`, `none`. */
  z.object({ why: z.literal('twice'), ...asked, name: z.string(), places: z.array(NamePlace) }),
  /** Which of these groups is that person? Answers: `group`, `none`. */
  z.object({
    why: z.literal('two-people'),
    ...asked,
    name: z.string(),
    groups: z.array(
      z.object({
        group: GroupId,
        /** Where it is on the photo that shows several of them. */
        here: NamePlace,
        /** Up to four faces that have the name by their files. */
        faces: z.array(FaceId),
        /** How many these are in all. */
        count: z.number().int(),
      }),
    ),
  }),
  /** Does what the user said of the face hold? Answers: `keep`, `change`. */
  z.object({
    why: z.literal('said'),
    ...asked,
    face: FaceId,
    box: UnitBox,
    name: z.string(),
    said: z.string().nullable(),
    /** Where the file says that the person is: another face, where the user gave that name to this one. */
    place: NamePlace,
  }),
  /** Which of these faces is that person? The file says no more than that the person is on the photo. Answers: `face`, `none`. */
  z.object({ why: z.literal('unplaced'), ...asked, name: z.string(), faces: z.array(NamePlace).min(1) }),
]);
export type NameQuestion = z.infer<typeof NameQuestion>;

/** The user's answer to a {@link NameQuestion}. No answer is given by leaving a question. */
export const NameAnswer = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('name'), name: line('a name') }),
  /** By its place in the question's list, from 0. */
  z.object({ kind: z.literal('place'), at: z.number().int().min(0) }),
  z.object({ kind: z.literal('group'), group: GroupId }),
  z.object({ kind: z.literal('face'), face: FaceId }),
  /** The photo is a mirror or a collage: all of them. */
  z.object({ kind: z.literal('both') }),
  /** None of them: the file is wrong, or Kith has not found the face. */
  z.object({ kind: z.literal('none') }),
  /** What the user said holds. */
  z.object({ kind: z.literal('keep') }),
  /** The file is right. */
  z.object({ kind: z.literal('change') }),
]);
export type NameAnswer = z.infer<typeof NameAnswer>;

/** The questions that are open now. */
export const OpenNames = z.object({
  /** The first of them. */
  questions: z.array(NameQuestion),
  total: z.number().int(),
  /** Names for photos on which every face has a name: nothing to choose from. */
  faceless: z.array(LooseName),
  /** Whether there are questions, or names, that came since the user last said what to do with such. */
  isNew: z.boolean(),
});
export type OpenNames = z.infer<typeof OpenNames>;

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
   * they lie now. Names that Kith gave by itself are not taken: it gives them again here. Relations come along where both
   * people are here then; what is said of two people here stays.
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
      /** Relations: those that are taken, and those left out, since somebody is not here or it contradicts what is said here. */
      relations: z.object({ taken: z.number().int(), left: z.number().int() }),
    }),
  ),
  /** Names that were found since the user last said what to do with such; null: none. */
  'names.offer': request(nothing, NamesOffer.nullable()),
  /** Gives all names that were found to their faces: one command. */
  'names.use': request(nothing, NamesTaken),
  /** Not now: nothing is offered until more names are found. */
  'names.later': request(nothing, nothing),
  /** What the names that were found leave to the user; empty before the names are used. */
  'names.open': request(
    z.object({ limit: z.number().int().min(0).max(LONGEST_LIST).default(LONGEST_LIST) }),
    OpenNames,
  ),
  /**
   * Answers a question: one command, with what follows from it. The question is not asked again, unless the command is
   * undone or the file says something else. `changed-meanwhile`: the question is not open any more.
   */
  'names.settle': request(z.object({ question: Text, answer: NameAnswer }), done),
} as const;
