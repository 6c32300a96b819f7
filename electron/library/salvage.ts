import { DatabaseSync } from 'node:sqlite';
import { KithError } from '../contract/errors.ts';
import { failureAt } from './copy-errors.ts';
import { partOf, publish, removeWithCompanions, syncFile } from './copy-files.ts';
import { Database } from './database.ts';
import { examine, repair } from './doctor.ts';
import { inspectPages, requirePath } from './inspect.ts';
import { migrate } from './migrate.ts';

/** What was saved of a table. */
export interface Salvaged {
  table: string;
  rows: number;
  /** Rows whose keys are known, but which could not be read. */
  lost: number;
}

/** Tables that are derived, or hold the state of a connection only. */
const LEFT_OUT = new Set([
  'sqlite_sequence',
  'journal_open',
  'nearest',
  'packed',
  'vector_changes',
  'suggestions',
  'stacks',
  'photo_hashes',
  'photo_counts',
]);

/**
 * Reads row by row what can still be read of a damaged library, and writes it into a new one. The new one is repaired and
 * checked, and only then gets its name. The damaged library stays as it is.
 *
 * @throws KithError path-unusable, output-taken, library-damaged where not even the tables can be found
 */
export function salvage(library: string, target: string): Salvaged[] {
  requirePath(target);
  const part = partOf(target, 'part');
  try {
    const source = openDamaged(library);
    const fresh = new Database(part);
    try {
      migrate(fresh, () => {});
      const { sqlite } = fresh;
      sqlite.exec('PRAGMA foreign_keys = OFF; PRAGMA synchronous = OFF');
      const salvaged = tablesOf(sqlite)
        .filter((table) => !LEFT_OUT.has(table))
        .map((table) => copyTable(source, sqlite, table));
      const found = examine(sqlite).map(({ kind }) => kind);
      for (const seen of [false, true]) repair(sqlite, found, seen);
      fresh.close();
      inspectPages(part, target);
      syncFile(part);
      publish(part, target);
      return salvaged;
    } finally {
      source.close();
      fresh.close();
    }
  } catch (error) {
    throw failureAt(target, error, 'output-unwritable');
  } finally {
    removeWithCompanions(part);
  }
}

function openDamaged(library: string): DatabaseSync {
  try {
    const source = new DatabaseSync(library, { readOnly: true });
    source.prepare('SELECT name FROM sqlite_schema').all();
    return source;
  } catch (error) {
    throw new KithError('library-damaged', library, { cause: error });
  }
}

function tablesOf(sqlite: DatabaseSync): string[] {
  const rows = sqlite.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY rowid`).all();
  return rows.map(({ name }) => name as string);
}

function columnsOf(sqlite: DatabaseSync, table: string): { names: string[]; key: string[] } {
  const rows = sqlite.prepare(`PRAGMA table_info(${table})`).all();
  const key = rows.filter(({ pk }) => Number(pk) > 0).sort((a, b) => Number(a.pk) - Number(b.pk));
  return { names: rows.map(({ name }) => name as string), key: key.map(({ name }) => name as string) };
}

function copyTable(source: DatabaseSync, fresh: DatabaseSync, table: string): Salvaged {
  const known = columnsOf(source, table).names;
  const { names, key } = columnsOf(fresh, table);
  const columns = names.filter((name) => known.includes(name));
  if (columns.length === 0) return { table, rows: 0, lost: 0 };
  const put = fresh.prepare(
    `INSERT OR REPLACE INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
  );
  const where = key.map((name) => `${name} IS ?`).join(' AND ');
  const get = source.prepare(`SELECT ${columns.join(', ')} FROM ${table} WHERE ${where}`);
  get.setReadBigInts(true);
  let [rows, lost] = [0, 0];
  fresh.exec('BEGIN');
  for (const values of keysOf(source, table, key)) {
    try {
      const row = get.get(...values);
      if (row === undefined) throw new Error('Expected a row that was listed');
      put.run(...columns.map((name) => row[name]!));
      rows++;
    } catch {
      lost++;
    }
  }
  fresh.exec('COMMIT');
  return { table, rows, lost };
}

type Value = string | number | bigint;

/** The keys of all rows that can be reached: from the first row on to the damage, and from the last row back to it. */
function keysOf(source: DatabaseSync, table: string, key: readonly string[]): Value[][] {
  const found = new Map<string, Value[]>();
  for (const order of ['ASC', 'DESC']) {
    const sql = `SELECT ${key.join(', ')} FROM ${table} ORDER BY ${key.map((name) => `${name} ${order}`).join(', ')}`;
    try {
      const statement = source.prepare(sql);
      statement.setReadBigInts(true);
      for (const row of statement.iterate()) {
        const values = key.map((name) => row[name] as Value);
        const name = values.join(' ');
        if (order === 'DESC' && found.has(name)) break;
        found.set(name, values);
      }
    } catch {
      // The other rows are reached from the other end.
    }
  }
  return [...found.values()];
}
