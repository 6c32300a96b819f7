import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { KithError } from '../electron/contract/errors.ts';
import { sha256, sha256OfFile } from './hash.ts';
import { draftOf } from './parts.ts';

/**
 * Writes a file whole or not at all: beside its place first, then renamed. Two processes that write the same
 * model at once end with one good file.
 *
 * @throws KithError `disk-full` or `output-unwritable`, naming the file
 */
export async function writeWhole(path: string, data: Uint8Array): Promise<void> {
  const draft = draftOf(path);
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(draft, data, { flush: true });
    await rename(draft, path);
  } catch (error) {
    // What went wrong first is what is told.
    await rm(draft, { force: true }).catch(() => {});
    // Windows refuses to rename onto a file that another process has just put there and opened.
    if ((await sha256OfFile(path).catch(() => null)) === sha256(data)) return;
    throw inWords(error, path);
  }
}

/** A failure of the file system as one that a person understands. */
export function inWords(error: unknown, path: string): KithError {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new KithError('disk-full', `No room to write ${path}`, { cause: error });
  return new KithError('output-unwritable', `Could not write ${path}: ${message}`, { cause: error });
}
