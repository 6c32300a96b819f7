import type { FaceId, GroupId } from '../../electron/contract/ids.ts';
import type { PersonCard } from '../../electron/contract/people.ts';
import { ask } from '../bridge.ts';
import { deeds } from './deeds.svelte.ts';

interface Target {
  faces?: FaceId[];
  groups?: GroupId[];
}

/** Giving a name, with the one question where somebody of that name is known. */
class Naming {
  /** Somebody has this name already; waits for an answer. */
  asking = $state.raw<{ person: PersonCard; answer: (same: boolean) => void } | null>(null);

  /**
   * @param known the name was chosen from the known ones, so nothing need be asked
   * @returns whether the name was given
   */
  async give(name: string, target: Target, { known = false } = {}): Promise<boolean> {
    const named = await deeds.try(() => ask('name', { ...target, name, merge: known }));
    if (named === null) return false;
    if (named.kind === 'named') {
      deeds.show(named.ledger);
      return true;
    }
    return (await this.same(named.person)) && this.give(name, target, { known: true });
  }

  /** Asks whether the person of that name, who is known already, is meant. */
  async same(person: PersonCard): Promise<boolean> {
    const same = await new Promise<boolean>((answer) => {
      this.asking = { person, answer };
    });
    this.asking = null;
    return same;
  }
}

export const naming = new Naming();
