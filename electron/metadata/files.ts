import { createHash, randomBytes } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { chown, copyFile, link, open, rename, stat, unlink, utimes } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';

/** What tells whether a file was changed. */
export interface Stamp {
  /** Bytes. */
  size: number;
  /** Time of the last change, nanoseconds since 1970. */
  mtimeNs: bigint;
}

/**
 * Null where there is no such file.
 *
 * @throws errors of the file system, where nobody can tell whether the file is there
 */
export async function stampOf(path: string): Promise<Stamp | null> {
  const found = await stat(path, { bigint: true }).catch(nullWhereGone);
  return found && { size: Number(found.size), mtimeNs: found.mtimeNs };
}

function nullWhereGone(error: unknown): null {
  if (error instanceof Error && 'code' in error && ['ENOENT', 'ENOTDIR'].includes(String(error.code)))
    return null;
  throw error;
}

export function isSameStamp(a: Stamp | null, b: Stamp | null): boolean {
  return a?.size === b?.size && a?.mtimeNs === b?.mtimeNs;
}

/** SHA-256 of a file's bytes; null where there is no such file. */
export async function hashOf(path: string): Promise<string | null> {
  const hash = createHash('sha256');
  try {
    for await (const part of createReadStream(path)) hash.update(part as Buffer);
    return hash.digest('hex');
  } catch (error) {
    return nullWhereGone(error);
  }
}

/** A name beside a file under which it is made; hidden, so that no scan takes it for a photo. */
export function draftOf(target: string): string {
  return join(dirname(target), `.kith-${randomBytes(6).toString('hex')}.tmp${extname(target)}`);
}

/** Removes a draft, and what ExifTool leaves of one where it was killed. */
export async function removeDraft(draft: string): Promise<void> {
  if (!basename(draft).startsWith('.kith-')) throw new RangeError(`Expected a draft but received ${draft}`);
  for (const path of [draft, `${draft}_exiftool_tmp`]) await unlink(path).catch(() => {});
}

/** Copies a file to a draft: its bytes alone where the file system can share them. */
export async function copyToDraft(file: string, draft: string): Promise<void> {
  await copyFile(file, draft, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
}

/** Gives a draft the owner and the times of the file whose place it takes. */
export async function likeFormer(draft: string, former: string): Promise<void> {
  const { uid, gid, atime, mtime } = await stat(former);
  // Nobody but root may give files away; the rights were copied with the bytes.
  await chown(draft, uid, gid).catch(() => {});
  await utimes(draft, atime, mtime);
}

/** Puts a draft in its place, in one step; the bytes are on the disk before. */
export async function replace(draft: string, target: string): Promise<void> {
  const file = await open(draft, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, target);
}

/** Where the original of a photo is kept, as ExifTool names it. */
export function originalOf(photo: string): string {
  return `${photo}_original`;
}

/**
 * Keeps a photo as its original, before another file takes its name: a second name of the same file, or a copy with its
 * times where the file system has no such names. One that is there already stays.
 */
export async function keepOriginal(photo: string): Promise<void> {
  const original = originalOf(photo);
  if ((await stampOf(original)) !== null) return;
  try {
    await link(photo, original);
  } catch {
    const draft = draftOf(original);
    await copyToDraft(photo, draft);
    await likeFormer(draft, photo);
    await replace(draft, original);
  }
}
