import { toast } from 'svelte-sonner';
import type { JournalEntry, Ledger } from '../../electron/contract/people.ts';
import { ask, bridge } from '../bridge.ts';
import { Refused } from '../refused.ts';
import type { Key } from '../words/all.ts';
import { en } from '../words/all.ts';
import { sentenceOf, t } from '../words/words.svelte.ts';

/** How long the ledger stays, in milliseconds. */
const LEDGER_STAYS = 12_000;

/** What a journal entry says it was. */
export function wordsOf({ action, detail }: Pick<JournalEntry, 'action' | 'detail'>): string {
  const key = `journal.${action}`;
  const known = key in en ? (key as Key) : 'journal.other';
  const values = Object.entries(detail).filter(
    (entry): entry is [string, string | number] => entry[1] !== null,
  );
  return t(known, Object.fromEntries(values));
}

/** What was just done, and the way back. */
class Deeds {
  /** What the last name brought; shown at the bottom edge for a while. */
  ledger = $state.raw<Ledger | null>(null);
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Does something; a failure is told and gives null. */
  async try<T>(work: () => Promise<T>): Promise<T | null> {
    try {
      return await work();
    } catch (error) {
      this.fail(error);
      return null;
    }
  }

  fail(error: unknown): void {
    if (!(error instanceof Refused)) throw error;
    toast.error(sentenceOf(error));
  }

  /** Something was done that can be undone; the same again takes the place of its notice. */
  did(key: Key, values: Record<string, string | number> = {}): void {
    toast(t(key, values), { id: key, action: { label: t('do.undo'), onClick: () => void this.undo() } });
  }

  show(ledger: Ledger): void {
    this.ledger = ledger;
    clearTimeout(this.#timer);
    // What is still to come is waited for.
    if (!ledger.reading) this.#timer = setTimeout(() => this.hide(), LEDGER_STAYS);
  }

  hide(): void {
    this.ledger = null;
  }

  async undo(): Promise<void> {
    this.hide();
    const back = await this.try(() => ask('journal.undo', {}));
    if (back === null) return;
    toast(
      back.entry ? t('did.undone', { what: wordsOf(back.entry) }) : t('did.nothing-to-undo'),
      back.entry ? { action: { label: t('do.redo'), onClick: () => void this.redo() } } : {},
    );
  }

  async redo(): Promise<void> {
    const again = await this.try(() => ask('journal.redo', {}));
    if (again === null) return;
    toast(again.entry ? t('did.redone', { what: wordsOf(again.entry) }) : t('did.nothing-to-redo'));
  }
}

export const deeds = new Deeds();

bridge.on((event) => {
  if (event.kind === 'ledger' && event.ledger.entry === deeds.ledger?.entry) deeds.show(event.ledger);
});
