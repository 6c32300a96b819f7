import { readdir, readFile, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { KithError } from '../contract/errors.ts';
import { unwritable } from './files.ts';

/** The file by which Kith knows a folder for its own. */
export interface Manifest {
  name: string;
  /** Relative paths of the files that it names. @throws where it is none of Kith's */
  own(json: unknown): string[];
}

export const MANIFEST = 'manifest.json';

/** Relative, without `..`, under at most one folder: what Kith itself writes, and so what Kith may replace. */
const OwnPath = z
  .string()
  .regex(/^([^/\\]+\/)?[^/\\]+\.jpg$/)
  .refine((path) => !path.startsWith('..'));

const Owned = z.object({ writtenBy: z.literal('kith'), faces: z.array(z.object({ file: OwnPath })) });

const CROPS: Manifest = {
  name: MANIFEST,
  own: (json) => Owned.parse(json).faces.map((face) => face.file),
};

/** An export folder that is Kith's to write: empty, new, or left by an earlier run. */
export interface Claim {
  /** Relative paths that an earlier run wrote. */
  own: string[];
  /** Relative paths that somebody else put there. Never touched. */
  foreign: string[];
}

/**
 * Looks at a folder before anything is written to it. A folder that holds files but no manifest of Kith's is
 * refused, so that crops are never strewn among somebody's photos.
 * @throws KithError `output-unwritable`
 */
export async function claim(folder: string, manifest = CROPS): Promise<Claim> {
  const there = await list(folder);
  if (there.length === 0) return { own: [], foreign: [] };
  const own = await ownFiles(folder, manifest);
  if (own === null) {
    throw new KithError(
      'output-unwritable',
      `${folder} (expected an empty folder or one with Kith's ${manifest.name}, found ${there.length === 1 ? 'a file' : `${there.length} files`} of somebody else's)`,
    );
  }
  const known = new Set([...own, manifest.name]);
  return { own, foreign: there.filter((path) => !known.has(path)) };
}

/** Takes away what an earlier run wrote and this one did not, and folders that became empty by it. */
export async function sweep(folder: string, stale: Iterable<string>): Promise<void> {
  for (const file of stale) {
    await rm(join(folder, file), { force: true });
    // Not empty, or the export folder itself: stays.
    if (file.includes('/')) await rmdir(join(folder, dirname(file))).catch(() => undefined);
  }
}

async function list(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => !entry.isDirectory())
      .map((entry) =>
        join(entry.parentPath, entry.name).slice(join(folder, '/').length).replaceAll('\\', '/'),
      );
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw unwritable(folder, error);
  }
}

async function ownFiles(folder: string, { name, own }: Manifest): Promise<string[] | null> {
  try {
    return own(JSON.parse(await readFile(join(folder, name), 'utf8')));
  } catch {
    return null;
  }
}
