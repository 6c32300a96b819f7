import { z } from 'zod';
import { ids, line, Text } from './bounds.ts';
import { factFields, factRequests } from './facts.ts';
import { LONGEST_LIST } from './figures.ts';
import { UnitBox } from './geometry.ts';
import { EntryId, FaceId, GroupId, PersonId, PhotoId } from './ids.ts';
import {
  FaceCard,
  GroupCard,
  JournalEntry,
  Ledger,
  ListedFace,
  NamingProgress,
  PersonCard,
  PersonDetail,
  PersonLife,
  Question,
  Unlikely,
} from './people.ts';
import { RelationKind, relationRequests } from './relations.ts';
import { done, nothing, page, paging, request } from './request-parts.ts';
import { Comparing, RegroupPlan } from './screens.ts';

const faces = ids(FaceId).min(1);
const groups = ids(GroupId).min(1);
const people = ids(PersonId).min(1);
const name = line('a name');

/** Whether one face stands for all versions of a photo, named in `versions`; else each face is an item of the list. */
const stacked = z.boolean().default(false);

/** What a name is given to. */
const NameTarget = z.object({ faces: ids(FaceId).default([]), groups: ids(GroupId).default([]) });

/** `exists`: a person has this name already. The user is asked, and the request sent again with `merge` is carried out. */
const Named = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('exists'), person: PersonCard }),
  z.object({ kind: z.literal('named'), ledger: Ledger }),
]);
export type Named = z.infer<typeof Named>;

/** How many groups and lone faces may be somebody, and are too unlikely to be asked about. */
const unlikely = z.number().int();

const Answered = z.object({
  /** What undoes the answer; null for one that changed nothing. */
  entry: EntryId.nullable(),
  ledger: Ledger.nullable(),
  next: Question.nullable(),
  unlikely,
  progress: NamingProgress,
});

/**
 * `steady`: whoever was listed before stays where they were, and others come at the end, so that nothing moves under the
 * pointer while a scan goes on; else the largest come first.
 */
const listed = z.object({
  ...paging,
  hidden: z.boolean().default(false),
  steady: z.boolean().default(false),
});

/** `entry` is what was undone or done again, null: nothing was. `blockers`: what is in the way, the newest first. */
const Taken = z.object({ entry: JournalEntry.nullable(), blockers: z.array(JournalEntry) });

/** An answer is about the face, its group as it was shown, and what the user ticked. It says nothing of other offers. */
const ReviewAnswer = z.discriminatedUnion('kind', [
  /** The face and its group are that person, and so are these of those offered (faces of `also`). */
  z.object({ kind: z.literal('yes'), include: ids(FaceId).default([]) }),
  /** The face and its group are not that person; of a question `either`: neither of both people. */
  z.object({ kind: z.literal('no') }),
  /** Of a question `either`: the face and its group are this one of both people, and not the other. */
  z.object({ kind: z.literal('one'), person: PersonId }),
  /** The face and its group are strangers; with a question `who` so are these of those offered. */
  z.object({ kind: z.literal('ignore'), include: ids(FaceId).default([]) }),
  z.object({ kind: z.literal('skip') }),
  /** The face and its group are the person of this name, or a new person; with a question `who` so are these. */
  z.object({ kind: z.literal('other'), name, include: ids(FaceId).default([]) }),
]);
export type ReviewAnswer = z.input<typeof ReviewAnswer>;

/** Faces, groups, names, and what was done to them. */
export const peopleRequests = {
  'faces.get': request(z.object({ ids: z.array(FaceId).max(LONGEST_LIST) }), z.array(FaceCard)),
  /** Gives or takes a verdict that is no name. */
  'faces.mark': request(z.object({ faces, as: z.enum(['ignored', 'not-a-face', 'nothing']) }), done),
  /** Faces that the user said this of, the last said first. */
  'faces.aside': request(z.object({ ...paging, as: z.enum(['ignored', 'not-a-face']) }), page(FaceCard)),
  /** "Yes, this is Anna": each becomes an example. */
  'faces.confirm': request(z.object({ faces, person: PersonId }), z.object({ ledger: Ledger })),
  /** "Not Anna", for good. */
  'faces.refuse': request(z.object({ faces, person: PersonId }), done),
  /** A face that the detector missed; the box is what the user drew. */
  'faces.draw': request(
    z.object({ photo: PhotoId, box: UnitBox }),
    z.object({ entry: EntryId, face: FaceCard }),
  ),

  /** Gives a name to faces and groups. */
  name: request(
    NameTarget.extend({ name, merge: z.boolean().default(false) }).refine(
      ({ faces, groups }) => faces.length + groups.length > 0,
      'Expected faces or groups to name but received none',
    ),
    Named,
  ),

  'people.list': request(listed, page(PersonCard)),
  'people.get': request(z.object({ id: PersonId }), PersonDetail),
  'people.life': request(z.object({ id: PersonId }), PersonLife),
  /** Pairs of people who may be one person, the most alike first; `reading`: the faces are still being read. */
  'people.alike': request(
    z.object({}),
    z.object({ pairs: z.array(z.tuple([PersonCard, PersonCard])), reading: z.boolean() }),
  ),
  /** These are two people, however alike. */
  'people.apart': request(z.object({ people: z.tuple([PersonId, PersonId]) }), done),
  /** Names that begin with, or hold, these letters; for completion. `whose`: people who have such a relative come first. */
  'people.search': request(z.object({ text: Text, whose: RelationKind.optional() }), z.array(PersonCard)),
  'people.faces': request(
    z.object({ ...paging, id: PersonId, status: z.enum(['confirmed', 'sure', 'ask']), stacked }),
    page(ListedFace),
  ),
  'people.rename': request(
    z.object({
      id: PersonId,
      name,
      merge: z.boolean().default(false),
      evenIfTogether: z.boolean().default(false),
    }),
    z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('exists'), person: PersonCard }),
      z.object({ kind: z.literal('renamed'), entry: EntryId.nullable() }),
    ]),
  ),
  /** What merging these people into one would come to; nothing is done. */
  'people.mergePlan': request(
    z.object({ from: people, into: PersonId }),
    z.object({
      /** Photos on which the user has confirmed more than one of them: they are rather not one person. */
      photosTogether: z.number().int(),
      /** Faces of two of them on one photo, of up to three such photos. */
      examples: z.array(z.tuple([FaceId, FaceId])),
      /** Name of the first of `from` who is said to be related to `into`: they are rather not one. Null: nobody is. */
      related: z.string().nullable(),
      /** What the person has then: facts and cover that were set by hand are kept. */
      keeps: z.object({ name: z.string(), ...factFields, cover: FaceId.nullable() }),
    }),
  ),
  /** `bad-request` where two of them are on one photo, unless that is said to be known. */
  'people.merge': request(
    z.object({ from: people, into: PersonId, evenIfTogether: z.boolean().default(false) }),
    z.object({ ledger: Ledger }),
  ),
  ...factRequests,
  ...relationRequests,
  'people.cover': request(z.object({ id: PersonId, face: FaceId }), done),
  'people.hide': request(z.object({ ids: people, hidden: z.boolean() }), done),
  /** The name goes; the faces stay, unnamed. */
  'people.remove': request(z.object({ ids: people }), done),
  /** Takes faces away from their person; they have no name then, and a group of their own. */
  'people.split': request(z.object({ faces }), done),

  /** Groups without a name, the largest first. */
  'groups.list': request(listed, page(GroupCard)),
  /** Null where each face of it has a name. */
  'groups.get': request(z.object({ id: GroupId }), GroupCard.nullable()),
  'groups.faces': request(z.object({ ...paging, id: GroupId, stacked }), page(ListedFace)),
  /** Faces without a group and without a name, the best first. */
  'groups.alone': request(z.object({ ...paging }), page(FaceCard)),
  'groups.merge': request(z.object({ groups: ids(GroupId).min(2) }), done),
  /** Moves faces to another group, or to a new one. */
  'groups.move': request(z.object({ faces, to: GroupId.nullable() }), done),
  'groups.hide': request(z.object({ groups, hidden: z.boolean() }), done),
  'groups.mark': request(z.object({ groups, as: z.enum(['ignored', 'not-a-face']) }), done),
  /** What grouping everything anew would change; nothing is changed. */
  'groups.plan': request(nothing, RegroupPlan),
  /**
   * Does that plan, where nothing of what it was made from has changed meanwhile; without one, plans and does it.
   */
  'groups.regroup': request(z.object({ plan: Text.optional() }), done),

  /** The next question; null: nothing that is left is worth asking. */
  'review.next': request(
    nothing,
    z.object({ question: Question.nullable(), unlikely, progress: NamingProgress }),
  ),
  /** What is too unlikely to ask about, by person; the person with the likeliest face first. At most LONGEST_LIST faces and groups. */
  'review.unlikely': request(nothing, z.array(Unlikely)),
  /** All faces that an answer is about: of the question itself, or of an offer, named by its face. */
  'review.faces': request(z.object({ question: Text, face: FaceId }), z.array(FaceId)),
  'review.answer': request(z.object({ question: Text, answer: ReviewAnswer }), Answered),

  'compare.faces': request(z.object({ a: FaceId, b: FaceId }), Comparing),

  /** `endsAt`: when the newest entry that is kept no more was made, UTC; null: all are there. */
  'journal.list': request(
    z.object({ ...paging }),
    page(JournalEntry).extend({ endsAt: z.string().nullable() }),
  ),
  /**
   * Undoes one entry by itself, whatever was done since; without `entry` the one that was applied last. Where something
   * that was done since builds on it nothing is done, and `blockers` says what: named in `with` they are undone too.
   */
  'journal.undo': request(z.object({ entry: EntryId.optional(), with: ids(EntryId).default([]) }), Taken),
  /** Does an undone entry again; without `entry` the one that was undone last, unless something new was done since. */
  'journal.redo': request(z.object({ entry: EntryId.optional() }), Taken),
  /** Takes back the names that one entry brought, whatever was done since. */
  'journal.takeBack': request(z.object({ entry: EntryId }), done),
} as const;
