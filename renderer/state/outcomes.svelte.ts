import { toast } from 'svelte-sonner';
import type { Result } from '../../electron/contract/api.ts';
import type { EntryId } from '../../electron/contract/ids.ts';
import type { JournalEntry, Ledger } from '../../electron/contract/people.ts';
import { ask, bridge } from '../bridge.ts';
import Notice from '../parts/Notice.svelte';
import Trouble from '../parts/Trouble.svelte';
import { Refused } from '../refused.ts';
import type { Given, Key, PlainKey } from '../words/all.ts';
import { journalWords, t } from '../words/words.svelte.ts';
import { raiseAll } from './changes.svelte.ts';

/** How long the ledger stays, in milliseconds. */
const LEDGER_STAYS = 12_000;

/** How long a failure stays, in milliseconds: long enough to read it, and to look at its details. */
const TROUBLE_STAYS = 12_000;

/** Entries among which a notice looks for the faces of its own. Chosen by hand: others may have done something since. */
const RECENT = 20;

/** What something came to: its journal entries, null where nothing was changed. */
type Entries = EntryId | null | readonly (EntryId | null)[];

/** An entry that can't be undone, or done again, by itself. */
export interface Blocked {
  entry: JournalEntry;
  way: 'undo' | 'redo';
  /** What builds on it, or is in its way; the newest first. */
  blockers: JournalEntry[];
  /** Whether they shall all be undone. */
  answer: (all: boolean) => void;
}

/** What was just done, and the way back. */
class Outcomes {
  /** What the last name brought; shown at the bottom edge for a while. */
  ledger = $state.raw<Ledger | null>(null);
  /** Waits for an answer. */
  blocked = $state.raw<Blocked | null>(null);
  /** Entries that the ledger's Undo takes back beside its own: one step of the user's may be several commands. */
  #beside: readonly EntryId[] = [];
  /** Entries of the notices that were shown, by the notice. */
  readonly #notices = new Map<string | number, readonly EntryId[]>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * Does something; a failure is told and gives null.
   *
   * @param instead what to say where the service refuses a request that is well formed, in this situation
   */
  async try<T>(work: () => Promise<T>, instead?: PlainKey): Promise<T | null> {
    try {
      return await work();
    } catch (error) {
      this.fail(error, instead);
      return null;
    }
  }

  fail(error: unknown, instead?: PlainKey): void {
    if (!(error instanceof Refused)) throw error;
    // Something was done elsewhere that this page has not heard of.
    if (error.code === 'changed-meanwhile' || error.code === 'not-found') raiseAll();
    toast.error(Trouble, { componentProps: { refused: error, instead }, duration: TROUBLE_STAYS });
  }

  /** Something was done that can be undone; each notice takes back its own. */
  did<K extends Key>(entries: Entries, key: K, ...given: Given<K>): void {
    const own = listOf(entries);
    this.#tell(
      t(key, ...given),
      own,
      own.length > 0 ? { label: t('do.undo'), onClick: () => void this.undo(own) } : null,
    );
  }

  /** @param beside entries that belong to the same step and are taken back with it */
  show(ledger: Ledger, beside: Entries = null): void {
    this.ledger = ledger;
    this.#beside = listOf(beside);
    this.#linger();
  }

  /** Another state of the ledger that is shown. */
  renew(ledger: Ledger): void {
    if (ledger.entry !== this.ledger?.entry) return;
    this.ledger = ledger;
    this.#linger();
  }

  #linger(): void {
    clearTimeout(this.#timer);
    // What is still to come is waited for.
    if (!this.ledger?.reading) this.#timer = setTimeout(() => this.hide(), LEDGER_STAYS);
  }

  hide(): void {
    this.ledger = null;
  }

  /** Whether what the ledger tells of has changed anything. */
  get canUndoLedger(): boolean {
    return this.ledger !== null && (this.ledger.entry !== null || this.#beside.length > 0);
  }

  async undoLedger(): Promise<void> {
    const { ledger } = this;
    if (ledger) await this.undo([...listOf(ledger.entry), ...this.#beside]);
  }

  /** Undoes these entries, or what was done last, and tells of it. */
  async undo(entries: readonly EntryId[] = []): Promise<void> {
    const undone = await this.takeBack(entries);
    if (undone === null) return;
    const [first] = undone;
    if (first === undefined) {
      toast(t('did.nothing-to-undo'));
      return;
    }
    const own = [...new Set([...entries, ...undone.map(({ id }) => id)])];
    const more = undone.length - Math.max(1, entries.length);
    const what = journalWords(first);
    this.#tell(
      more > 0 ? t('did.undone-more', { what, count: more }) : t('did.undone', { what }),
      own,
      { label: t('do.redo'), onClick: () => void this.redo(own) },
      first,
    );
  }

  /**
   * Undoes these entries, or what was done last; where something builds on them, that as well, if the user says so.
   *
   * @returns what was undone, none where there was nothing to undo; null where the user was told that it failed, or said no
   */
  async takeBack(entries: readonly EntryId[]): Promise<JournalEntry[] | null> {
    // The newest is the first of a plan; the others go with it.
    const [entry, ...others] = entries.toSorted((a, b) => b - a);
    let more: JournalEntry[] = [];
    for (;;) {
      const together = [...others, ...more.map(({ id }) => id)];
      const taken = await this.try(() =>
        ask('journal.undo', entry === undefined ? {} : { entry, with: together }),
      );
      if (taken === null) return null;
      if (taken.entry !== null || taken.blockers.length === 0) {
        const undone = taken.entry === null ? [] : [taken.entry, ...more];
        this.#forget([...others, ...undone.map(({ id }) => id)]);
        return undone;
      }
      const own = await this.#entryOf(entry);
      if (own === null || !(await this.#mayUndo(own, taken.blockers))) return null;
      more = taken.blockers;
    }
  }

  /** Does these entries again, or what was undone last, and tells of it. */
  async redo(entries: readonly EntryId[] = []): Promise<void> {
    let first: JournalEntry | null = null;
    for (const entry of entries.length > 0 ? entries.toSorted((a, b) => a - b) : [undefined]) {
      const taken = await this.try(() => ask('journal.redo', entry === undefined ? {} : { entry }));
      if (taken === null) return;
      if (taken.entry === null && taken.blockers.length > 0) {
        const own = await this.#entryOf(entry);
        if (own) await this.#askAbout({ entry: own, way: 'redo', blockers: taken.blockers });
        return;
      }
      first ??= taken.entry;
    }
    if (first === null) {
      toast(t('did.nothing-to-redo'));
      return;
    }
    const own = entries.length > 0 ? entries : [first.id];
    this.#forget(own);
    this.#tell(
      t('did.redone', { what: journalWords(first) }),
      own,
      { label: t('do.undo'), onClick: () => void this.undo(own) },
      first,
    );
  }

  /** A notice of its own for each thing that was done, with the faces of those whom it concerns. */
  #tell(
    text: string,
    entries: readonly EntryId[],
    action: { label: string; onClick: () => void } | null,
    known?: JournalEntry,
  ): void {
    const entry = known ? Promise.resolve(known) : this.recent(entries);
    const id = toast(Notice, { componentProps: { text, entry }, ...(action ? { action } : {}) });
    this.#notices.set(id, entries);
  }

  /** The newest of these entries, where it is one of the last; null otherwise. */
  async recent(entries: readonly EntryId[]): Promise<JournalEntry | null> {
    if (entries.length === 0) return null;
    try {
      const { items } = await ask('journal.list', { limit: RECENT });
      return items.find(({ id }) => entries.includes(id)) ?? null;
    } catch {
      // The words say what was done.
      return null;
    }
  }

  /** No notice offers to undo what is undone already, or to do again what is done. */
  #forget(entries: readonly EntryId[]): void {
    if (this.ledger?.entry != null && entries.includes(this.ledger.entry)) this.hide();
    for (const [notice, its] of this.#notices) {
      if (!its.some((entry) => entries.includes(entry))) continue;
      toast.dismiss(notice);
      this.#notices.delete(notice);
    }
  }

  /** An entry, by its id; it is mostly one of the last. */
  async #entryOf(id: EntryId | undefined): Promise<JournalEntry | null> {
    if (id === undefined) return null;
    let cursor: string | null = null;
    do {
      const from: string | null = cursor;
      const page: Result<'journal.list'> | null = await this.try(() =>
        ask('journal.list', { cursor: from, limit: 500 }),
      );
      const found = page?.items.find((entry) => entry.id === id);
      if (found) return found;
      cursor = page?.next ?? null;
    } while (cursor !== null);
    return null;
  }

  #mayUndo(entry: JournalEntry, blockers: JournalEntry[]): Promise<boolean> {
    return this.#askAbout({ entry, way: 'undo', blockers });
  }

  async #askAbout(question: Omit<Blocked, 'answer'>): Promise<boolean> {
    const all = await new Promise<boolean>((answer) => {
      this.blocked = { ...question, answer };
    });
    this.blocked = null;
    return all;
  }
}

function listOf(entries: Entries): EntryId[] {
  return [entries].flat().filter((entry): entry is EntryId => entry !== null);
}

export const outcomes = new Outcomes();

bridge.on((event) => {
  if (event.kind === 'ledger') outcomes.renew(event.ledger);
  else if (event.kind === 'grown') {
    const key = event.why === 'photos' ? 'did.grew' : 'did.adapted';
    outcomes.did(event.entry, key, { count: event.groups });
  }
});
