import { KithError } from '../contract/errors.ts';
import { type EntryId, FaceId, type GroupId, type PersonId, type PhotoId } from '../contract/ids.ts';
import type { JournalEntry } from '../contract/people.ts';
import type { Database } from './database.ts';
import type { JournalChanges } from './journal-changes.ts';
import { IS_KEPT } from './journal-fold.ts';

export type EntryState = JournalEntry['state'];

/** The faces, groups, people and photos that a command is about. */
export interface Concerned {
  faces?: readonly FaceId[] | undefined;
  groups?: readonly GroupId[] | undefined;
  people?: readonly PersonId[] | undefined;
  photos?: readonly PhotoId[] | undefined;
}

/** Reads the entries of the journal, without their changes of rows. */
export class JournalEntries {
  readonly #database: Database;
  readonly #changes: JournalChanges;

  constructor(database: Database, changes: JournalChanges) {
    this.#database = database;
    this.#changes = changes;
  }

  /** The newest entries first, undone ones included. */
  list(from: number, limit: number): { items: JournalEntry[]; total: number } {
    return this.#database.read(() => {
      const { sqlite } = this.#database;
      const rows = sqlite
        .prepare(`SELECT * FROM journal WHERE ${IS_KEPT} ORDER BY id DESC LIMIT ? OFFSET ?`)
        .all(limit, from);
      const total = sqlite.prepare(`SELECT count(*) AS n FROM journal WHERE ${IS_KEPT}`).get()!.n as number;
      return { items: rows.map((row) => this.#entryOf(row)), total };
    });
  }

  get(entry: EntryId): JournalEntry | null {
    return this.#database.read(() => {
      const row = this.#database.sqlite
        .prepare(`SELECT * FROM journal WHERE id = ? AND ${IS_KEPT}`)
        .get(entry);
      return row ? this.#entryOf(row) : null;
    });
  }

  /** Number of the last change that was made. It grows with every entry, undo and redo. */
  position(): number {
    return this.#database.read(() => {
      const row = this.#database.sqlite
        .prepare(`SELECT seq FROM sqlite_sequence WHERE name = 'journal_changes'`)
        .get();
      return (row?.seq as number | undefined) ?? 0;
    });
  }

  /**
   * Entries of the user, made, undone or done again since, that changed any of these: the faces' labels and groups, the
   * groups' faces, the people's names, facts and relations.
   *
   * @param since a former value of {@link JournalEntries.position}
   */
  changedSince(since: number, of: Concerned): JournalEntry[] {
    const { faces = [], groups = [], people = [], photos = [] } = of;
    return this.#database.read(() =>
      this.#database.sqlite
        .prepare(
          `SELECT * FROM journal WHERE position > ?1 AND by_whom = 'hand' AND EXISTS (
             SELECT 1 FROM journal_changes WHERE entry_id = journal.id AND seq > ?1 AND CASE tbl
               WHEN 'people' THEN CAST(key AS INTEGER) IN (SELECT value FROM json_each(?2))
               WHEN 'photos' THEN CAST(key AS INTEGER) IN (SELECT value FROM json_each(?3))
               WHEN 'groups' THEN CAST(key AS INTEGER) IN (SELECT value FROM json_each(?4))
               WHEN 'presences' THEN CAST(key AS INTEGER) IN (SELECT value FROM json_each(?3))
               WHEN 'metrics' THEN 0
               WHEN 'albums' THEN 0
               WHEN 'metadata_wanted' THEN 0
               WHEN 'answered_names' THEN 0
               WHEN 'settings' THEN 0
               WHEN 'relations' THEN coalesce(after, before) ->> '$.person_id' IN (SELECT value FROM json_each(?2))
                 OR coalesce(after, before) ->> '$.other_id' IN (SELECT value FROM json_each(?2))
               ELSE CAST(key AS INTEGER) IN (SELECT value FROM json_each(?5)) OR tbl = 'faces'
                 AND before ->> '$.group_id' IS NOT after ->> '$.group_id'
                 AND (before ->> '$.group_id' IN (SELECT value FROM json_each(?4))
                   OR after ->> '$.group_id' IN (SELECT value FROM json_each(?4))) END)
           ORDER BY position`,
        )
        .all(since, ...[people, photos, groups, faces].map((ids) => JSON.stringify(ids)))
        .map((row) => this.#entryOf(row)),
    );
  }

  /** Entries that were made, undone or done again since a {@link JournalEntries.position}. */
  since(position: number): EntryId[] {
    return this.#database.read(() =>
      this.#database.sqlite
        .prepare('SELECT id FROM journal WHERE position > ? ORDER BY position')
        .all(position)
        .map(({ id }) => id as EntryId),
    );
  }

  /**
   * `done`: the last entry of the user that is done. `undone`: the last entry that is undone.
   *
   * @param action only entries of this action
   */
  lastIn(state: EntryState, action: string | null = null): EntryId | null {
    const row = this.#database.read(() =>
      this.#database.sqlite
        .prepare(
          `SELECT id FROM journal WHERE state = ?1 AND (by_whom = 'hand' OR ?1 = 'undone') AND ${IS_KEPT}
             AND (?2 IS NULL OR action = ?2) ORDER BY position DESC, id DESC LIMIT 1`,
        )
        .get(state, action),
    );
    return row ? (row.id as EntryId) : null;
  }

  /** The entry of an action that was made, undone or done again last, and its state; null: there is none. */
  lastMoved(action: string): { id: EntryId; state: EntryState } | null {
    const row = this.#database.read(() =>
      this.#database.sqlite
        .prepare(
          `SELECT id, state FROM journal WHERE action = ? AND ${IS_KEPT} ORDER BY position DESC, id DESC LIMIT 1`,
        )
        .get(action),
    );
    return row ? { id: row.id as EntryId, state: row.state as EntryState } : null;
  }

  /** The entry that was undone last, unless the user has made a new one since. */
  undoneLast(): EntryId | null {
    const last = this.lastIn('undone');
    if (last === null) return null;
    const isOld = this.#database.read(() =>
      this.#database.sqlite
        .prepare(`SELECT 1 FROM journal WHERE by_whom = 'hand' AND began > ? LIMIT 1`)
        .get(this.positionOf(last)),
    );
    return isOld ? null : last;
  }

  /** The {@link JournalEntries.position} at which an entry was last made, undone or done again. */
  positionOf(entry: EntryId): number {
    return this.#database.sqlite.prepare('SELECT position FROM journal WHERE id = ?').get(entry)!
      .position as number;
  }

  /** @throws KithError not-found */
  known(entry: EntryId): JournalEntry {
    const known = this.get(entry);
    if (known === null) throw new KithError('not-found', `entry ${entry}`);
    return known;
  }

  #entryOf(row: Record<string, unknown>): JournalEntry {
    const there = this.#changes.statement('SELECT 1 FROM faces WHERE id = ?');
    return {
      id: row.id as EntryId,
      at: row.at as string,
      action: row.action as string,
      detail: JSON.parse(row.detail as string),
      by: row.by_whom as JournalEntry['by'],
      state: row.state as EntryState,
      changed: row.changed as number,
      faces: FaceId.array()
        .parse(JSON.parse(row.faces as string))
        .filter((face) => there.get(face)),
    };
  }
}
