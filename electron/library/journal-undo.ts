import { KithError } from '../contract/errors.ts';
import type { EntryId } from '../contract/ids.ts';
import type { JournalEntry } from '../contract/people.ts';
import type { Database } from './database.ts';
import type { JournalChanges } from './journal-changes.ts';
import type { EntryState, JournalEntries } from './journal-entries.ts';
import { planOf } from './journal-plan.ts';
import { toggle } from './journal-toggle.ts';

/** What undoing or redoing came to. */
export interface Taken {
  /** The entry; null: nothing was done. */
  entry: JournalEntry | null;
  /** What would have to be taken back before, the newest first. Empty where there was nothing to do at all. */
  blockers: JournalEntry[];
}

/** Takes entries back and does them again, and says what is in the way. */
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
   * Undoes an entry, or does it again, with others; all of it or nothing.
   *
   * @param state in which the entry is; nothing is done where it is in the other
   * @throws KithError not-found, changed-meanwhile
   */
  take(entry: EntryId | null, state: EntryState, together: readonly EntryId[]): Taken {
    if (entry === null || this.#entries.known(entry).state !== state) return { entry: null, blockers: [] };
    const { sqlite } = this.#database;
    return this.#database.write(() => {
      const all = [...new Set([entry, ...together])].filter((id) => this.#entries.known(id).state === state);
      // Part of a transaction that may be another's: this much of it is kept or not.
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

  /** What would have to be undone before an entry, the newest first; for one that is undone, what is in its way. */
  blockers(entry: EntryId): JournalEntry[] {
    return this.#database.write(() => {
      const found = this.#closure([entry]);
      // Undoing these may bring back something that is in the way then: a removed person returns with the refusals of them.
      for (let more = [...found]; more.length > 0 && this.#entries.known(entry).state === 'done'; ) {
        more = this.#inTheWay([...found]).filter((id) => !found.has(id));
        for (const id of this.#closure(more)) found.add(id);
      }
      found.delete(entry);
      return this.#newestFirst([...found]).map((id) => this.#entries.known(id));
    });
  }

  /** @returns whether nothing was in the way */
  #toggle(entry: EntryId, state: EntryState): boolean {
    const { sqlite } = this.#database;
    const plan = planOf(this.#changes, entry, state);
    if (plan.blockers.size > 0) return false;
    if (plan.isStuck) throw new KithError('changed-meanwhile', `entry ${entry}`);
    toggle(this.#changes, entry, state, plan);
    // A number of its own, even where nothing was left to change.
    sqlite.exec(`UPDATE sqlite_sequence SET seq = seq + 1 WHERE name = 'journal_changes'`);
    sqlite
      .prepare('UPDATE journal SET state = ?, position = ? WHERE id = ?')
      .run(state === 'done' ? 'undone' : 'done', this.#entries.position(), entry);
    return true;
  }

  /** These entries, what blocks them as things are, and so on. */
  #closure(entries: readonly EntryId[]): Set<EntryId> {
    const found = new Set(entries);
    for (const id of found) {
      const { state } = this.#entries.known(id);
      // What is in the way of redoing is only named: it was not asked for.
      if (state === 'undone' && !entries.includes(id)) continue;
      for (const blocker of planOf(this.#changes, id, state).blockers) found.add(blocker);
    }
    return found;
  }

  /** What blocks the first that can't be undone, of these entries, the newest first. Nothing is changed. */
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
