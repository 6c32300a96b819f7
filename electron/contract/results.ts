import { z } from 'zod';
import { Path } from './bounds.ts';
import { DetectorId, EncoderId, FaceId, GroupId } from './ids.ts';
import { PersonCard } from './people.ts';
import { UnreadableCode } from './vision.ts';

/** `[x, y, width, height]` in pixels of the upright photo at full size, to a hundredth; may reach outside it. */
export const PixelRect = z.tuple([z.number(), z.number(), z.number(), z.number()]);
export type PixelRect = z.infer<typeof PixelRect>;

/** One face of a folder. A photo that lies in several files has the same faces, with the same ids, in each. */
export const GroupedFace = z.object({
  id: FaceId,
  box: PixelRect,
  score: z.number(),
  quality: z.number(),
  /** Null: nobody in the library is taken for the same person. */
  group: GroupId.nullable(),
});
export type GroupedFace = z.infer<typeof GroupedFace>;

export const FolderPhoto = z.object({
  /** Relative to the folder, `/` between its parts. */
  path: z.string(),
  /** Pixels of the upright photo; null where it could not be read. */
  width: z.number().int().nullable(),
  height: z.number().int().nullable(),
  status: z.enum(['done', 'unreadable']),
  /** Present where status is `unreadable`; `detail` names the file and what was found. */
  reason: UnreadableCode.optional(),
  detail: z.string().optional(),
  faces: z.array(GroupedFace),
});
export type FolderPhoto = z.infer<typeof FolderPhoto>;

/** A subfolder or link that the walk could not enter; `export`: one that holds what Kith exported, and no photos. */
export const PassedOver = z.object({
  path: z.string(),
  reason: z.enum(['no-permission', 'vanished', 'unreadable', 'export']),
});
export type PassedOver = z.infer<typeof PassedOver>;

/** What `kith group` gives: every photo of one folder, and the groups that its faces are in. */
export const FolderGroups = z.object({
  photos: z.array(FolderPhoto),
  /** Largest first. `size`: different faces of this folder, not of the whole library. */
  groups: z.array(z.object({ id: GroupId, size: z.number().int().positive() })),
  detector: DetectorId,
  encoder: EncoderId,
  seconds: z.number(),
  /** Left out where there are none. */
  passedOver: z.array(PassedOver).optional(),
});
export type FolderGroups = z.infer<typeof FolderGroups>;

/** Whose face it is: the one on a photo that holds a point, or the largest. */
export const NamedExample = z.object({
  name: z.string().trim().min(1).max(200),
  /** Path of the photo: absolute, or relative to the folder. */
  photo: Path,
  /** A point inside the face, in pixels of the upright photo. */
  point: z.object({ x: z.number(), y: z.number() }).nullable(),
});
export type NamedExample = z.infer<typeof NamedExample>;

/** One face of a folder, and whose it is. */
export const TaggedFace = GroupedFace.extend({
  person: z.string().nullable(),
  /** `example`: a person said so; `sure`: Kith does, and expects to be wrong once in a thousand; `ask`: it may be. */
  status: z.enum(['example', 'sure', 'ask', 'none']),
  /** That the face is that person's, 0..1; null for `none`. */
  probability: z.number().nullable(),
});
export type TaggedFace = z.infer<typeof TaggedFace>;

/** What `kith tag` gives. */
export const TaggedFolder = FolderGroups.extend({
  photos: z.array(FolderPhoto.extend({ faces: z.array(TaggedFace) })),
  people: z.array(PersonCard),
});
export type TaggedFolder = z.infer<typeof TaggedFolder>;

/** What `kith find` gives: the faces of one person, the best first. */
export const FoundPerson = z.object({
  /** Path of the photo that was asked about. */
  example: z.string(),
  faces: z.array(TaggedFace.extend({ path: z.string() })),
});
export type FoundPerson = z.infer<typeof FoundPerson>;

/** How far a scan is. */
export const ScanProgress = z.object({
  /** Files settled so far, the unchanged ones among them, and files in all. */
  done: z.number().int().nonnegative(),
  total: z.number().int().nonnegative(),
  /** Files settled per second in this scan, unchanged ones not counted; 0 before the first. */
  rate: z.number().nonnegative(),
  /** Seconds left at that rate; null before the first. */
  remaining: z.number().nonnegative().nullable(),
  /** The file settled last, relative to the folder (absolute where all folders are gone over); null at the start. */
  path: z.string().nullable(),
  /** Faces found so far in this scan. */
  faces: z.number().int().nonnegative(),
});
export type ScanProgress = z.infer<typeof ScanProgress>;

/** What `kith detect` gives. */
export const DetectedImage = z.object({
  path: z.string(),
  width: z.number().int(),
  height: z.number().int(),
  detector: DetectorId,
  faces: z.array(z.object({ box: PixelRect, score: z.number(), quality: z.number() })),
});
export type DetectedImage = z.infer<typeof DetectedImage>;

/** What `kith compare <a> <b>` gives: the Siamese question. */
export const Comparison = z.object({
  /** Euclidean distance between the two L2-normalised embeddings, 0..2. */
  distance: z.number(),
  /** Distance below which two faces of these qualities are taken for one person; null where nothing is calibrated. */
  threshold: z.number().nullable(),
  /** That both are one person, at even odds beforehand, 0..1; null like the threshold. */
  probability: z.number().nullable(),
  same: z.boolean().nullable(),
  detector: DetectorId,
  encoder: EncoderId,
});
export type Comparison = z.infer<typeof Comparison>;

/** What `kith compare --pairs` gives: the verification protocol of Labeled Faces in the Wild. All shares 0..1. */
export const PairsReport = z.object({
  pairs: z.number().int(),
  folds: z.number().int(),
  /** Mean and standard deviation over the folds, each judged at the threshold that serves the others best. */
  accuracy: z.number(),
  std: z.number(),
  /** Share of genuine pairs accepted where that share of impostors is. */
  tarAtFar: z.object({ '0.001': z.number(), '0.01': z.number() }),
  auc: z.number(),
  /** Pairs with a picture on which no face was found; they count as "different". */
  noFace: z.number().int(),
  detector: DetectorId,
  encoder: EncoderId,
});
export type PairsReport = z.infer<typeof PairsReport>;
