import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { z } from 'zod';
import { READ_PLAINLY } from './marker.ts';

/** A file that Kith wrote to an export, or was about to write when it was killed. */
export interface OwnFile {
  /** Relative to the export's folder, `/` between the parts. */
  file: string;
  /** Of its bytes, hex: whoever changes the file makes it theirs. */
  sha256: string;
  /** What the manifest says of it. */
  about: Record<string, unknown>;
}

/** What kind of export a folder holds. */
export type ExportKind = 'crops' | 'training' | 'photos' | 'private' | 'record' | 'report';

/** The first line. */
const Head = z.object({
  writtenBy: z.literal('kith'),
  version: z.literal(1),
  kind: z.enum(['crops', 'training', 'photos', 'private', 'record', 'report']),
});

/** Every other line. */
const Line = z.object({
  file: z.string(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  about: z.record(z.string(), z.unknown()),
});

/** Bytes of an account that are read; a million files take half of it. */
const LONGEST = 2 ** 29;

/** Lines that are made before others get their turn. */
const LINES_AT_ONCE = 500;

/** A whole account, in pieces. */
export function* accountOf(kind: ExportKind, files: Iterable<OwnFile>): Generator<string> {
  let piece = `${JSON.stringify({ writtenBy: 'kith', version: 1, kind })}\n`;
  let lines = 0;
  for (const own of files) {
    piece += lineOf(own);
    if (++lines % LINES_AT_ONCE > 0) continue;
    yield piece;
    piece = '';
  }
  yield piece;
}

export function lineOf(own: OwnFile): string {
  return `${JSON.stringify(own)}\n`;
}

/**
 * What an account says. A last line that was cut short by a kill is passed over, for its file was not written yet.
 * @returns null where there is no account @throws where it is none of Kith's
 */
export async function readAccount(path: string): Promise<{ kind: ExportKind; files: OwnFile[] } | null> {
  const bytes = await readPlain(path, LONGEST);
  // Of no bytes is what is left after the power was cut.
  if (bytes === null || bytes.length === 0) return null;
  const [head = '', ...lines] = bytes.toString('utf8').split('\n');
  const { kind } = Head.parse(JSON.parse(head));
  const whole = lines.slice(0, -1);
  return { kind, files: whole.map((line) => Line.parse(JSON.parse(line))) };
}

/** The bytes of a regular file; null where there is none. @throws for a link, a pipe, a folder, a longer file */
export function readPlain(path: string, longest: number): Promise<Buffer | null> {
  return withPlain(path, async (handle, size) => {
    if (size > longest) throw new Error('longer than expected');
    return await handle.readFile();
  });
}

/** Hashes a regular file of any length; null where there is none. @throws for a link, a pipe, a folder */
export function hashPlain(path: string): Promise<{ sha256: string; bytes: number } | null> {
  return withPlain(path, async (handle) => {
    const hash = createHash('sha256');
    let bytes = 0;
    for await (const piece of handle.createReadStream({ autoClose: false })) {
      hash.update(piece as Buffer);
      bytes += (piece as Buffer).length;
    }
    return { sha256: hash.digest('hex'), bytes };
  });
}

/** Runs `read` on an open regular file of so many bytes; null where there is none. @throws for a link, a pipe, a folder */
async function withPlain<T>(
  path: string,
  read: (handle: FileHandle, size: number) => Promise<T>,
): Promise<T | null> {
  const handle = await open(path, READ_PLAINLY).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (handle === null) return null;
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) throw new Error('no plain file');
    return await read(handle, stats.size);
  } finally {
    await handle.close();
  }
}

export function sha256(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}
