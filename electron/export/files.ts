import { randomBytes } from 'node:crypto';
import { link, lstat, mkdir, open, readdir, rename, rm, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { KithError } from '../contract/errors.ts';

/** Files that an earlier run left under these names are unfinished, and Kith's. */
const DRAFT = /^\.[0-9a-f]{12}\.kith-draft$/;

/** A name for an unfinished file, which no other file has. */
export function draftName(): string {
  return `.${randomBytes(6).toString('hex')}.kith-draft`;
}

export function isDraft(name: string): boolean {
  return DRAFT.test(name);
}

/** Milliseconds after which nobody is writing to a draft any more; chosen by hand: a picture takes some seconds. */
const LEFT_BEHIND = 600_000;

/** Removes drafts that a killed run left in a folder which Kith shares with others. */
export async function clearDrafts(folder: string): Promise<void> {
  for (const name of (await readdir(folder).catch(() => [])).filter(isDraft)) {
    const path = join(folder, name);
    const stats = await lstat(path).catch(() => null);
    if (stats?.isFile() && Date.now() - stats.mtimeMs > LEFT_BEHIND) await rm(path, { force: true });
  }
}

/**
 * Writes a file whole or not at all: first under the name of a draft, then renamed into its place. A file that is there
 * already is replaced; one behind a link is not, only the link is.
 * @throws KithError `disk-full` or `output-unwritable`, naming the file.
 */
export async function writeWhole(path: string, bytes: Uint8Array | string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await withDraft(dirname(path), bytes, (draft) => rename(draft, path));
  } catch (error) {
    throw unwritable(path, error);
  }
}

/**
 * Writes a draft into `folder`, and lets `place` move it to where it belongs. Where that fails nothing of it stays.
 *
 * Exported files belong to the user, who may want to share them: they get the permissions that the system gives to any
 * new file (the umask), unlike the record, which is its owner's alone.
 */
export async function withDraft(
  folder: string,
  bytes: Uint8Array | string | Iterable<string>,
  place: (draft: string) => Promise<void>,
): Promise<void> {
  const draft = join(folder, draftName());
  try {
    // Exclusive: the name is new, and a link that has it is not followed.
    const handle = await open(draft, 'wx');
    try {
      await handle.writeFile(bytes);
    } finally {
      await handle.close();
    }
    await place(draft);
  } catch (error) {
    // A draft that stays is cleared away by the next export into the folder.
    await rm(draft, { force: true }).catch(() => undefined);
    throw error;
  }
}

/** Gives a draft its name, unless that is taken. @throws EEXIST */
export async function placeNew(draft: string, path: string): Promise<void> {
  try {
    // Unlike a renaming, a link never replaces what has come to lie there meanwhile.
    await link(draft, path);
  } catch (error) {
    if (!HAS_NO_LINKS.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
    await requireNothing(path);
    await rename(draft, path);
    return;
  }
  await unlink(draft);
}

/** What file systems without hard links (FAT, exFAT, many network drives) answer. */
export const HAS_NO_LINKS = new Set([
  'EPERM',
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOSYS',
  'EMLINK',
  'EINVAL',
  'UNKNOWN',
]);

async function requireNothing(path: string): Promise<void> {
  const stats = await lstat(path).catch(() => null);
  if (stats) throw Object.assign(new Error(path), { code: 'EEXIST' });
}

/** What a failed write means to a person. */
export function unwritable(path: string, error: unknown): KithError {
  if (error instanceof KithError) return error;
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (code === 'ENOSPC' || code === 'EDQUOT' || isFull(error)) {
    return new KithError('disk-full', path, { cause: error });
  }
  const reason: Record<string, string> = {
    EACCES: 'no permission',
    EPERM: 'no permission',
    EROFS: 'the disk is read-only',
    ENOTDIR: 'a part of this path is a file',
    EEXIST: 'a part of this path is a file',
    EISDIR: `${basename(path)} is a folder`,
    ELOOP: 'a part of this path is a link that leads nowhere',
    ENAMETOOLONG: 'the name is too long',
  };
  return new KithError('output-unwritable', `${path} (${reason[code] ?? String(error)})`, { cause: error });
}

/** SQLite's results for a disk without room: SQLITE_FULL, SQLITE_IOERR_SHMSIZE and _SHMOPEN. */
function isFull(error: unknown): boolean {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return false;
  return (error.errcode & 0xff) === 13 || error.errcode === 4874 || error.errcode === 4618;
}
