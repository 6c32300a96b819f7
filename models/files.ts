import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { KithError } from '../electron/contract/errors.ts';
import { sha256, sha256OfFile } from './hash.ts';
import { draftOf } from './parts.ts';

/**
 * Writes a file whole or not at all: first under another name beside it, which is then renamed. Where two processes write
 * the same model at once, one good file is left.
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
    // The first error is the one that is thrown.
    await rm(draft, { force: true }).catch(() => {});
    // Windows refuses to replace a file that another process has just written and opened.
    if ((await sha256OfFile(path).catch(() => null)) === sha256(data)) return;
    throw inWords(error, path);
  }
}

/** An error of the file system as a KithError, which has a sentence for the user. */
export function inWords(error: unknown, path: string): KithError {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new KithError('disk-full', `No room to write ${path}`, { cause: error });
  return new KithError('output-unwritable', `Could not write ${path}: ${message}`, { cause: error });
}
