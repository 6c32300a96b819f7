import { KithError } from '../contract/errors.ts';
import type { EntryId } from '../contract/ids.ts';
import type { JournalEntry } from '../contract/people.ts';
import type { Database } from './database.ts';
import type { JournalChanges } from './journal-changes.ts';
import type { EntryState, JournalEntries } from './journal-entries.ts';
import { planOf } from './journal-plan.ts';
import { toggle } from './journal-toggle.ts';

/** The outcome of an undo or redo. */
export interface Taken {
  /** The entry; null: nothing was done. */
  entry: JournalEntry | null;
  /** Entries that have to be undone before, the newest first. Empty where there was nothing to do. */
  blockers: JournalEntry[];
}

/** Undoes entries and does them again, and finds the entries that block it. */
export class JournalUndo {
  readonly #database: Database;
  readonly #changes: JournalChanges;
  readonly #entries: JournalEntries;

  constructor(database: Database, changes: JournalChanges, entries: JournalEntries) {
    this.#database = database;
    this.#changes = changes;
    this.#entries = entries;
  }

  /**
   * Undoes an entry, or does it again, together with others: all of them or none.
   *
   * @param state the entry's present state; nothing is done where it is in the other one
   * @throws KithError not-found, changed-meanwhile
   */
  take(entry: EntryId | null, state: EntryState, together: readonly EntryId[]): Taken {
    if (entry === null || this.#entries.known(entry).state !== state) return { entry: null, blockers: [] };
    const { sqlite } = this.#database;
    return this.#database.write(() => {
      const all = [...new Set([entry, ...together])].filter((id) => this.#entries.known(id).state === state);
      // This may be part of the caller's transaction, so a savepoint rolls back this part alone.
      sqlite.exec('SAVEPOINT taking');
      try {
        for (const id of this.#newestFirst(all)) {
          if (this.#toggle(id, state)) continue;
          sqlite.exec('ROLLBACK TO taking');
          return { entry: null, blockers: this.blockers(entry) };
        }
        return { entry: this.#entries.known(entry), blockers: [] };
      } catch (error) {
        if (sqlite.isTransaction) sqlite.exec('ROLLBACK TO taking');
        throw error;
      } finally {
        if (sqlite.isTransaction) sqlite.exec('RELEASE taking');
      }
    });
  }

  /**
   * The entries that have to be undone before an entry, the newest first; for an undone entry, those that block a
   * redo.
   */
  blockers(entry: EntryId): JournalEntry[] {
    return this.#database.write(() => {
      const found = this.#closure([entry]);
      // Undoing these may bring back rows that block in turn: a removed person returns together with refusals of them.
      for (let more = [...found]; more.length > 0 && this.#entries.known(entry).state === 'done'; ) {
        more = this.#inTheWay([...found]).filter((id) => !found.has(id));
        for (const id of this.#closure(more)) found.add(id);
      }
      found.delete(entry);
      return this.#newestFirst([...found]).map((id) => this.#entries.known(id));
    });
  }

  /** @returns false where other entries block it; nothing is done then */
  #toggle(entry: EntryId, state: EntryState): boolean {
    const { sqlite } = this.#database;
    const plan = planOf(this.#changes, entry, state);
    if (plan.blockers.size > 0) return false;
    if (plan.isStuck) throw new KithError('changed-meanwhile', `entry ${entry}`);
    toggle(this.#changes, entry, state, plan);
    // The transition gets a position of its own, even where no row was left to change.
    sqlite.exec(`UPDATE sqlite_sequence SET seq = seq + 1 WHERE name = 'journal_changes'`);
    sqlite
      .prepare('UPDATE journal SET state = ?, position = ? WHERE id = ?')
      .run(state === 'done' ? 'undone' : 'done', this.#entries.position(), entry);
    return true;
  }

  /** These entries, the entries that block them now, those that block these, and so on. */
  #closure(entries: readonly EntryId[]): Set<EntryId> {
    const found = new Set(entries);
    for (const id of found) {
      const { state } = this.#entries.known(id);
      // An entry that blocks a redo is only listed: its own blockers do not matter.
      if (state === 'undone' && !entries.includes(id)) continue;
      for (const blocker of planOf(this.#changes, id, state).blockers) found.add(blocker);
    }
    return found;
  }

  /**
   * Tries to undo these entries, the newest first, and rolls back. @returns the blockers of the first that can't be
   * undone
   */
  #inTheWay(entries: readonly EntryId[]): EntryId[] {
    const { sqlite } = this.#database;
    const along = new Set(entries.filter((id) => this.#entries.known(id).state === 'done'));
    sqlite.exec('SAVEPOINT trying');
    try {
      for (const id of this.#newestFirst(entries)) {
        if (this.#entries.known(id).state === 'undone') continue;
        const { blockers, isStuck } = planOf(this.#changes, id, 'done', along);
        if (blockers.size > 0 || isStuck) return [...blockers];
        this.#toggle(id, 'done');
      }
      return [];
    } finally {
      if (sqlite.isTransaction) sqlite.exec('ROLLBACK TO trying; RELEASE trying');
    }
  }

  #newestFirst(entries: readonly EntryId[]): EntryId[] {
    const all = entries.map((id) => ({ id, position: this.#entries.positionOf(id) }));
    return all.sort((a, b) => b.position - a.position).map(({ id }) => id);
  }
}
