import { z } from 'zod';
import { RelationKind } from './relations.ts';

/** Open formats in which a library is exported: see docs/formats.md. */
export const DataFormat = z.enum(['jsonl', 'csv', 'npy', 'coco']);
export type DataFormat = z.infer<typeof DataFormat>;

/** What stands in `manifest.json`. */
export const RecordManifest = z.object({
  schema: z.literal('kith-record'),
  version: z.number().int(),
});

/** The fields of a line of `people.jsonl` that an import reads. */
export const RecordPerson = z.object({ id: z.number().int(), name: z.string() });

/** A line of `relations.jsonl`: `person` is that to `of`. Records from before there were any have no such file. */
export const RecordRelation = z.object({
  person: z.number().int(),
  is: RelationKind,
  of: z.number().int(),
});

/** The fields of a line of `photos.jsonl` that an import reads. */
export const RecordPhoto = z.object({ id: z.number().int(), sha256: z.string().regex(/^[0-9a-f]{64}$/) });

/** The fields of a line of `faces.jsonl` that an import reads. */
export const RecordFace = z.object({
  photo: z.number().int(),
  /** x, y, width, height in fractions of the upright photo. */
  box: z.tuple([z.number(), z.number(), z.number().positive(), z.number().positive()]),
  label: z.object({ name: z.string().nullable(), by: z.enum(['hand', 'group', 'kith']) }).nullable(),
});

/** The fields of a line of `presences.jsonl` that an import reads. */
export const RecordPresence = z.object({ photo: z.number().int(), name: z.string() });

/** Version of these formats. Raised with each change that programs which read them have to know of. */
export const RECORD_VERSION = 1;
