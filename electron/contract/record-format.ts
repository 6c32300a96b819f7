import { z } from 'zod';

/** Open formats in which a library is handed out: see docs/formats.md. */
export const DataFormat = z.enum(['jsonl', 'csv', 'npy', 'coco']);
export type DataFormat = z.infer<typeof DataFormat>;

/** What stands in `manifest.json`. */
export const RecordManifest = z.object({
  schema: z.literal('kith-record'),
  version: z.number().int(),
});

/** Of a line of `photos.jsonl`, what another library needs. */
export const RecordPhoto = z.object({ id: z.number().int(), sha256: z.string().regex(/^[0-9a-f]{64}$/) });

/** Of a line of `faces.jsonl`, what another library needs. */
export const RecordFace = z.object({
  photo: z.number().int(),
  /** x, y, width, height in fractions of the upright photo. */
  box: z.tuple([z.number(), z.number(), z.number().positive(), z.number().positive()]),
  label: z.object({ name: z.string().nullable(), by: z.enum(['hand', 'group', 'kith']) }).nullable(),
});

/** Version of what stands where in them. Raised where a program that reads them has to be told. */
export const RECORD_VERSION = 1;
