import { chmodSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { RecordSummary } from '../contract/copies.ts';
import { KithError } from '../contract/errors.ts';
import { failureAt } from './copy-errors.ts';
import {
  copyBytes,
  exists,
  linked,
  partOf,
  publish,
  removeWithCompanions,
  sizeOf,
  syncFile,
  syncFolder,
} from './copy-files.ts';
import { Database } from './database.ts';
import { inspectPages, requireCopy, takeIn } from './inspect.ts';
import { placeForCopy } from './kept-copies.ts';
import { migrate } from './migrate.ts';

/** A copy that is ready to replace the library. */
export interface Prepared {
  /** A file beside the library. A caller that does not use it removes it. */
  part: string;
  summary: RecordSummary;
}

/**
 * Copies a copy to a file beside the library, reads all of its pages there, and brings it up to date. Neither the copy nor
 * the library is changed, and the library may be in use.
 *
 * @throws KithError as inspectCopy does
 */
export function prepareRestore(path: string, library: string): Prepared {
  requireCopy(path, library);
  const part = partOf(library, 'restoring');
  try {
    takeIn(path, part);
    inspectPages(part, path);
    bringUpToDate(part);
    syncFile(part);
    return { part, summary: inspectPages(part, path) };
  } catch (error) {
    removeWithCompanions(part);
    throw failureAt(path, error, 'copy-unusable');
  }
}

/**
 * Brings a part up to date. No copy of the older version is made: the copy that the part was made from stays as it
 * is.
 */
function bringUpToDate(part: string): void {
  const database = new Database(part);
  try {
    migrate(database, () => {});
  } finally {
    database.close();
  }
}

/**
 * Puts a prepared copy in the place of a library that no process has open, and keeps the former library among the copies.
 * The library's name passes from one to the other in one step, so that one of them has it even where this process is
 * killed; {@link settle} then gives the former library its own name.
 *
 * @param isDamaged the library can't be opened, so its log can't be written into its file; the log is kept beside it
 * @returns the path under which the former library is kept; null where there was none
 * @throws KithError library-busy where a part of the library still lies in its write-ahead log; disk-full,
 *   library-unwritable. The library is as it was then
 */
export function swapIn(
  { part }: Pick<Prepared, 'part'>,
  library: string,
  { isDamaged = false } = {},
): string | null {
  // A log that is replayed into another database destroys it.
  const hasLog = sizeOf(`${library}-wal`) > 0;
  if (hasLog && !isDamaged) throw new KithError('library-busy', library);
  try {
    const kept = exists(library) ? keep(library) : null;
    try {
      if (hasLog && kept) copyBytes(`${library}-wal`, `${kept.place}-wal`);
      if (hasLog) rmSync(`${library}-wal`);
      renameSync(part, library);
    } catch (error) {
      kept?.undo();
      throw error;
    }
    syncFolder(dirname(library));
    // It belongs to the former library.
    rmSync(`${library}-shm`, { force: true });
    return kept?.finish() ?? null;
  } catch (error) {
    throw failureAt(library, error, 'library-unwritable');
  }
}

interface Kept {
  /** The path that the former library is to have. */
  place: string;
  /** Reverts what was done, while the library still has its name. */
  undo(): void;
  /** @returns the path of the former library */
  finish(): string;
}

/** Gives the library a second name, which it keeps when its first name passes to another file. */
function keep(library: string): Kept {
  const place = placeForCopy(library, 'restore');
  const second = partOf(place, 'former');
  if (linked(library, second)) {
    return {
      place,
      undo: () => rmSync(second, { force: true }),
      finish() {
        try {
          chmodSync(second, 0o600);
          publish(second, place);
          return place;
        } catch {
          // The copy has replaced the library already. The former library is whole under its second name.
          return second;
        }
      },
    };
  }
  // Where a file can't have two names, such as on exFAT, the library is copied.
  const part = partOf(place, 'part');
  try {
    copyBytes(library, part);
    publish(part, place);
  } finally {
    rmSync(part, { force: true });
  }
  return { place, undo: () => rmSync(place, { force: true }), finish: () => place };
}
