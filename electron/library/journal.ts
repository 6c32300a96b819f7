import { KithError } from '../contract/errors.ts';
import { type EntryId, FaceId, type GroupId, type PersonId, type PhotoId } from '../contract/ids.ts';
import type { JournalEntry } from '../contract/people.ts';
import type { Database } from './database.ts';
import { JournalChanges } from './journal-changes.ts';
import { concerned } from './journal-faces.ts';
import { chooseFolded, endOf, foldSome, IS_KEPT } from './journal-fold.ts';
import { planOf } from './journal-plan.ts';
import { toggle } from './journal-toggle.ts';

/** What is done, as the history will show it. */
export interface Deed {
  /** A word such as `name` or `merge`. */
  action: string;
  detail: JournalEntry['detail'];
  by: 'hand' | 'kith';
}

type State = JournalEntry['state'];

/** What undoing or redoing came to. */
export interface Taken {
  /** The entry; null: nothing was done. */
  entry: JournalEntry | null;
  /** What would have to be taken back before, the newest first. Empty where there was nothing to do at all. */
  blockers: JournalEntry[];
}

/** What a command is about. */
export interface Concerned {
  faces?: readonly FaceId[] | undefined;
  groups?: readonly GroupId[] | undefined;
  people?: readonly PersonId[] | undefined;
  photos?: readonly PhotoId[] | undefined;
}

/**
 * Everything that was done to names, labels, refusals and groups, and the way back. What an entry changed is kept as
 * the rows before and after, written by the database's own triggers, so undo and redo are the same for all of it. Each
 * entry can be undone by itself, where nothing that was done since builds on it.
 */
export class Journal {
  readonly #database: Database;
  readonly #changes: JournalChanges;

  constructor(database: Database) {
    this.#database = database;
    this.#changes = new JournalChanges(database);
  }

  /**
   * Does something and remembers how to undo it, as one transaction.
   *
   * @returns `entry` is null where nothing was changed: there is nothing to undo
   */
  act<T>(deed: Deed, work: (entry: EntryId) => T): { entry: EntryId | null; result: T } {
    const { sqlite } = this.#database;
    return this.#database.write(() => {
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
      sqlite.prepare('UPDATE journal SET began = position WHERE id = ?').run(entry);
      return { entry, result };
    });
  }

  /**
   * Does more within the last entry, so that undoing it takes that back as well.
   *
   * @returns whether it is the last; nothing is done where another came after it, or where it was undone
   */
  resume(entry: EntryId, work: () => void): boolean {
    const { sqlite } = this.#database;
    return this.#database.write(() => {
      const last = sqlite
        .prepare('SELECT id, state FROM journal ORDER BY position DESC, id DESC LIMIT 1')
        .get();
      if (last?.id !== entry || last.state !== 'done') return false;
      this.#within(entry, work);
      return true;
    });
  }

  /**
   * Takes one entry back, whatever was done since; nothing where something that was done since builds on it.
   *
   * @param which.entry where none is named, what the user did last: what Kith did by itself since then is not what
   *   somebody means who says "undo"
   * @param which.together entries that are undone with it, the newest first: its blockers, and what blocks those
   * @throws KithError not-found
   */
  undo(which: { entry?: EntryId | undefined; together?: readonly EntryId[] | undefined } = {}): Taken {
    const entry = which.entry ?? this.#lastIn('done');
    return this.#take(entry, 'done', which.together ?? []);
  }

  /**
   * Does an undone entry again.
   *
   * @param which.entry where none is named, the one that was undone last, unless the user has done something new since
   * @throws KithError not-found
   */
  redo(which: { entry?: EntryId | undefined } = {}): Taken {
    return this.#take(which.entry ?? this.#undoneLast(), 'undone', []);
  }

  /** What would have to be undone before an entry, the newest first; for one that is undone, what is in its way. */
  blockers(entry: EntryId): JournalEntry[] {
    return this.#database.snapshot(() => {
      const found = new Set<EntryId>([entry]);
      for (const id of found) {
        const { state } = this.#known(id);
        // What is in the way of redoing is only named: it was not asked for.
        if (id !== entry && state === 'undone') continue;
        for (const blocker of planOf(this.#changes, id, state).blockers) found.add(blocker);
      }
      found.delete(entry);
      const all = [...found].map((id) => ({ id, position: this.#positionOf(id) }));
      return all.sort((a, b) => b.position - a.position).map(({ id }) => this.#known(id));
    });
  }

  /** The newest entries first, those undone among them. */
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

  /** When the newest entry that is kept no more was made, UTC; null: all are there. */
  endsAt(): string | null {
    return this.#database.read(() => endOf(this.#database));
  }

  /** Decides what is too old to be kept; see {@link chooseFolded}. */
  chooseFolded(kept?: { days: number; entries: number }): void {
    chooseFolded(this.#database, kept);
  }

  /** Takes some of that out of the file. @returns whether there is more */
  foldSome(rows?: number): boolean {
    return foldSome(this.#database, rows);
  }

  get(entry: EntryId): JournalEntry | null {
    return this.#database.read(() => {
      const row = this.#database.sqlite
        .prepare(`SELECT * FROM journal WHERE id = ? AND ${IS_KEPT}`)
        .get(entry);
      return row ? this.#entryOf(row) : null;
    });
  }

  /** Number of the last change that was made; it only grows, with every entry, undo and redo. */
  position(): number {
    return this.#database.read(() => {
      const row = this.#database.sqlite
        .prepare(`SELECT seq FROM sqlite_sequence WHERE name = 'journal_changes'`)
        .get();
      return (row?.seq as number | undefined) ?? 0;
    });
  }

  /**
   * What the user has done, undone or done again to any of these since: to the faces' labels and groups, to who is in the
   * groups, to the people's names and dates.
   *
   * @param since what {@link Journal.position} said then
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
               WHEN 'metrics' THEN 0
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

  /** Entries that were made, undone or done again since a {@link Journal.position}. */
  since(position: number): EntryId[] {
    return this.#database.read(() =>
      this.#database.sqlite
        .prepare('SELECT id FROM journal WHERE position > ? ORDER BY position')
        .all(position)
        .map(({ id }) => id as EntryId),
    );
  }

  /** What is changed meanwhile is this entry's. */
  #within<T>(entry: EntryId, work: (entry: EntryId) => T): T {
    const { sqlite } = this.#database;
    if (sqlite.prepare('SELECT 1 FROM journal_open').get()) {
      throw new Error('Expected one entry at a time but another is still open');
    }
    sqlite.prepare('INSERT INTO journal_open (entry_id) VALUES (?)').run(entry);
    const result = work(entry);
    sqlite.exec('DELETE FROM journal_open');
    const { changed, faces } = concerned(this.#database, entry);
    sqlite
      .prepare('UPDATE journal SET position = ?, changed = ?, faces = ? WHERE id = ?')
      .run(this.position(), changed, JSON.stringify(faces), entry);
    return result;
  }

  #take(entry: EntryId | null, state: State, together: readonly EntryId[]): Taken {
    if (entry === null || this.#known(entry).state !== state) return { entry: null, blockers: [] };
    const { sqlite } = this.#database;
    return this.#database.write(() => {
      const all = [...new Set([entry, ...together])].filter((id) => this.#known(id).state === state);
      all.sort((a, b) => this.#positionOf(b) - this.#positionOf(a));
      // Part of a transaction that may be another's: this much of it is kept or not.
      sqlite.exec('SAVEPOINT taking');
      try {
        for (const id of all) {
          if (this.#toggle(id, state)) continue;
          sqlite.exec('ROLLBACK TO taking');
          return { entry: null, blockers: this.blockers(entry) };
        }
        return { entry: this.#known(entry), blockers: [] };
      } catch (error) {
        if (sqlite.isTransaction) sqlite.exec('ROLLBACK TO taking');
        throw error;
      } finally {
        if (sqlite.isTransaction) sqlite.exec('RELEASE taking');
      }
    });
  }

  /** @returns whether nothing was in the way */
  #toggle(entry: EntryId, state: State): boolean {
    const { sqlite } = this.#database;
    const plan = planOf(this.#changes, entry, state);
    if (plan.blockers.size > 0) return false;
    if (plan.isStuck) throw new KithError('changed-meanwhile', `entry ${entry}`);
    toggle(this.#changes, entry, state, plan);
    // A number of its own, even where nothing was left to change.
    sqlite.exec(`UPDATE sqlite_sequence SET seq = seq + 1 WHERE name = 'journal_changes'`);
    sqlite
      .prepare('UPDATE journal SET state = ?, position = ? WHERE id = ?')
      .run(state === 'done' ? 'undone' : 'done', this.position(), entry);
    return true;
  }

  #lastIn(state: State): EntryId | null {
    const row = this.#database.read(() =>
      this.#database.sqlite
        .prepare(
          `SELECT id FROM journal WHERE state = ?1 AND (by_whom = 'hand' OR ?1 = 'undone') AND ${IS_KEPT}
           ORDER BY position DESC, id DESC LIMIT 1`,
        )
        .get(state),
    );
    return row ? (row.id as EntryId) : null;
  }

  #undoneLast(): EntryId | null {
    const last = this.#lastIn('undone');
    if (last === null) return null;
    const isOld = this.#database.read(() =>
      this.#database.sqlite
        .prepare(`SELECT 1 FROM journal WHERE by_whom = 'hand' AND began > ? LIMIT 1`)
        .get(this.#positionOf(last)),
    );
    return isOld ? null : last;
  }

  #positionOf(entry: EntryId): number {
    return this.#database.sqlite.prepare('SELECT position FROM journal WHERE id = ?').get(entry)!
      .position as number;
  }

  /** @throws KithError not-found */
  #known(entry: EntryId): JournalEntry {
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
      state: row.state as State,
      changed: row.changed as number,
      faces: FaceId.array()
        .parse(JSON.parse(row.faces as string))
        .filter((face) => there.get(face)),
    };
  }
}
