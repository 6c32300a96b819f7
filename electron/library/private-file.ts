import { chmodSync, closeSync, openSync, statSync } from 'node:fs';

/** Only the owner may read and write: a record tells who is on the owner's photos, and what they look like. */
const PRIVATE = 0o600;

/** Rights of a folder that Kith makes for such files. */
export const PRIVATE_FOLDER = 0o700;

/** Makes an empty file that only its owner may read, with any umask. A file that is there already stays as it is. */
export function beginPrivate(file: string): void {
  try {
    closeSync(openSync(file, 'wx', PRIVATE));
  } catch {
    // It is there already, or can't be made: opening it tells which.
  }
}

/**
 * Takes all other users' rights from a library and the files that SQLite keeps beside it. Windows has no such rights. On a
 * disk that can't change them, or for a file of another user, they stay.
 */
export function keepPrivate(library: string): void {
  if (process.platform === 'win32') return;
  for (const file of ['', '-wal', '-shm', '-journal'].map((end) => `${library}${end}`)) {
    try {
      const mode = statSync(file, { throwIfNoEntry: false })?.mode ?? 0;
      if ((mode & 0o077) !== 0) chmodSync(file, mode & 0o700);
    } catch {
      // The record can be used all the same.
    }
  }
}
