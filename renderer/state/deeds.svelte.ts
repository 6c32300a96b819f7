import { toast } from 'svelte-sonner';
import type { Ledger } from '../../electron/contract/people.ts';
import { ask, bridge } from '../bridge.ts';
import Trouble from '../parts/Trouble.svelte';
import { Refused } from '../refused.ts';
import type { Given, Key } from '../words/all.ts';
import { journalWords, t } from '../words/words.svelte.ts';

/** How long the ledger stays, in milliseconds. */
const LEDGER_STAYS = 12_000;

/** How long a failure stays, in milliseconds: long enough to read it, and to look at its details. */
const TROUBLE_STAYS = 12_000;

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
    toast.error(Trouble, { componentProps: { refused: error }, duration: TROUBLE_STAYS });
  }

  /** Something was done that can be undone; the same again takes the place of its notice. */
  did<K extends Key>(key: K, ...given: Given<K>): void {
    toast(t(key, ...given), { id: key, action: { label: t('do.undo'), onClick: () => void this.undo() } });
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
      back.entry ? t('did.undone', { what: journalWords(back.entry) }) : t('did.nothing-to-undo'),
      back.entry ? { action: { label: t('do.redo'), onClick: () => void this.redo() } } : {},
    );
  }

  async redo(): Promise<void> {
    const again = await this.try(() => ask('journal.redo', {}));
    if (again === null) return;
    toast(again.entry ? t('did.redone', { what: journalWords(again.entry) }) : t('did.nothing-to-redo'));
  }
}

export const deeds = new Deeds();

bridge.on((event) => {
  if (event.kind === 'ledger' && event.ledger.entry === deeds.ledger?.entry) deeds.show(event.ledger);
});
