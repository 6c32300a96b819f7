import type { NamesOffer, NamesTaken } from '../../electron/contract/names-in.ts';
import { ask } from '../bridge.ts';
import { versionOf } from './changes.svelte.ts';
import { outcomes } from './outcomes.svelte.ts';

/** Names that other programs wrote into photos' metadata: whether they are offered, and what came of them. */
class Names {
  offer = $state.raw<NamesOffer | null>(null);
  /** Whether they are being given to their faces. */
  isAtWork = $state(false);
  /** What was left alone the last time; null once the user has seen it. */
  left = $state.raw<NamesTaken | null>(null);
  /** How many names wait for the user's decision. */
  open = $state(0);
  /** Whether there are such that the user was not told of. */
  isNew = $state(false);

  /** To be called while the page starts, once. */
  start(): void {
    $effect(() => {
      versionOf('names');
      void ask('names.offer', {}).then(
        (offer) => {
          this.offer = offer;
        },
        () => {},
      );
    });
    $effect(() => {
      versionOf('names');
      // While nothing is open, commands can't answer any of it.
      if (this.open > 0) versionOf('journal');
      void this.look();
    });
  }

  /** Asks how many names wait for a decision. */
  async look(): Promise<void> {
    const open = await ask('names.open', { limit: 0 }).catch(() => null);
    if (open === null) return;
    this.open = open.total;
    this.isNew = open.isNew && open.total > 0;
  }

  async use(): Promise<void> {
    this.isAtWork = true;
    const taken = await outcomes.try(() => ask('names.use', {}));
    this.isAtWork = false;
    if (taken === null) return;
    this.offer = null;
    outcomes.did(taken.entry, 'names.used', { count: taken.faces });
    if (leftOf(taken) > 0) this.left = taken;
    await this.look();
  }

  async later(): Promise<void> {
    if (!(await outcomes.try(() => ask('names.later', {})))) return;
    this.offer = null;
    this.isNew = false;
  }

  close(): void {
    this.left = null;
  }
}

/** How many names no face has got. */
export function leftOf({ contradictions, unplaced, misplaced }: NamesTaken): number {
  return contradictions.length + unplaced.length + misplaced.length;
}

export const names = new Names();
