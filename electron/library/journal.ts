import type { StatementSync } from 'node:sqlite';
import type { EntryId } from '../contract/ids.ts';
import type { JournalEntry } from '../contract/people.ts';
import type { Database } from './database.ts';
import { keyOf } from './journalled.ts';

/** What is done, as the history will show it. */
export interface Deed {
  /** A word such as `name` or `merge`. */
  action: string;
  detail: JournalEntry['detail'];
  by: 'hand' | 'kith';
}

interface Change {
  tbl: string;
  before: string | null;
  after: string | null;
}

type Row = Record<string, string | number | null>;

/**
 * Everything that was done to names, labels, refusals and groups, and the way back. What an entry changed is kept as
 * the rows before and after, written by the database's own triggers, so undo and redo are the same for all of it.
 */
export class Journal {
  readonly #database: Database;
  readonly #statements = new Map<string, StatementSync>();

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Does something and remembers how to undo it, as one transaction. What was undone before can't be redone then.
   *
   * @returns `entry` is null where nothing was changed: there is nothing to undo
   */
  act<T>(deed: Deed, work: (entry: EntryId) => T): { entry: EntryId | null; result: T } {
    const { sqlite } = this.#database;
    return this.#database.write(() => {
      if (sqlite.prepare('SELECT 1 FROM journal_open').get()) {
        throw new Error('Expected one deed at a time but another is still open');
      }
      const entry = sqlite
        .prepare(
          `INSERT INTO journal (at, action, detail, by_whom, state) VALUES (?, ?, ?, ?, 'done') RETURNING id`,
        )
        .get(new Date().toISOString(), deed.action, JSON.stringify(deed.detail), deed.by)!.id as EntryId;
      const result = this.#within(entry, work);
      if (!sqlite.prepare('SELECT 1 FROM journal_changes WHERE entry_id = ?').get(entry)) {
        sqlite.prepare('DELETE FROM journal WHERE id = ?').run(entry);
        return { entry: null, result };
      }
      sqlite.prepare(`DELETE FROM journal WHERE state = 'undone'`).run();
      return { entry, result };
    });
  }

  /**
   * Does more within the last deed, so that undoing it takes that back as well.
   *
   * @returns whether it is the last; nothing is done where another came after it, or where it was undone
   */
  resume(entry: EntryId, work: () => void): boolean {
    const { sqlite } = this.#database;
    return this.#database.write(() => {
      const last = sqlite.prepare('SELECT id, state FROM journal ORDER BY id DESC LIMIT 1').get();
      if (last?.id !== entry || last.state !== 'done') return false;
      this.#within(entry, work);
      return true;
    });
  }

  /** Undoes the last entry that is not undone. @returns it; null where there is none */
  undo(): JournalEntry | null {
    return this.#step(`SELECT * FROM journal WHERE state = 'done' ORDER BY id DESC LIMIT 1`, 'undone');
  }

  /** Does again what was undone last. @returns it; null where there is none */
  redo(): JournalEntry | null {
    return this.#step(`SELECT * FROM journal WHERE state = 'undone' ORDER BY id LIMIT 1`, 'done');
  }

  /** The newest entries first, those undone among them. */
  list(from: number, limit: number): { items: JournalEntry[]; total: number } {
    return this.#database.read(() => {
      const { sqlite } = this.#database;
      const rows = sqlite.prepare('SELECT * FROM journal ORDER BY id DESC LIMIT ? OFFSET ?').all(limit, from);
      const total = sqlite.prepare('SELECT count(*) AS n FROM journal').get()!.n as number;
      return { items: rows.map(entryOf), total };
    });
  }

  get(entry: EntryId): JournalEntry | null {
    const row = this.#database.read(() =>
      this.#database.sqlite.prepare('SELECT * FROM journal WHERE id = ?').get(entry),
    );
    return row ? entryOf(row) : null;
  }

  /** What is changed meanwhile is this entry's. */
  #within<T>(entry: EntryId, work: (entry: EntryId) => T): T {
    const { sqlite } = this.#database;
    sqlite.prepare('INSERT INTO journal_open (entry_id) VALUES (?)').run(entry);
    const result = work(entry);
    sqlite.exec('DELETE FROM journal_open');
    return result;
  }

  #step(which: string, state: 'done' | 'undone'): JournalEntry | null {
    const { sqlite } = this.#database;
    return this.#database.write(() => {
      const row = sqlite.prepare(which).get();
      if (!row) return null;
      const order = state === 'undone' ? 'DESC' : 'ASC';
      const changes = sqlite
        .prepare(`SELECT tbl, before, after FROM journal_changes WHERE entry_id = ? ORDER BY seq ${order}`)
        .all(row.id!) as unknown as Change[];
      // Rows come back in an order of their own; all must be in place at the end only.
      sqlite.exec('PRAGMA defer_foreign_keys = ON');
      for (const { tbl, before, after } of changes) {
        if (state === 'undone') this.#become(tbl, after, before);
        else this.#become(tbl, before, after);
      }
      sqlite.prepare('UPDATE journal SET state = ? WHERE id = ?').run(state, row.id!);
      return entryOf({ ...row, state });
    });
  }

  /** Makes the row that is `from` now into `to`. A face that a scan has taken away meanwhile is passed over. */
  #become(table: string, from: string | null, to: string | null): void {
    const row = JSON.parse((to ?? from)!) as Row;
    const key = keyOf(table);
    const where = key.map((name) => `${name} = ?`).join(' AND ');
    const keys = key.map((name) => row[name]!);
    if (to === null) {
      this.#statement(`DELETE FROM ${table} WHERE ${where}`).run(...keys);
      return;
    }
    const face = row.face_id;
    if (face !== undefined && !this.#statement('SELECT 1 FROM faces WHERE id = ?').get(face)) return;
    if (row.group_id != null)
      this.#statement('INSERT OR IGNORE INTO groups (id) VALUES (?)').run(row.group_id);
    const columns = Object.keys(row);
    const values = columns.map((name) => row[name]!);
    if (table === 'faces' || table === 'photos') {
      const set = columns.map((name) => `${name} = ?`).join(', ');
      this.#statement(`UPDATE ${table} SET ${set} WHERE ${where}`).run(...values, ...keys);
      return;
    }
    const others = columns.filter((name) => !key.includes(name));
    const change =
      others.length > 0
        ? `DO UPDATE SET ${others.map((name) => `${name} = excluded.${name}`).join(', ')}`
        : 'DO NOTHING';
    this.#statement(
      `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})
         ON CONFLICT (${key.join(', ')}) ${change}`,
    ).run(...values);
  }

  /** One for each kind of change: an entry may hold ten thousand of a kind. */
  #statement(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known) return known;
    const statement = this.#database.sqlite.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}

function entryOf(row: Record<string, unknown>): JournalEntry {
  return {
    id: row.id as EntryId,
    at: row.at as string,
    action: row.action as string,
    detail: JSON.parse(row.detail as string),
    by: row.by_whom as JournalEntry['by'],
    state: row.state as JournalEntry['state'],
  };
}
