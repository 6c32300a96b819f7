import type { PersonCard } from '../../electron/contract/people.ts';
import { ask } from '../bridge.ts';
import { type Refused, worthSaying } from '../refused.ts';
import { outcomes } from './outcomes.svelte.ts';

export type Pair = readonly [PersonCard, PersonCard];

/** Milliseconds until it is asked again whether the faces are read. */
const AGAIN = 3000;

/** Pairs of people who may be one person. */
export class Alike {
  pairs = $state.raw<readonly Pair[] | null>(null);
  /** The faces are still being read, and the pairs are not known yet. */
  reading = $state(false);
  refusal = $state.raw<Refused | null>(null);
  busy = $state(false);
  #again: ReturnType<typeof setTimeout> | undefined;
  /** Counts the readings: an answer to an earlier one, or after the screen was left, is passed over. */
  #round = 0;

  /** To be called when nobody looks any more. */
  close(): void {
    this.#round++;
    clearTimeout(this.#again);
  }

  refresh(): Promise<void> {
    clearTimeout(this.#again);
    const mine = ++this.#round;
    return ask('people.alike', {}).then(
      ({ pairs, reading }) => {
        if (mine !== this.#round) return;
        this.pairs = pairs;
        this.reading = reading;
        this.refusal = null;
        // Nothing tells of the end of reading.
        if (reading) this.#again = setTimeout(() => void this.refresh(), AGAIN);
      },
      (error) => {
        if (mine === this.#round) this.refusal = worthSaying(error);
      },
    );
  }

  /** Whoever has more faces keeps the name. */
  async join(pair: Pair): Promise<void> {
    const [into, from] = inOrder(pair);
    await this.#answer(async () => {
      const merged = await outcomes.try(() =>
        ask('people.merge', { from: [from.id], into: into.id, evenIfTogether: false }),
      );
      if (merged) outcomes.show(merged.ledger);
    });
  }

  async part([one, other]: Pair): Promise<void> {
    await this.#answer(async () => {
      const done = await outcomes.try(() => ask('people.apart', { people: [one.id, other.id] }));
      if (done) outcomes.did(done.entry, 'journal.apart', { name: one.name, other: other.name });
    });
  }

  /** Until the pairs are read anew, the answered one is still there, and takes no second answer. */
  async #answer(work: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      await work();
      await this.refresh();
    } finally {
      this.busy = false;
    }
    // The button that was pressed has gone.
    document.querySelector<HTMLElement>('main h1')?.focus({ preventScroll: true });
  }
}

/** The one who keeps the name first. */
export function inOrder([one, other]: Pair): Pair {
  return one.confirmed + one.sure >= other.confirmed + other.sure ? [one, other] : [other, one];
}
