import type { StatementSync } from 'node:sqlite';
import type { EntryId } from '../contract/ids.ts';
import type { Database } from './database.ts';
import { IS_KEPT } from './journal-fold.ts';
import { keyOf, type Row } from './journalled.ts';

/** The change that an entry made to one row of the record, from before its first change of the row to after its last. */
export interface NetChange {
  table: string;
  /** Names the row within its table. */
  key: string;
  /** Number of the entry's last change of this row. */
  seq: number;
  /** The row before the entry; null: it was not there. */
  before: Row | null;
  /** The row as the entry left it; null: it was gone. */
  left: Row | null;
  /** The columns that differ; all of them where the row came or went. */
  columns: readonly string[];
}

/** A change of a row by another entry. */
export interface LaterChange {
  entry: EntryId;
  seq: number;
  state: 'done' | 'undone';
  before: Row | null;
  after: Row | null;
}

/** Reads the changes of entries, and the rows of the record that they changed. */
export class JournalChanges {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  statement(sql: string): StatementSync {
    return this.#database.sqlite.prepare(sql);
  }

  /** The net changes of an entry, the last first. Rows that the entry left as they had been are left out. */
  of(entry: EntryId): NetChange[] {
    const rows = this.#database.sqlite
      .prepareAlone(
        'SELECT seq, tbl, key, before, after FROM journal_changes WHERE entry_id = ? ORDER BY seq',
      )
      .iterate(entry);
    const nets = new Map<string, NetChange>();
    for (const { seq, tbl, key, before, after } of rows) {
      const name = nameOf(tbl as string, key as string);
      const former = nets.get(name);
      nets.set(name, {
        ...{ table: tbl as string, key: key as string, seq: seq as number },
        before: former ? former.before : parsed(before),
        left: parsed(after),
        columns: [],
      });
    }
    const changes = [...nets.values()].map((net) => ({ ...net, columns: differing(net.before, net.left) }));
    return changes.filter(({ columns }) => columns.length > 0).sort((a, b) => b.seq - a.seq);
  }

  /** Later changes of the same rows by other entries, keyed by {@link nameOf} the row. */
  after(entry: EntryId, changes: readonly NetChange[]): Map<string, LaterChange[]> {
    const last = new Map(changes.map(({ table, key, seq }) => [nameOf(table, key), seq]));
    const rows = this.statement(
      `SELECT DISTINCT later.seq, later.tbl, later.key, later.entry_id, later.before, later.after, state
       FROM journal_changes AS mine
       CROSS JOIN journal_changes AS later
         ON later.tbl = mine.tbl AND later.key = mine.key AND later.seq > mine.seq AND later.entry_id <> ?1
       CROSS JOIN journal ON journal.id = later.entry_id
       WHERE mine.entry_id = ?1 ORDER BY later.seq`,
    ).all(entry);
    const found = new Map<string, LaterChange[]>();
    for (const row of rows) {
      const name = nameOf(row.tbl as string, row.key as string);
      if ((row.seq as number) < (last.get(name) ?? Number.POSITIVE_INFINITY)) continue;
      const list = found.get(name) ?? [];
      list.push(laterOf(row));
      found.set(name, list);
    }
    return found;
  }

  /** The last change of a row by any other entry; null where none is known. */
  last(entry: EntryId, table: string, key: string | number): LaterChange | null {
    return this.#last(entry, table, key, '');
  }

  /**
   * The last done change by another entry that left the row in place: undoing an entry may bring a row back. Null:
   * none.
   */
  broughtBy(entry: EntryId, table: string, key: string | number): LaterChange | null {
    return this.#last(entry, table, key, `AND state = 'done' AND after IS NOT NULL`);
  }

  #last(entry: EntryId, table: string, key: string | number, which: string): LaterChange | null {
    const row = this.statement(
      `SELECT seq, entry_id, before, after, state FROM journal_changes JOIN journal ON journal.id = entry_id
       WHERE tbl = ? AND key = ? AND entry_id <> ? AND ${IS_KEPT} ${which} ORDER BY seq DESC LIMIT 1`,
    ).get(table, String(key), entry);
    return row ? laterOf(row) : null;
  }

  /** A row of the record as it is now; null where there is none. */
  now(table: string, of: Row): Row | null {
    const key = keyOf(table);
    const where = key.map((name) => `${name} = ?`).join(' AND ');
    const row = this.statement(`SELECT * FROM ${table} WHERE ${where}`).get(...key.map((name) => of[name]!));
    return (row as Row | undefined) ?? null;
  }
}

/** Names a row of the record. */
export function nameOf(table: string, key: string): string {
  return `${table} ${key}`;
}

/** Columns in which two images of a row differ; all where it came or went, none where it was never there. */
export function differing(a: Row | null, b: Row | null): string[] {
  if (a === null || b === null) return a === b ? [] : Object.keys((a ?? b)!);
  return Object.keys(b).filter((name) => !isSame(a[name], b[name]));
}

/** Difference below which two numbers are one. SQLite's versions write numbers into JSON with more or fewer digits. */
const ROUNDING = 1e-9;

export function isSame(a: Row[string] | undefined, b: Row[string] | undefined): boolean {
  if (typeof a === 'number' && typeof b === 'number') return Math.abs(a - b) < ROUNDING;
  return a === b;
}

function laterOf(row: Record<string, unknown>): LaterChange {
  return {
    entry: row.entry_id as EntryId,
    seq: row.seq as number,
    state: row.state as LaterChange['state'],
    before: parsed(row.before),
    after: parsed(row.after),
  };
}

function parsed(image: unknown): Row | null {
  return image === null ? null : (JSON.parse(image as string) as Row);
}
