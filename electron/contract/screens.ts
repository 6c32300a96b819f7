import { z } from 'zod';
import { Text } from './bounds.ts';
import { TILE_SIDES } from './figures.ts';
import { DetectorId, EncoderId, FaceId, FolderId, GroupId, PersonId, PhotoId } from './ids.ts';
import { FaceCard } from './people.ts';
import { ScanProgress } from './results.ts';
import { UnreadableCode } from './vision.ts';

/** What single screens show. Nothing here is a path but where a person chose or must find one. */

export const Overview = z.object({
  folders: z.number().int(),
  photos: z.number().int(),
  faces: z.number().int(),
  people: z.number().int(),
  /** Groups that nobody has named or hidden. */
  groups: z.number().int(),
  /** Faces without a name that are not ignored. */
  unnamed: z.number().int(),
  /** Faces that Kith would ask about. */
  questions: z.number().int(),
  unreadable: z.number().int(),
  detector: DetectorId,
  encoder: EncoderId,
  /** Whether a FaceNet is installed. */
  facenet: z.boolean(),
  /** Where the record lies. */
  file: z.string(),
  /** What the shell can do of itself. */
  shell: z.enum(['electron', 'browser']),
});
export type Overview = z.infer<typeof Overview>;

export const FolderCard = z.object({
  id: FolderId,
  path: z.string(),
  name: z.string(),
  photos: z.number().int(),
  unreadable: z.number().int(),
});
export type FolderCard = z.infer<typeof FolderCard>;

export const PhotoCard = z.object({
  id: PhotoId,
  /** Local time from the camera, `YYYY-MM-DDTHH:MM:SS`. */
  takenAt: z.string().nullable(),
  width: z.number().int(),
  height: z.number().int(),
  faces: z.number().int(),
  /** Name of the first file that holds it. */
  name: z.string(),
});
export type PhotoCard = z.infer<typeof PhotoCard>;

export const PhotoDetail = PhotoCard.omit({ faces: true }).extend({
  bytes: z.number().int(),
  /** Every file that holds it. */
  files: z.array(z.string()),
  several: z.boolean(),
  faces: z.array(FaceCard),
  /** People whom the user put on it since no face of theirs can be seen, by name. */
  withoutFace: z.array(z.object({ id: PersonId, name: z.string() })),
  /** Neighbours by date, for next and previous. */
  previous: PhotoId.nullable(),
  next: PhotoId.nullable(),
});
export type PhotoDetail = z.infer<typeof PhotoDetail>;

export const UnreadableFile = z.object({
  name: z.string(),
  folder: z.string(),
  reason: UnreadableCode,
  detail: z.string(),
});
export type UnreadableFile = z.infer<typeof UnreadableFile>;

export const ScanState = z.object({
  path: z.string(),
  phase: z.enum(['scanning', 'embedding', 'grouping', 'matching', 'paused', 'done', 'cancelled', 'failed']),
  progress: ScanProgress,
  /** Groups without a name that the scan has formed, as of the last grouping. */
  people: z.number().int(),
  /** Whether it brings the whole library over to other models, folder by folder. */
  over: z.boolean(),
  /** What the folder holds, once phase is `done`; null before, and where all folders were gone over. */
  holds: z
    .object({
      files: z.number().int(),
      /** Different photos: files of the same content are one. */
      photos: z.number().int(),
      copies: z.number().int(),
      faces: z.number().int(),
      /** Files that could not be read and were not known to be so before this scan. */
      unreadable: z.number().int(),
    })
    .nullable(),
  /** Where phase is `failed`. */
  failure: z.object({ code: z.string(), detail: z.string() }).nullable(),
});
export type ScanState = z.infer<typeof ScanState>;

/** A group that shows two people. Nothing was done about it: groups hold still until somebody says otherwise. */
export const ImpureCluster = z.object({
  group: GroupId,
  /** Two of its faces are of one photo; people gave it two names; its faces fall into parts that are unlike. */
  why: z.enum(['one-photo', 'two-names', 'apart']),
  /** Of each part, how many faces, and the best of them. */
  parts: z.array(z.object({ size: z.number().int(), cover: FaceId })).min(2),
});
export type ImpureCluster = z.infer<typeof ImpureCluster>;

/** What grouping anew would do. */
export const RegroupPlan = z.object({
  /** Names the plan, to be given back when it is to be done. */
  id: z.string(),
  /** Faces that would be in another company than now. */
  moved: z.number().int(),
  merged: z.number().int(),
  split: z.number().int(),
  /** Some of the moves, for people to look at. */
  examples: z.array(FaceId),
  /** Groups as they are now that show two people. */
  mixed: z.array(ImpureCluster),
});
export type RegroupPlan = z.infer<typeof RegroupPlan>;

/** How often faces lie how far apart: shares of all pairs, bin i from i · step. */
const Distribution = z.object({
  step: z.number(),
  genuine: z.array(z.number()),
  impostor: z.array(z.number()),
});

/** The Siamese question, with what a person needs to judge the answer. */
export const Comparing = z.object({
  a: FaceCard,
  b: FaceCard,
  /** Euclidean distance between the two L2-normalised embeddings, 0..2. */
  distance: z.number(),
  threshold: z.number(),
  /** At even odds beforehand, 0..1. */
  probability: z.number(),
  same: z.boolean(),
  encoder: EncoderId,
  /** How this encoder's distances are spread; null where nothing was measured. */
  distribution: Distribution.nullable(),
});
export type Comparing = z.infer<typeof Comparing>;

/** What a library's own faces make of its encoder's calibration. */
export const CalibrationCard = z.object({
  encoder: EncoderId,
  /** Pairs whose answer is known without looking: faces of one photo; of a burst; named one by one. */
  pairs: z.object({ photo: z.number().int(), burst: z.number().int(), hand: z.number().int() }),
  /** How many different people, or pairs of people, these tell of. */
  independent: z.number(),
  /**
   * How much farther apart two faces of one person may lie than the catalog says, in units of distance, and its standard
   * error. In use only where `state` is `shifted` or `bounded`; otherwise the catalog's calibration holds.
   */
  shift: z.number(),
  error: z.number(),
  /** `few` pairs, no more than `noise`, an encoder that is `unmeasured`, `shifted`, or `bounded`: the most that is sane. */
  state: z.enum(['few', 'noise', 'unmeasured', 'shifted', 'bounded']),
  /** Distance up to which grouping takes two good faces for one person. */
  threshold: z.number(),
  /** Of pairs as far apart as the catalog's threshold, one in so many is two people, at even odds beforehand. */
  oneIn: z.number(),
});
export type CalibrationCard = z.infer<typeof CalibrationCard>;

export const ModelCard = z.object({
  id: z.string(),
  task: z.enum(['detector', 'landmarks', 'classifier', 'encoder', 'cascade']),
  title: z.string(),
  bytes: z.number().int(),
  licence: z.string(),
  state: z.enum(['installed', 'missing', 'damaged']),
  bundled: z.boolean(),
  /** Whether `models.get` can fetch it, and from where. */
  address: z.string().nullable(),
  inUse: z.boolean(),
  /** Whether it is in use as a part of an encoder of two networks. */
  isPart: z.boolean(),
  /** Of an encoder: whether Kith can group by it. False until its distances were measured. */
  measured: z.boolean(),
  /** One line of what was measured; null where nothing was. */
  accuracy: z.string().nullable(),
});
export type ModelCard = z.infer<typeof ModelCard>;

export const Settings = z.object({
  /** Least share of right names among those that Kith gives by itself, 0..1. */
  sure: z.number().min(0.9).max(0.9999),
  /** Least probability from which Kith asks, 0..1. */
  ask: z.number().min(0.01).max(0.9),
  theme: z.enum(['system', 'light', 'dark']),
  /** A language tag; `system` follows the machine. */
  language: Text,
  /** Whether single characters, such as `y`, do something by themselves. */
  keys: z.boolean(),
  /** Side of a photo in the grid of all photos, in pixels; a little over half of that on a phone. */
  tile: z.number().int().min(TILE_SIDES.least).max(TILE_SIDES.most),
  /** Whether the first screens may offer the recommended models; false once somebody said no. */
  offersModels: z.boolean(),
  /** How far the guide of the first folder is: nobody was named with it, somebody was, a question was answered, it is over. */
  guide: z.enum(['new', 'named', 'answered', 'done']),
});
export type Settings = z.infer<typeof Settings>;
