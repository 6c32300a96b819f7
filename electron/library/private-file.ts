import { chmodSync, closeSync, openSync, statSync } from 'node:fs';

/** Only the owner may read and write: a record tells who is on somebody's photos, and what they look like. */
const PRIVATE = 0o600;

/** Of a folder that Kith makes for such files. */
export const PRIVATE_FOLDER = 0o700;

/** Makes an empty file that its owner alone may read, whatever the umask. What is there already stays as it is. */
export function beginPrivate(file: string): void {
  try {
    closeSync(openSync(file, 'wx', PRIVATE));
  } catch {
    // It is there, or can't be made: whoever opens it says which.
  }
}

/**
 * Takes everybody else's rights from a library and the files that SQLite keeps beside it. Windows has no such rights;
 * on a disk that can't change them, or for a file of somebody else, they stay.
 */
export function keepPrivate(library: string): void {
  if (process.platform === 'win32') return;
  for (const file of ['', '-wal', '-shm', '-journal'].map((end) => `${library}${end}`)) {
    try {
      const mode = statSync(file, { throwIfNoEntry: false })?.mode ?? 0;
      if ((mode & 0o077) !== 0) chmodSync(file, mode & 0o700);
    } catch {
      // Nothing is lost by it, and the record is usable all the same.
    }
  }
}
