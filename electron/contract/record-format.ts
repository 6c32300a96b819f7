import { z } from 'zod';

/** Open formats in which a library is handed out: see docs/formats.md. */
export const DataFormat = z.enum(['jsonl', 'csv', 'npy', 'coco']);
export type DataFormat = z.infer<typeof DataFormat>;

/** Version of what stands where in them. Raised where a program that reads them has to be told. */
export const RECORD_VERSION = 1;
