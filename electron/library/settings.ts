import type { Database } from './database.ts';

/**
 * A number that grows with every change of what is to be grouped: a photo's faces, or which photos are in
 * any file. Groups that were made at this revision need not be made again.
 */
export function bumpRevision(database: Database): void {
  database.sqlite
    .prepare(
      `INSERT INTO settings (key, value) VALUES ('revision', '1')
       ON CONFLICT (key) DO UPDATE SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT)`,
    )
    .run();
}

/** The present revision; `0` in a new library. */
export function revisionOf(database: Database): string {
  return getSetting(database, 'revision') ?? '0';
}

export function getSetting(database: Database, key: string): string | null {
  const row = database.sqlite.prepare('SELECT value FROM settings WHERE key = ?').get(key);
  return row ? (row.value as string) : null;
}

export function putSetting(database: Database, key: string, value: string): void {
  database.sqlite
    .prepare(
      'INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
    )
    .run(key, value);
}

/** What is kept of a library besides photos and people; each value is text. */
export class StoredSettings {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  get(key: string): string | null {
    return this.#database.read(() => getSetting(this.#database, key));
  }

  put(key: string, value: string): void {
    this.#database.write(() => putSetting(this.#database, key, value));
  }
}
