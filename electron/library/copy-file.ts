import { realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { RecordSummary } from '../contract/copies.ts';
import { KithError } from '../contract/errors.ts';
import { failureAt, tellsOfDamage } from './copy-errors.ts';
import {
  COMPANIONS,
  createPrivate,
  deadParts,
  exists,
  partOf,
  publish,
  realFile,
  removeWithCompanions,
  syncFile,
} from './copy-files.ts';
import { inspectPages, requirePath } from './inspect.ts';

/** Milliseconds that a copy waits for another process that is writing. Chosen by hand. */
const PATIENCE = 30_000;

/**
 * Copies a library, which may be in use, to a new file: whole and checked, or not at all. The copy is written under
 * another name, read again page by page, and only then gets the name of `target`. So there is never half a copy under that
 * name, even where this process is killed.
 *
 * @param target absolute path
 * @throws KithError path-unusable, output-taken, output-unwritable, disk-full, library-damaged
 */
export function writeCopy(library: string, target: string): RecordSummary {
  requireTarget(library, target);
  removeAbandoned(dirname(target));
  const part = partOf(target, 'part');
  try {
    createPrivate(part);
    copyInto(library, part);
    const summary = inspectPages(part, target);
    syncFile(part);
    publish(part, target);
    return summary;
  } catch (error) {
    throw failureAt(target, error, 'output-unwritable');
  } finally {
    removeWithCompanions(part);
  }
}

/** `VACUUM INTO`: copies one state of the library, its write-ahead log included, while other processes may write. */
function copyInto(library: string, part: string): void {
  const database = new DatabaseSync(library, { readOnly: true, timeout: PATIENCE });
  try {
    database.prepare('VACUUM INTO ?').run(part);
  } catch (error) {
    throw tellsOfDamage(error) ? new KithError('library-damaged', library, { cause: error }) : error;
  } finally {
    database.close();
  }
}

/**
 * @throws KithError path-unusable; output-taken where anything has that name, or where it is a name of the library's
 * own
 */
function requireTarget(library: string, target: string): void {
  requirePath(target);
  let folder: string;
  try {
    if (exists(target)) throw new KithError('output-taken', target);
    folder = realpathSync(dirname(target));
  } catch (error) {
    throw failureAt(target, error, 'output-unwritable');
  }
  const real = realFile(library);
  const isOwn = [...COMPANIONS, '.copies'].some((end) => join(folder, basename(target)) === `${real}${end}`);
  if (isOwn) throw new KithError('output-taken', target);
}

/** Removes copies that were never finished, since their writers were killed. */
function removeAbandoned(folder: string): void {
  for (const { path, kind } of deadParts(folder)) {
    if (kind === 'part') removeWithCompanions(path);
  }
}
