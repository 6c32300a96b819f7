import type { Database } from './database.ts';

/**
 * Raises the revision: a number that grows with every change of what is grouped, that is of a photo's faces or of which
 * photos lie in files. Groups that were made at the present revision need not be made again.
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

/** Settings that are stored in a library, by key; each value is text. */
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
