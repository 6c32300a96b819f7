import { z } from 'zod';
import { ids, MOST_IDS, Path, Text } from './bounds.ts';
import { Erased, KeptCopy, RecordSummary } from './copies.ts';
import { Diagnostics } from './diagnostics.ts';
import { Finding, FindingKind, Repaired } from './doctor.ts';
import { UnitBox } from './geometry.ts';
import { DetectorId, EncoderId, EntryId, FaceId, FolderId, GroupId, PersonId, PhotoId } from './ids.ts';
import { Learning, LearningState, LossName } from './learning.ts';
import {
  FaceCard,
  GroupCard,
  JournalEntry,
  Ledger,
  NamingProgress,
  PersonCard,
  PersonDetail,
  Question,
} from './people.ts';
import { FolderGroups, FoundPerson, NamedExample, TaggedFolder } from './results.ts';
import {
  CalibrationCard,
  Comparing,
  FolderCard,
  ModelCard,
  Overview,
  PhotoCard,
  PhotoDetail,
  RegroupPlan,
  ScanState,
  Settings,
  UnreadableFile,
} from './screens.ts';
import { Shot } from './vision.ts';

/**
 * Everything that a page may ask of the service: the name of each request, what it takes and what it gives. Both
 * transports, the page and the tests infer from it. A request that fails gives a `Failure` instead.
 */

/** Longest list that one request gives. */
const MOST = 500;

/** Files that may be given for one model, which has two at most; more only so that the refusal can name what was given. */
const MOST_FILES = 50;

/** Where a list goes on; what the former page gave as `next`. Null: from the start. */
const paging = {
  cursor: Text.nullable().default(null),
  limit: z.number().int().min(1).max(MOST).default(200),
};

function page<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), next: z.string().nullable(), total: z.number().int() });
}

function request<P extends z.ZodType, R extends z.ZodType>(params: P, result: R) {
  return { params, result };
}

const nothing = z.object({});
const faces = ids(FaceId).min(1);
const groups = ids(GroupId).min(1);
const people = ids(PersonId).min(1);
/** A name as a person types it. SQLite's own functions on text end at a NUL. */
const name = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .refine((text) => !text.includes('\0'), 'Expected a name but received one with a NUL in it');
const done = z.object({ entry: EntryId.nullable() });

/** A folder that is scanned, and its answer waited for; by other models than those in use where they are named. */
const FolderWork = z.object({
  path: Path,
  detector: DetectorId.optional(),
  encoder: EncoderId.optional(),
});

/** Which photos: of a folder, those that a person is on, or all. */
const photosOf = { folder: FolderId.optional(), person: PersonId.optional() };

/** What a name is given to. */
const NameTarget = z.object({ faces: ids(FaceId).default([]), groups: ids(GroupId).default([]) });

/** A name that is somebody's already is asked about once: `exists`; said again with `merge` it is done. */
const Named = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('exists'), person: PersonCard }),
  z.object({ kind: z.literal('named'), ledger: Ledger }),
]);
export type Named = z.infer<typeof Named>;

const Answered = z.object({
  /** What undoes the answer; null for one that changed nothing. */
  entry: EntryId.nullable(),
  ledger: Ledger.nullable(),
  next: Question.nullable(),
  progress: NamingProgress,
});

/** `entry` is what was undone or done again, null: nothing was. `blockers`: what is in the way, the newest first. */
const Taken = z.object({ entry: JournalEntry.nullable(), blockers: z.array(JournalEntry) });

const ReviewAnswer = z.discriminatedUnion('kind', [
  /** All that were shown are that person, but for these of them (`face`, or faces of `also`). */
  z.object({ kind: z.literal('yes'), except: ids(FaceId).default([]) }),
  /** None of them is that person. */
  z.object({ kind: z.literal('no') }),
  /** The face and its group are strangers; of a question `who` all that were shown are, but for these. */
  z.object({ kind: z.literal('ignore'), except: ids(FaceId).default([]) }),
  z.object({ kind: z.literal('skip') }),
  /** The face and its group are the person of this name, or somebody new; of a question `who` all that were shown. */
  z.object({ kind: z.literal('other'), name, except: ids(FaceId).default([]) }),
]);
export type ReviewAnswer = z.input<typeof ReviewAnswer>;

export const requests = {
  'library.overview': request(nothing, Overview),
  /**
   * Copies the record to a new file: whole and checked, or not at all. `path` is absolute; null: among the copies that
   * Kith keeps beside the library.
   */
  'library.backup': request(
    z.object({ path: Path.nullable() }),
    z.object({ path: z.string(), summary: RecordSummary }),
  ),
  /** The copies that Kith keeps beside the library, the newest first. */
  'library.copies': request(nothing, z.array(KeptCopy)),
  /** What a copy holds beside what the library holds now. Changes neither. */
  'library.inspect': request(z.object({ path: Path }), z.object({ copy: RecordSummary, now: RecordSummary })),
  /**
   * Puts a copy in the record's place. `former`: the copy as which the former record is kept, and that can be restored
   * in turn; null where there was no file.
   */
  'library.restore': request(
    z.object({ path: Path }),
    z.object({ path: z.string(), former: z.string().nullable(), summary: RecordSummary }),
  ),
  /** What is wrong with the record. Reads all of it. */
  'library.check': request(nothing, z.array(Finding)),
  /** Repairs what can be repaired of these kinds, after a copy was made; what the user sees of it can be undone. */
  'library.repair': request(
    z.object({ kinds: z.array(FindingKind).max(100) }),
    Repaired.extend({ entry: EntryId.nullable() }),
  ),
  /** Forgets everything, the copies that Kith keeps included; photos are never touched. */
  'library.erase': request(z.object({ sure: z.literal(true) }), Erased),

  'folders.list': request(nothing, z.array(FolderCard)),
  /** Folders in a folder, for hosts without a dialog; null: the places to begin with. */
  'folders.browse': request(
    z.object({ path: Path.nullable() }),
    z.object({
      path: z.string().nullable(),
      parent: z.string().nullable(),
      entries: z.array(z.object({ name: z.string(), path: z.string(), photos: z.number().int() })),
    }),
  ),
  /**
   * Folders of this name, in the home folder and on drives, that hold these files: where a dropped folder lies. Each
   * file is named by its path within the folder; sizes are bytes.
   */
  'folders.find': request(
    z.object({ name: Path, files: z.array(z.object({ name: Path, size: z.number() })).max(50) }),
    z.array(z.string()),
  ),
  /** The sample photos that come with Kith. */
  'folders.sample': request(nothing, z.object({ path: z.string() })),

  'scan.start': request(z.object({ path: Path }), ScanState),
  'scan.state': request(nothing, ScanState.nullable()),
  'scan.pause': request(nothing, nothing),
  'scan.resume': request(nothing, nothing),
  'scan.cancel': request(nothing, nothing),

  /** Scans a folder, brings the library over to this encoder, groups, and gives what the folder holds. */
  'folder.group': request(FolderWork, FolderGroups),
  /** The same, then gives each example's name, and everybody's who is sure by that. */
  'folder.tag': request(
    FolderWork.extend({ examples: z.array(NamedExample).min(1).max(MOST_IDS) }),
    TaggedFolder,
  ),
  /** The faces of a folder that are, or may be, the person's on one of its photos, the best first. Nothing is named. */
  'folder.find': request(FolderWork.extend({ photo: Path }), FoundPerson),

  'photos.list': request(z.object({ ...paging, ...photosOf }), page(PhotoCard)),
  /** How many photos of that list were taken in which month, in its order. Those without a date are the last. */
  'photos.months': request(
    z.object(photosOf),
    z.array(
      z.object({
        /** `YYYY-MM` */
        month: z.string().nullable(),
        photos: z.number().int(),
      }),
    ),
  ),
  'photos.get': request(z.object({ id: PhotoId }), PhotoDetail),
  /** Photos of the library that a file of this name and size holds: which one was dropped on the page. */
  'photos.find': request(z.object({ name: Path, bytes: z.number().int() }), z.array(PhotoId)),
  /** Read from the file when it is asked for. */
  'photos.shot': request(z.object({ id: PhotoId }), Shot),
  'photos.unreadable': request(z.object({ ...paging }), page(UnreadableFile)),
  /** A mirror or a collage: one person may be on it more than once. */
  'photos.several': request(z.object({ id: PhotoId, several: z.boolean() }), done),

  'faces.get': request(z.object({ ids: z.array(FaceId).max(MOST) }), z.array(FaceCard)),
  /** Gives or takes a verdict that is no name. */
  'faces.mark': request(z.object({ faces, as: z.enum(['ignored', 'not-a-face', 'nothing']) }), done),
  /** "Yes, this is Anna": each becomes an example. */
  'faces.confirm': request(z.object({ faces, person: PersonId }), z.object({ ledger: Ledger })),
  /** "Not Anna", for good. */
  'faces.refuse': request(z.object({ faces, person: PersonId }), done),
  /** A face that was missed; the box is what somebody drew. */
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

  'people.list': request(z.object({ ...paging, hidden: z.boolean().default(false) }), page(PersonCard)),
  'people.get': request(z.object({ id: PersonId }), PersonDetail),
  /** Names that begin with, or hold, these letters; for completion. */
  'people.search': request(z.object({ text: Text }), z.array(PersonCard)),
  'people.faces': request(
    z.object({ ...paging, id: PersonId, status: z.enum(['confirmed', 'sure', 'ask']) }),
    page(FaceCard),
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
      /** What the person has then: birth date and cover that were set by hand are kept. */
      keeps: z.object({ name: z.string(), birth: z.string().nullable(), cover: FaceId.nullable() }),
    }),
  ),
  /** `bad-request` where two of them are on one photo, unless that is said to be known. */
  'people.merge': request(
    z.object({ from: people, into: PersonId, evenIfTogether: z.boolean().default(false) }),
    z.object({ ledger: Ledger }),
  ),
  'people.birth': request(z.object({ id: PersonId, birth: z.iso.date().nullable() }), done),
  'people.cover': request(z.object({ id: PersonId, face: FaceId }), done),
  'people.hide': request(z.object({ ids: people, hidden: z.boolean() }), done),
  /** The name goes; the faces stay, unnamed. */
  'people.remove': request(z.object({ ids: people }), done),
  /** Takes faces away from their person; they are nobody's then, in a group of their own. */
  'people.split': request(z.object({ faces }), done),

  /** Groups that nobody has named, the largest first. */
  'groups.list': request(z.object({ ...paging, hidden: z.boolean().default(false) }), page(GroupCard)),
  /** Null where everybody of it has a name. */
  'groups.get': request(z.object({ id: GroupId }), GroupCard.nullable()),
  'groups.faces': request(z.object({ ...paging, id: GroupId }), page(FaceCard)),
  /** Faces that are in no group and nobody's, the best first. */
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

  'review.next': request(nothing, z.object({ question: Question.nullable(), progress: NamingProgress })),
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

  'export.crops': request(
    z.object({
      people: ids(PersonId).default([]),
      groups: ids(GroupId).default([]),
      all: z.boolean().default(false),
      /** Where to, an absolute path outside of all folders of photos; null: `Kith faces` beside the first of these. */
      folder: Path.nullable(),
      /** Longest side in pixels. */
      size: z.number().int().min(64).max(2048).default(512),
      /** Surroundings, as a share of the face's box on each side. */
      padding: z.number().min(0).max(1).default(0.25),
      /** Whether each file's name begins with the person's. */
      names: z.boolean().default(true),
    }),
    z.object({
      /** Real path of the folder. */
      folder: z.string(),
      /** How many were written. */
      files: z.number().int(),
      /** Photo of each face that could not be cut out of its photo: it is gone, or can't be read. */
      failed: z.array(z.string()),
      /** Photo of each of these faces that was not written at all: the record has no small picture of it (any more). */
      skipped: z.array(z.string()),
      /** Whether it was ended before all of them were. */
      cancelled: z.boolean(),
    }),
  ),
  /** Ends the exports that run, after the file in hand. What is there is whole; each is answered with `cancelled`. */
  'export.cancel': request(nothing, nothing),

  /** What the library's own faces make of its encoder's calibration, as of the last grouping or naming. */
  'calibration.get': request(nothing, CalibrationCard),

  'learn.state': request(nothing, LearningState),
  /** Learns from all confirmed faces, within seconds; what is adopted is in use at once, and can be undone. */
  'learn.run': request(
    z.object({
      loss: LossName.default('triplet'),
      /** Absolute path of a folder that curves and figures are written into. */
      report: Path.optional(),
    }),
    Learning,
  ),
  /** Goes back to the encoder's own metric. */
  'learn.forget': request(nothing, z.object({ forgotten: z.boolean() })),

  'models.list': request(nothing, z.array(ModelCard)),
  'models.use': request(
    z.object({ detector: DetectorId.optional(), encoder: EncoderId.optional() }),
    nothing,
  ),
  /** Downloads a model; the page has asked before. Progress comes as `work`. */
  'models.get': request(z.object({ id: Text }), ModelCard),
  'models.import': request(z.object({ paths: z.array(Path).min(1).max(MOST_FILES) }), ModelCard),
  'models.remove': request(z.object({ id: Text }), nothing),

  'settings.get': request(nothing, Settings),
  'settings.set': request(Settings.partial(), Settings),

  /** What helps to find a defect. */
  'diagnostics.get': request(nothing, Diagnostics),
} as const;

export type RequestName = keyof typeof requests;
/** What a caller may leave out, it may. */
export type Params<N extends RequestName> = z.input<(typeof requests)[N]['params']>;
/** The same with everything filled in. */
export type Parsed<N extends RequestName> = z.output<(typeof requests)[N]['params']>;
export type Result<N extends RequestName> = z.output<(typeof requests)[N]['result']>;

export const RequestName = z.enum(Object.keys(requests) as [RequestName, ...RequestName[]]);
