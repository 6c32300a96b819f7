import { constants } from 'node:fs';
import { copyFile, link, open, realpath, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { hashPlain } from './account.ts';
import { draftName, HAS_NO_LINKS } from './files.ts';

/** Error codes of a source file that can't be read now. */
const UNREADABLE = new Set(['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'ELOOP', 'EISDIR', 'EIO', 'EBUSY']);

/** Those of one that opened, and then could not be read to its end. */
const BROKEN_OFF = new Set(['ENOENT', 'EIO', 'EBUSY']);

/**
 * Makes a copy of a file of the user's under a draft's name, or gives the file that name as a second one, and lets `place`
 * move it to where it belongs. The draft is hashed before it is placed, so a source that changes meanwhile is not taken.
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
    if (!(await isMade(source, draft))) return false;
    await place(draft);
    return true;
  } finally {
    // Two names of one file are not renamed to each other: the draft stays then.
    await rm(draft, { force: true }).catch(() => undefined);
  }
}

/** Whether the draft holds what was asked for. */
async function isMade(
  source: { path: string; sha256: string; isLinked: boolean },
  draft: string,
): Promise<boolean> {
  try {
    return (await make(source, draft)) && (await hashPlain(draft))?.sha256 === source.sha256;
  } catch (error) {
    if (BROKEN_OFF.has((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}

async function make(
  { path, isLinked }: { path: string; isLinked: boolean },
  draft: string,
): Promise<boolean> {
  let stats: Awaited<ReturnType<typeof stat>>;
  let real: string;
  try {
    // Follows symbolic links: a hard link to one would not be a photo.
    real = await realpath(path);
    stats = await stat(real);
    if (!stats.isFile()) return false;
    await (await open(real)).close();
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
