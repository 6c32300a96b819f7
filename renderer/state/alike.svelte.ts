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

  /** To be called when nobody looks any more. */
  close(): void {
    clearTimeout(this.#again);
  }

  refresh(): void {
    void ask('people.alike', {}).then(
      ({ pairs, reading }) => {
        this.pairs = pairs;
        this.reading = reading;
        this.refusal = null;
        // Nothing tells of the end of reading.
        clearTimeout(this.#again);
        if (reading) this.#again = setTimeout(() => this.refresh(), AGAIN);
      },
      (error) => {
        this.refusal = worthSaying(error);
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
      if (done) outcomes.did(done.entry, 'did.apart', { name: one.name, other: other.name });
    });
  }

  async #answer(work: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    await work().finally(() => {
      this.busy = false;
    });
    this.refresh();
  }
}

/** The one who keeps the name first. */
export function inOrder([one, other]: Pair): Pair {
  return one.confirmed + one.sure >= other.confirmed + other.sure ? [one, other] : [other, one];
}
