import { z } from 'zod';

/** What can be wrong with a library. */
export const FindingKind = z.enum([
  /** Pages of the file can't be read. */
  'pages',
  /** Files of photos or folders that are not in the record. */
  'orphan-files',
  'orphan-faces',
  /** Crops of no face, thumbnails of no photo. */
  'orphan-pictures',
  'orphan-vectors',
  /** Names, refusals, suggestions and people put on photos, of faces, people or photos that are not in the record. */
  'orphan-labels',
  /** Relations of people who are not in the record. */
  'orphan-relations',
  /** Changes of no entry of the history. */
  'orphan-history',
  /** Faces in a group that is not in the record. */
  'missing-groups',
  'empty-groups',
  /** Faces that are marked as named and are not, or the other way round. */
  'wrong-marks',
  /** A person whom Kith put on a photo where that person is already. */
  'twice-by-kith',
  /** A name that Kith gave although the user had refused it. */
  'refused-by-kith',
  /** A name and its refusal, both by the user. */
  'refused-and-confirmed',
  /** A person whom the user put twice on a photo that is no collage. */
  'twice-on-photo',
  /** People among whose ancestors they are themselves. */
  'own-ancestors',
  'missing-vectors',
  'missing-crops',
  'missing-thumbnails',
]);
export type FindingKind = z.infer<typeof FindingKind>;

export const Finding = z.object({
  kind: FindingKind,
  /** Cases. */
  count: z.number().int(),
  /** Whether Kith can repair it; what it can't, the user decides, or a copy has to be restored. */
  repairable: z.boolean(),
});
export type Finding = z.infer<typeof Finding>;

export const Repaired = z.object({
  repaired: z.array(Finding),
  /** What is still wrong. */
  left: z.array(Finding),
  /** The copy that was made before. */
  copy: z.string().nullable(),
});
