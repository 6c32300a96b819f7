import { z } from 'zod';
import { factFields } from './facts.ts';
import { UnitBox } from './geometry.ts';
import { EntryId, FaceId, GroupId, PersonId, PhotoId } from './ids.ts';

/** What is known of a face's person, and who said so. */
export const FaceStatus = z.enum([
  /** Somebody said it of this face, or of the group that it is in. */
  'confirmed',
  /** Kith says it, and expects to be wrong about one in a thousand. */
  'sure',
  /** Kith would ask. */
  'ask',
  /** Nobody's. */
  'none',
  /** A stranger: a person decided not to name this face. */
  'ignored',
  /** A person said that this is no face at all. */
  'not-a-face',
]);
export type FaceStatus = z.infer<typeof FaceStatus>;

/** One face as every screen shows it. Its picture is `face/<id>`. */
export const FaceCard = z.object({
  id: FaceId,
  photo: PhotoId,
  box: UnitBox,
  /** How far the face can be trusted to stand for its person, 0..1. */
  quality: z.number(),
  group: GroupId.nullable(),
  status: FaceStatus,
  /** Present for confirmed, sure and ask. */
  person: z.object({ id: PersonId, name: z.string() }).nullable(),
  /** That the face is that person's, 0..1; null where a person said so. */
  probability: z.number().nullable(),
});
export type FaceCard = z.infer<typeof FaceCard>;

/** A face in a list that may show versions of one photo as a stack. */
export const ListedFace = FaceCard.extend({
  /**
   * Other faces of the list that this one stands for, the best first: on copies, edits and exports of its photo, and on
   * frames of its burst.
   */
  versions: z.array(FaceCard.pick({ id: true, photo: true })),
});
export type ListedFace = z.infer<typeof ListedFace>;

export const PersonCard = z.object({
  id: PersonId,
  name: z.string(),
  /** The face that stands for the person. */
  cover: FaceId.nullable(),
  /** Faces by status. */
  confirmed: z.number().int(),
  sure: z.number().int(),
  ask: z.number().int(),
  ...factFields,
  hidden: z.boolean(),
});
export type PersonCard = z.infer<typeof PersonCard>;

/** A person's own page. */
export const PersonDetail = PersonCard.extend({
  photos: z.number().int(),
  /** Years of the first and the last dated photo. */
  years: z.tuple([z.number().int(), z.number().int()]).nullable(),
});
export type PersonDetail = z.infer<typeof PersonDetail>;

/** A person over the years, and in whose company. */
export const PersonLife = z.object({
  /**
   * The best face of each year with dated photos, in order; null where no face of that year is the person's. Of several
   * versions of a photo, any one.
   */
  years: z.array(z.object({ year: z.number().int(), face: FaceId.nullable(), photo: PhotoId })),
  /** Who is on the most photos together with this person, without hidden people; the most first. */
  company: z.array(
    z.object({ id: PersonId, name: z.string(), cover: FaceId.nullable(), photos: z.number().int() }),
  ),
  /** The first and the last dated photo; null where none is. */
  ends: z.tuple([PhotoId, PhotoId]).nullable(),
});
export type PersonLife = z.infer<typeof PersonLife>;

/** Faces that nobody has named and that Kith takes for one person. */
export const GroupCard = z.object({
  id: GroupId,
  size: z.number().int(),
  /** Its best face, and up to four more. */
  cover: FaceId,
  others: z.array(FaceId),
  hidden: z.boolean(),
  /** Whom Kith takes the group for, without being sure. */
  maybe: z.object({ id: PersonId, name: z.string(), probability: z.number() }).nullable(),
});
export type GroupCard = z.infer<typeof GroupCard>;

/** What a name brought with it. One journal entry, taken back as one. */
export const Ledger = z.object({
  /** What takes it back; null: it was so already. */
  entry: EntryId.nullable(),
  person: z.object({ id: PersonId, name: z.string() }),
  /** Faces that the person who named pointed at. */
  examples: z.number().int(),
  /** Faces that got the name without a hand. */
  sure: z.number().int(),
  /** Photos that the person is on now, by hand or without. */
  photos: z.number().int(),
  /** Faces that Kith would ask about. */
  ask: z.number().int(),
  /** Faces of the library that still are nobody's. */
  left: z.number().int(),
  /** Kith is still reading the faces: whoever is surely that person follows, and an event tells of it. */
  reading: z.boolean(),
});
export type Ledger = z.infer<typeof Ledger>;

/** What somebody did, as the history shows it. */
export const JournalEntry = z.object({
  id: EntryId,
  /** UTC, ISO 8601. */
  at: z.string(),
  /** Word for the action, such as `name`, `merge`, `refuse`; the shells hold a sentence for each. */
  action: z.string(),
  /** Names and counts for that sentence. */
  detail: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
  by: z.enum(['hand', 'kith']),
  state: z.enum(['done', 'undone']),
  /** How many faces it concerns. */
  changed: z.number().int(),
  /** Up to six of them. */
  faces: z.array(FaceId),
});
export type JournalEntry = z.infer<typeof JournalEntry>;

/** How much of the library is settled. */
export const NamingProgress = z.object({
  /** Faces that are confirmed, sure, ignored or not a face. */
  settled: z.number().int(),
  /** All faces. */
  total: z.number().int(),
});
export type NamingProgress = z.infer<typeof NamingProgress>;

const asked = {
  /** Names the question; an answer gives it back. */
  id: z.string(),
  /** The face that is asked about. */
  face: FaceCard,
  /**
   * Up to eight more faces of its group, the best first, of versions of one photo one: the answer holds for the whole
   * group.
   */
  mates: z.array(FaceId),
  /** All faces that the answer is about: the face and those of its group. */
  faces: z.number().int(),
  /**
   * Other groups, and lone faces, that are likely the same person: the answer is about those of them that the user ticks.
   * Each by its best face, with up to two more of its group; `faces`: how many it has.
   */
  also: z.array(z.object({ face: FaceId, mates: z.array(FaceId), faces: z.number().int() })),
};

/** One of two people who are asked about together. */
const OneOfTwo = z.object({
  id: PersonId,
  name: z.string(),
  /** Up to two faces that surely are that person's, the most telling first. */
  references: z.array(FaceId),
  /** That the face is that person's, 0..1. */
  probability: z.number(),
});

/**
 * One question for the review, by `kind`:
 *
 * - `is`: are these that person? Yes, no, somebody else, a stranger, or later.
 * - `either`: which of two people who look like each other is it? One of them (answer `one`), neither (answer `no`),
 *   somebody else, a stranger, or later. It is about the face and its group: `also` is empty.
 * - `who`: nobody whom Kith knows: who is this? A name (answer `other`), a stranger, or later.
 */
export const Question = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('is'),
    ...asked,
    person: z.object({ id: PersonId, name: z.string() }),
    /** Up to two faces that surely are that person's, the most telling first. */
    references: z.array(FaceId),
    /** That the face is that person's, 0..1. */
    probability: z.number(),
  }),
  z.object({
    kind: z.literal('either'),
    ...asked,
    /** In the same order each time that these two are asked about. */
    people: z.tuple([OneOfTwo, OneOfTwo]),
  }),
  z.object({ kind: z.literal('who'), ...asked }),
]);
export type Question = z.infer<typeof Question>;

/** Faces and groups that are probably not this person: Kith does not ask about them. */
export const Unlikely = z.object({
  person: z.object({ id: PersonId, name: z.string() }),
  /** Up to two faces that surely are that person's, the most telling first. */
  references: z.array(FaceId),
  /** Groups and lone faces, the likeliest first. */
  units: z.array(
    z.object({
      face: FaceCard,
      /** That face, then the others of its group. */
      faces: z.array(FaceId),
      /** That they are that person's, 0..1. */
      probability: z.number(),
    }),
  ),
});
export type Unlikely = z.infer<typeof Unlikely>;
