import { readFileSync } from 'node:fs';
import { join as pathOf } from 'node:path';
import { z } from 'zod';
import type { CompositeId } from '../electron/contract/ids.ts';

/** 32-bit floating-point numbers, little-endian, in base64. */
const Floats = z.base64().transform((text, context) => {
  const bytes = Uint8Array.from(Buffer.from(text, 'base64'));
  if (bytes.length % Float32Array.BYTES_PER_ELEMENT === 0) return new Float32Array(bytes.buffer);
  context.addIssue('Expected whole 32-bit numbers');
  return z.NEVER;
});

/** What one network contributes to the vector of a composite encoder. */
const Part = z
  .object({
    /** Mean embedding of many people. */
    centre: Floats,
    /** r × size, row by row: directions in which its embeddings differ from the centre. The others hold nothing. */
    axes: Floats,
    /** Share of the similarity of two faces that is this network's, 0..1; those of both parts are 1 together. */
    share: z.number().positive().max(1),
  })
  .refine(
    ({ centre, axes }) => centre.length > 0 && axes.length % centre.length === 0,
    'Expected whole axes',
  );

/**
 * How the embeddings of two networks are joined to one vector:
 *
 *     u = axes · (embedding − centre), set to length 1        for each network
 *     vector = (√share₁ · u₁, √share₂ · u₂)
 *
 * so that the similarity of two vectors is the mean of both networks' similarities by share. Fitted by `npm run eval --
 * join`; see electron/vision/composite.ts.
 */
export const Join = z.object({
  parts: z.tuple([Part, Part]),
  /** The command that made it. */
  command: z.string(),
  /** What it was made on. */
  source: z.string(),
});
export type Join = z.infer<typeof Join>;
export type JoinPart = Join['parts'][number];

/** How two networks are joined, and the text of the file that says it. */
export interface FoundJoin {
  join: Join;
  text: string;
}

/** The catalog's file, beside the cards, for networks whose weights Kith knows. */
export function joinFile(id: CompositeId): URL {
  return new URL(`./cards/${id}.join.json`, import.meta.url);
}

const joinSuffix = '.join.json';

/** The file beside weights that the user imported. @param weights a SHA-256 of both networks' keys */
export function ownJoinFile(id: CompositeId, weights: string, folder: string): string {
  return pathOf(folder, `${id}.${weights.slice(0, 16)}${joinSuffix}`);
}

const catalogs = new Map<CompositeId, FoundJoin | null>();

/** How the catalog joins two networks; null where nobody has fitted it. Each file is read once. */
export function catalogJoin(id: CompositeId): FoundJoin | null {
  const known = catalogs.get(id);
  if (known !== undefined) return known;
  const found = readJoin(joinFile(id));
  catalogs.set(id, found);
  return found;
}

/** How the user has joined two networks that the catalog does not; null: not yet. Read anew each time: it may be made again. */
export function ownJoin(id: CompositeId, weights: string, folders: readonly string[]): FoundJoin | null {
  for (const folder of folders) {
    const found = readJoin(ownJoinFile(id, weights, folder));
    if (found) return found;
  }
  return null;
}

function readJoin(file: URL | string): FoundJoin | null {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  try {
    return { join: Join.parse(JSON.parse(text)), text };
  } catch {
    // A damaged file counts as none. The user makes it again with the same command.
    return null;
  }
}
