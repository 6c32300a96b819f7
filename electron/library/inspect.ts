import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import type { RecordSummary } from '../contract/copies.ts';
import { KithError } from '../contract/errors.ts';
import { failureAt } from './copy-errors.ts';
import { codeOf, copyBytes, isSameFile, partOf, removeWithCompanions, sizeOf } from './copy-files.ts';
import { APPLICATION_ID } from './migrate.ts';
import { MIGRATIONS } from './migrations.ts';

/** @throws KithError path-unusable for what is no absolute path of a file, such as `:memory:` or an address */
export function requirePath(path: string): void {
  if (!isAbsolute(path) || path.includes('\0') || /[/\\]$/.test(path)) {
    throw new KithError('path-unusable', path.replaceAll('\0', '␀'));
  }
}

/**
 * Looks at a copy before it is used: reads all of its pages, and changes nothing of it or beside it.
 *
 * @param library the file that the copy could replace; for a moment a working copy may lie beside it
 * @throws KithError path-unusable, copy-missing, copy-is-library, copy-unusable, library-not-a-library,
 *   library-from-newer-version, disk-full
 */
export function inspectCopy(path: string, library: string): RecordSummary {
  requireCopy(path, library);
  if (!hasMore(path)) return inspectPages(path);
  const scratch = partOf(library, 'inspecting');
  try {
    takeIn(path, scratch);
    return inspectPages(scratch, path);
  } finally {
    removeWithCompanions(scratch);
  }
}

/** Whether a part of a database lies beside its file: it is in use, or the process that used it was killed. */
function hasMore(path: string): boolean {
  return sizeOf(`${path}-wal`) > 0 || sizeOf(`${path}-journal`) > 0;
}

/** @throws KithError for what can be seen without reading the pages: see {@link inspectCopy} */
export function requireCopy(path: string, library: string): void {
  requirePath(path);
  let head: Buffer;
  try {
    if (!statSync(path).isFile()) throw new KithError('library-not-a-library', path);
    if (isSameFile(path, library)) throw new KithError('copy-is-library', path);
    head = headOf(path);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error)))
      throw new KithError('copy-missing', path, { cause: error });
    throw failureAt(path, error, 'copy-unusable');
  }
  if (!head.equals(MAGIC)) throw new KithError('library-not-a-library', path);
}

/** The first bytes of every SQLite database. */
const MAGIC = Buffer.from('SQLite format 3\0', 'latin1');

function headOf(path: string): Buffer {
  const head = Buffer.alloc(MAGIC.length);
  const descriptor = openSync(path, 'r');
  try {
    readSync(descriptor, head);
  } finally {
    closeSync(descriptor);
  }
  return head;
}

/**
 * Copies a database, and what is still in its write-ahead log, into one new file that only its owner may read.
 *
 * @throws KithError copy-unusable where another process writes into it meanwhile, disk-full
 */
export function takeIn(path: string, part: string): void {
  const ends = ['', '-wal', '-journal'].filter((end) => end === '' || sizeOf(`${path}${end}`) > 0);
  const state = () => ends.map((end) => stateOf(`${path}${end}`)).join(' ');
  const before = state();
  try {
    for (const end of ends) copyBytes(`${path}${end}`, `${part}${end}`);
    if (state() !== before) throw new KithError('copy-unusable', path);
    const database = new DatabaseSync(part);
    try {
      // Brings a write-ahead log into the file itself.
      database.exec('PRAGMA journal_mode = DELETE');
    } finally {
      database.close();
    }
  } catch (error) {
    throw failureAt(path, error, 'copy-unusable');
  }
}

function stateOf(path: string): string {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stats ? `${stats.ino} ${stats.size} ${stats.mtimeNs}` : 'gone';
}

/**
 * Reads all pages of a file that no process writes to, and beside which no log lies.
 *
 * @param named the path that errors name
 * @throws KithError copy-unusable, library-not-a-library, library-from-newer-version
 */
export function inspectPages(file: string, named = file): RecordSummary {
  return reading(file, named, (database) => {
    const summary = summaryOf(database, file, named);
    const [first] = database.prepare('PRAGMA integrity_check(1)').all();
    if (first?.integrity_check !== 'ok') {
      throw new KithError('copy-unusable', named, { cause: first?.integrity_check });
    }
    return summary;
  });
}

/** What a copy holds, without a check of its pages. @throws KithError as {@link inspectPages} does */
export function glanceAt(file: string): RecordSummary {
  return reading(file, file, (database) => summaryOf(database, file, file));
}

/**
 * Opens a file as immutable: SQLite neither locks it nor writes beside it, so that a copy on a read-only disk can be
 * read.
 */
function reading<T>(file: string, named: string, work: (database: DatabaseSync) => T): T {
  const address = pathToFileURL(file);
  address.search = 'immutable=1';
  try {
    const database = new DatabaseSync(address, { readOnly: true });
    try {
      return work(database);
    } finally {
      database.close();
    }
  } catch (error) {
    throw error instanceof KithError ? error : new KithError('copy-unusable', named, { cause: error });
  }
}

/**
 * What a library of this or an older version holds.
 *
 * @throws KithError library-not-a-library, library-from-newer-version
 */
export function summaryOf(database: DatabaseSync, file: string, named = file): RecordSummary {
  const number = (sql: string) => Number(Object.values(database.prepare(sql).get()!)[0]);
  const version = number('PRAGMA user_version');
  if (number('PRAGMA application_id') !== APPLICATION_ID || version < 1) {
    throw new KithError('library-not-a-library', named);
  }
  if (version > MIGRATIONS.length) throw new KithError('library-from-newer-version', named);
  // Version 2 added the tables of people.
  const hasPeople = version >= 2;
  const newest = hasPeople ? database.prepare('SELECT max(at) AS at FROM journal').get()!.at : null;
  return {
    people: hasPeople ? number('SELECT count(*) FROM people') : 0,
    namedFaces: hasPeople ? number(`SELECT count(*) FROM labels WHERE verdict = 'person'`) : 0,
    faces: number(`SELECT count(*) FROM faces ${hasPeople ? 'WHERE withdrawn = 0' : ''}`),
    photos: number('SELECT count(DISTINCT photo_id) FROM files'),
    newest: newest as string | null,
    bytes: sizeOf(file) + sizeOf(`${file}-wal`),
    version,
  };
}
