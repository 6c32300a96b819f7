import { createHash } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { copyFile, link, realpath, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { draftName, HAS_NO_LINKS } from './files.ts';

/** What says that a file of the user's can't be had now: it has gone, may not be read, or is no plain file. */
const UNREADABLE = new Set(['ENOENT', 'ENOTDIR', 'EACCES', 'ELOOP', 'EISDIR', 'EIO']);

/**
 * Makes a copy of a file of the user's under a draft's name, or gives the file that name as a second one, and lets `place`
 * move it to where it belongs. The bytes are looked at after that, so what is placed is what was asked for.
 *
 * @param folder in which drafts lie
 * @returns false where the file can't be read or holds something else; nothing is placed then
 */
export async function withCopy(
  folder: string,
  source: { path: string; sha256: string; isLinked: boolean },
  place: (draft: string) => Promise<void>,
): Promise<boolean> {
  const draft = join(folder, draftName());
  try {
    if (!(await make(source, draft))) return false;
    if ((await hashOf(draft)) !== source.sha256) return false;
    await place(draft);
    return true;
  } finally {
    // Two names of one file are not renamed to each other: the draft stays then.
    await rm(draft, { force: true }).catch(() => undefined);
  }
}

async function make(
  { path, isLinked }: { path: string; isLinked: boolean },
  draft: string,
): Promise<boolean> {
  let stats: Awaited<ReturnType<typeof stat>>;
  let real: string;
  try {
    // A link to a photo is a photo; a second name of the link would be none.
    real = await realpath(path);
    stats = await stat(real);
    if (!stats.isFile()) return false;
    await hashOf(real, 1);
  } catch (error) {
    if (UNREADABLE.has((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
  if (isLinked) {
    try {
      await link(real, draft);
      return true;
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? '';
      // On another drive, or on one without hard links: a copy does as well.
      if (code !== 'EXDEV' && !HAS_NO_LINKS.has(code)) throw error;
    }
  }
  await copyFile(real, draft, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  await utimes(draft, stats.atime, stats.mtime);
  return true;
}

/** SHA-256 of a file, hex. @param end bytes that are read, all where left out */
async function hashOf(path: string, end?: number): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, end === undefined ? {} : { end }), hash);
  return hash.digest('hex');
}
