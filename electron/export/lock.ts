import { lstatSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { KithError } from '../contract/errors.ts';

/** `Kith` in ASCII. It makes the file one of SQLite's, and no file of no bytes. */
const APPLICATION = 0x4b697468;

/** SQLite's primary result code for a lock that somebody else holds. */
const SQLITE_BUSY = 5;

/** Milliseconds to wait for whoever is only looking whether the lock is free; that takes less than one. */
const PATIENCE = 100;

/**
 * Keeps a second export out of a folder, within this process and from any other. The lock is one of the system's, taken
 * by SQLite, so it ends with the process that holds it, however that ends. The file stays: to delete it would take the
 * lock from somebody who has just opened it.
 *
 * Nothing else may open the file in this process: to close it would release the lock (fcntl(2), "advisory record locking").
 */
export class FolderLock {
  readonly #sqlite: DatabaseSync;

  private constructor(sqlite: DatabaseSync) {
    this.#sqlite = sqlite;
  }

  /** @returns null where another export holds it @throws KithError `output-unwritable` for a file that is none of Kith's */
  static take(file: string): FolderLock | null {
    requirePlain(file);
    const sqlite = new DatabaseSync(file, { timeout: PATIENCE });
    try {
      // Nothing but one number is ever written, so that no journal appears beside the file.
      sqlite.exec('PRAGMA journal_mode = MEMORY; PRAGMA page_size = 512');
      if (sqlite.prepare('PRAGMA application_id').get()?.application_id !== APPLICATION) {
        sqlite.exec(`BEGIN IMMEDIATE; PRAGMA application_id = ${APPLICATION}; COMMIT`);
      }
      sqlite.exec('BEGIN EXCLUSIVE');
      return new FolderLock(sqlite);
    } catch (error) {
      sqlite.close();
      if (resultOf(error) === SQLITE_BUSY) return null;
      throw error;
    }
  }

  release(): void {
    this.#sqlite.close();
  }
}

/** A journal beside the file was put there by somebody else, and SQLite would carry out what it says. */
function requirePlain(file: string): void {
  const strange = ['-journal', '-wal', '-shm'].map((end) => `${file}${end}`).find((path) => statOf(path));
  if (strange !== undefined) throw notKiths(strange);
  const stats = statOf(file);
  if (stats && !stats.isFile()) throw notKiths(file);
}

function statOf(path: string) {
  return lstatSync(path, { throwIfNoEntry: false });
}

function notKiths(path: string): KithError {
  return new KithError('output-unwritable', `${path} (it is in the way, and Kith did not write it)`);
}

function resultOf(error: unknown): number | null {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return null;
  return error.errcode & 0xff;
}
