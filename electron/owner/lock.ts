import { chmodSync, closeSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { unwritable } from '../contract/errors.ts';

/** SQLite's code for a lock that another connection holds (sqlite.org/rescode.html#busy). */
const SQLITE_BUSY = 5;

export interface Lock {
  release(): void;
}

/**
 * Makes this process the one owner of a library for as long as it lives, by an exclusive transaction on an empty SQLite
 * file beside the library. The system ends the transaction when the process dies, in whatever way. The library's own file
 * can't be locked so: the owner's threads read it through connections of their own.
 *
 * @returns null while another process is the owner
 * @throws KithError library-unwritable, disk-full where no file can be made there
 */
export function lockLibrary(libraryFile: string): Lock | null {
  const file = `${libraryFile}.lock`;
  let lock: DatabaseSync | undefined;
  try {
    // Another user who may read the file could hold the lock, and so keep the owner out.
    closeSync(openSync(file, 'a', 0o600));
    chmodSync(file, 0o600);
    lock = new DatabaseSync(file, { timeout: 0 });
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock?.close();
    const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : 0;
    if (code === SQLITE_BUSY) return null;
    throw unwritable(file, error);
  }
  const held = lock;
  // The file stays: removing it could remove one that another process has just locked.
  return { release: () => held.close() };
}
