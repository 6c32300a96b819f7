import { z } from 'zod';

/** What a library or a copy of one holds, for a person who has to choose between two of them. */
export const RecordSummary = z.object({
  /** People who have a name. */
  people: z.number().int(),
  /** Faces that have one of these names, given by the user or by Kith. */
  namedFaces: z.number().int(),
  faces: z.number().int(),
  photos: z.number().int(),
  /** When something was last done to names and groups, an ISO date and time in UTC; null where nothing was. */
  newest: z.string().nullable(),
  /** Size of the file, its write-ahead log included. */
  bytes: z.number().int(),
  /** Version of the schema. */
  version: z.number().int(),
});
export type RecordSummary = z.infer<typeof RecordSummary>;

/** Why a copy was made. */
export const CopyReason = z.enum([
  /** A week had passed since the last copy. */
  'weekly',
  /** A newer Kith was about to change the schema. */
  'migration',
  /** Another copy took its place. */
  'restore',
  /** All faces were about to be grouped anew. */
  'regroup',
  /** Damage was about to be repaired. */
  'repair',
  /** Another file was put in the library's place while Kith had it open. */
  'replaced',
  /** The user asked for it. */
  'hand',
]);
export type CopyReason = z.infer<typeof CopyReason>;

/** A copy that Kith keeps beside the library. */
export const KeptCopy = z.object({
  path: z.string(),
  /** ISO date and time in UTC. */
  when: z.string(),
  why: CopyReason,
  /** Null where the copy can't be read. */
  summary: RecordSummary.nullable(),
  bytes: z.number().int(),
});
export type KeptCopy = z.infer<typeof KeptCopy>;

/** What erasing a library has erased. */
export const Erased = z.object({
  /** Paths of files and folders that are gone. */
  erased: z.array(z.string()),
  /** Paths of Kith's own files that could not be erased, and the system's reason. */
  left: z.array(z.object({ path: z.string(), reason: z.string() })),
  /** Copies that the user had written elsewhere and that are still there. Kith leaves these alone. */
  elsewhere: z.array(z.string()),
});
export type Erased = z.infer<typeof Erased>;
