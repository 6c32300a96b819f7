import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { writeWhole } from './files.ts';

/** The note beside a model that the user imported, `facenet-512.onnx.json`: the catalog can't know the model's hash. */
const ImportNote = z.object({
  kith: z.literal(1),
  /** Of the model's file. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** The files that it was made from. */
  madeFrom: z.array(z.object({ file: z.string(), sha256: z.string() })),
  /** Whether it gave the known embedding for a known picture; null where none is known. */
  golden: z.enum(['same', 'other']).nullable(),
  /** Its input and output, where the catalog can't know them. */
  encoder: z
    .object({
      side: z.number().int().positive(),
      size: z.number().int().positive(),
      alignment: z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('five-points') }),
        z.object({ kind: z.literal('dlib-chip'), padding: z.number().min(0) }),
        z.object({
          kind: z.literal('box'),
          scale: z.number().positive(),
          turn: z.exactOptional(z.boolean()),
        }),
      ]),
      mirror: z.boolean(),
    })
    .optional(),
});
export type ImportNote = z.infer<typeof ImportNote>;

export const notePath = (model: string) => `${model}.json`;

/** The note beside a model's file; null when there is none, or none that can be read. */
export async function readNote(model: string): Promise<ImportNote | null> {
  try {
    return ImportNote.parse(JSON.parse(await readFile(notePath(model), 'utf8')));
  } catch {
    return null;
  }
}

/** @throws KithError `disk-full` or `output-unwritable` */
export async function writeNote(model: string, note: ImportNote): Promise<void> {
  await writeWhole(notePath(model), new TextEncoder().encode(`${JSON.stringify(note, null, 2)}\n`));
}
