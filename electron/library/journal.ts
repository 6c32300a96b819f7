import type { EntryId } from '../contract/ids.ts';
import type { JournalEntry } from '../contract/people.ts';
import type { Database } from './database.ts';
import { JournalChanges } from './journal-changes.ts';
import { type Concerned, JournalEntries } from './journal-entries.ts';
import { concerned } from './journal-faces.ts';
import { chooseFolded, endOf, foldSome } from './journal-fold.ts';
import { JournalUndo, type Taken } from './journal-undo.ts';

/** A command, as the history shows it: one undoable change. */
export interface Command {
  /** A word such as `name` or `merge`. */
  action: string;
  detail: JournalEntry['detail'];
  by: 'hand' | 'kith';
}

/**
 * All changes of names, labels, refusals and groups, each of which can be undone. Triggers of the database keep the rows
 * that an entry changed, before and after, so that undo and redo are the same for all commands. Each entry can be undone by
 * itself, unless a later entry builds on it.
 */
export class Journal {
  readonly #database: Database;
  readonly #entries: JournalEntries;
  readonly #undo: JournalUndo;

  constructor(database: Database) {
    const changes = new JournalChanges(database);
    this.#database = database;
    this.#entries = new JournalEntries(database, changes);
    this.#undo = new JournalUndo(database, changes, this.#entries);
  }

  /**
   * Runs a command in one transaction, and keeps what it changed as an entry, so that it can be undone.
   *
   * @returns `entry` is null where the command changed nothing: there is nothing to undo
   */
  act<T>(command: Command, work: (entry: EntryId) => T): { entry: EntryId | null; result: T } {
    const { sqlite } = this.#database;
    return this.#database.write(() => {
      const entry = sqlite
        .prepare(
          `INSERT INTO journal (at, action, detail, by_whom, state) VALUES (?, ?, ?, ?, 'done') RETURNING id`,
        )
        .get(new Date().toISOString(), command.action, JSON.stringify(command.detail), command.by)!
        .id as EntryId;
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
   * Makes more changes within the last entry, so that undoing it reverts them as well.
   *
   * @returns whether `entry` is the last; nothing is done where another came after it, or where it was undone
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
   * Undoes one entry, also where other entries came after it. Nothing is done where one of these builds on it.
   *
   * @param which.entry left out: the user's last entry. A user who says "undo" does not mean what Kith did by itself since
   * @param which.together entries that are undone with it, the newest first: its blockers, and what blocks those
   * @throws KithError not-found
   */
  undo(which: { entry?: EntryId | undefined; together?: readonly EntryId[] | undefined } = {}): Taken {
    const entry = which.entry ?? this.#entries.lastIn('done');
    return this.#undo.take(entry, 'done', which.together ?? []);
  }

  /**
   * Does an undone entry again.
   *
   * @param which.entry left out: the entry that was undone last, unless the user has made a new one since
   * @throws KithError not-found
   */
  redo(which: { entry?: EntryId | undefined } = {}): Taken {
    return this.#undo.take(which.entry ?? this.#entries.undoneLast(), 'undone', []);
  }

  /** The user's last entry of this action that is done; null: there is none. */
  lastOf(action: string): EntryId | null {
    return this.#entries.lastIn('done', action);
  }

  /** See {@link JournalEntries.lastMoved}. */
  lastMoved(action: string): { id: EntryId; state: 'done' | 'undone' } | null {
    return this.#entries.lastMoved(action);
  }

  /** See {@link JournalUndo.blockers}. */
  blockers(entry: EntryId): JournalEntry[] {
    return this.#undo.blockers(entry);
  }

  /** See {@link JournalEntries.list}. */
  list(from: number, limit: number): { items: JournalEntry[]; total: number } {
    return this.#entries.list(from, limit);
  }

  /** When the newest folded entry was made, UTC; null: none is folded. */
  endsAt(): string | null {
    return this.#database.read(() => endOf(this.#database));
  }

  /** Decides which entries are folded; see {@link chooseFolded}. */
  chooseFolded(kept?: { days: number; entries: number }): void {
    chooseFolded(this.#database, kept);
  }

  /** Deletes some of the folded entries. @returns whether there are more */
  foldSome(rows?: number): boolean {
    return foldSome(this.#database, rows);
  }

  get(entry: EntryId): JournalEntry | null {
    return this.#entries.get(entry);
  }

  /** See {@link JournalEntries.position}. */
  position(): number {
    return this.#entries.position();
  }

  /** See {@link JournalEntries.changedSince}. */
  changedSince(since: number, of: Concerned): JournalEntry[] {
    return this.#entries.changedSince(since, of);
  }

  /** Entries that were made, undone or done again since a {@link Journal.position}. */
  since(position: number): EntryId[] {
    return this.#entries.since(position);
  }

  /** Runs `work`; the triggers note its changes as this entry's. */
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
}
