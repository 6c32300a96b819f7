import { z } from 'zod';

/** A photo: one content, however many files hold it. */
export const PhotoId = z.number().int().positive().brand<'PhotoId'>();
export type PhotoId = z.infer<typeof PhotoId>;

/** One face on one photo. */
export const FaceId = z.number().int().positive().brand<'FaceId'>();
export type FaceId = z.infer<typeof FaceId>;

/** Faces that Kith takes for one person. */
export const GroupId = z.number().int().positive().brand<'GroupId'>();
export type GroupId = z.infer<typeof GroupId>;

/** Face detectors; the same words on the command line, in the record and in the catalog. */
export const DetectorId = z.enum(['haar', 'ssd', 'yunet']);
export type DetectorId = z.infer<typeof DetectorId>;

/** Encoders of one network; `custom` is whatever else somebody imported. */
export const NetworkId = z.enum([
  'dlib',
  'facenet-512',
  'facenet-128',
  'arcface-512',
  'sface-128',
  'auraface-512',
  'custom',
]);
export type NetworkId = z.infer<typeof NetworkId>;

/** A composite encoder: two networks whose embeddings are joined to one vector, the larger network first. */
export const CompositeId = z.templateLiteral([NetworkId, '+', NetworkId]);
export type CompositeId = z.infer<typeof CompositeId>;

/** Face encoders. Vectors of two encoders are never compared. */
export const EncoderId = z.union([NetworkId, CompositeId]);
export type EncoderId = z.infer<typeof EncoderId>;

/** The networks that an encoder consists of. */
export function networksOf(id: EncoderId): readonly NetworkId[] {
  return id.split('+').map((network) => NetworkId.parse(network));
}

/**
 * An encoder with its weights: what vectors are filed under, for those of two weights are never compared either. The id
 * alone stands for the weights that Kith knows; others that somebody imported are named by a SHA-256, of their file, or of
 * both keys of a composite encoder and how they are joined.
 */
export const EncoderKey = z.union([
  EncoderId,
  z.templateLiteral([NetworkId, '@', z.string().regex(/^[0-9a-f]{64}$/)]),
  z.templateLiteral([CompositeId, '@', z.string().regex(/^[0-9a-f]{64}$/)]),
]);
export type EncoderKey = z.infer<typeof EncoderKey>;

/** The encoder of a key, and the hash of its weights; null for those that Kith knows. */
export function encoderOf(key: EncoderKey): { id: EncoderId; weights: string | null } {
  const [id, weights] = key.split('@', 2);
  return { id: EncoderId.parse(id), weights: weights ?? null };
}

/** A person whom somebody named. */
export const PersonId = z.number().int().positive().brand<'PersonId'>();
export type PersonId = z.infer<typeof PersonId>;

/** One entry of the journal. */
export const EntryId = z.number().int().positive().brand<'EntryId'>();
export type EntryId = z.infer<typeof EntryId>;

/** A folder that was scanned. */
export const FolderId = z.number().int().positive().brand<'FolderId'>();
export type FolderId = z.infer<typeof FolderId>;
