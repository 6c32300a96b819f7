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
  }

  async use(): Promise<void> {
    this.isAtWork = true;
    const taken = await outcomes.try(() => ask('names.use', {}));
    this.isAtWork = false;
    if (taken === null) return;
    this.offer = null;
    outcomes.did(taken.entry, 'names.used', { count: taken.faces });
    if (leftOf(taken) > 0) this.left = taken;
  }

  async later(): Promise<void> {
    if (await outcomes.try(() => ask('names.later', {}))) this.offer = null;
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
