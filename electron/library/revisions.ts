import type { Database } from './database.ts';

/** What matching has read, as counters that triggers raise: see the migration that makes them. */
export interface MatchingState {
  /** Faces that came. */
  added: number;
  /** Changes of what was there. */
  changed: number;
  /** Faces that became, or no longer are, no face. */
  verdicts: number;
}

/** How often the record has changed. */
export class Revisions {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** The present state of all that matching reads besides names. */
  matching(): MatchingState {
    const rows = this.#database.read(() =>
      this.#database.sqlite.prepare('SELECT name, value FROM revisions').all(),
    );
    const {
      added = 0,
      changed = 0,
      verdicts = 0,
    } = Object.fromEntries(rows.map(({ name, value }) => [name, value as number]));
    return { added, changed, verdicts };
  }
}
