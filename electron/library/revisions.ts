import type { Database } from './database.ts';

/** The state of the record that matching reads, as counters that triggers raise: see migrations/8-revisions.ts. */
export interface MatchingState {
  /** Faces that came. */
  added: number;
  /** Changes of what was there. */
  changed: number;
  /** Faces that were marked as no face, or are so no longer. */
  verdicts: number;
}

/** Reads the counters of changes of the record. */
export class Revisions {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** The present state of all that matching reads, except names. */
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
