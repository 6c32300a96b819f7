import type { Result } from '../../electron/contract/api.ts';
import type { EntryId, FaceId, GroupId, PersonId } from '../../electron/contract/ids.ts';
import type { PersonCard } from '../../electron/contract/people.ts';
import { ask } from '../bridge.ts';
import { outcomes } from './outcomes.svelte.ts';

interface Target {
  faces?: FaceId[];
  groups?: GroupId[];
}

/** The one question before two become one person. */
export interface SameQuestion {
  /** Who keeps the name. */
  into: PersonCard;
  /** Others who have a name. */
  from: PersonCard[];
  /** The face of somebody without a name. */
  face: FaceId | null;
  /** How many faces, groups or people without a name become that person, `face` among them. */
  unnamed: number;
  /** What of the people is kept, and whether they are on photos together; null where only one has a name. */
  plan: Result<'people.mergePlan'> | null;
  answer: (same: boolean) => void;
}

/** Giving a name, and making one person of two, with the one question where somebody of that name is known. */
class Naming {
  /** Waits for an answer. */
  asking = $state.raw<SameQuestion | null>(null);

  /**
   * @param known the name was chosen from the known ones, so nothing need be asked
   * @param beside an entry of the same step, which is taken back with it
   * @returns whether the name was given
   */
  async give(
    name: string,
    target: Target,
    { known = false, beside = null }: { known?: boolean; beside?: EntryId | null } = {},
  ): Promise<boolean> {
    const named = await outcomes.try(() => ask('name', { ...target, name, merge: known }));
    if (named === null) return false;
    if (named.kind === 'named') {
      outcomes.show(named.ledger, beside);
      return true;
    }
    const unnamed = (target.faces?.length ?? 0) + (target.groups?.length ?? 0);
    const face = await faceOf(target);
    const same = await this.#ask({ into: named.person, from: [], face, unnamed, plan: null });
    return same && this.give(name, target, { known: true });
  }

  /**
   * Makes one person of several, once the user has seen both faces and what is kept.
   *
   * @param others faces and groups without a name that become that person as well
   * @returns whether it was done
   */
  async merge(from: readonly PersonId[], into: PersonId, others: Target = {}): Promise<boolean> {
    const unnamed = (others.faces?.length ?? 0) + (others.groups?.length ?? 0);
    const asked = await outcomes.try(async () => ({
      plan: from.length > 0 ? await ask('people.mergePlan', { from: [...from], into }) : null,
      into: await ask('people.get', { id: into }),
      from: await Promise.all(from.map((id) => ask('people.get', { id }))),
      face: await faceOf(others),
    }));
    if (asked === null || !(await this.#ask({ ...asked, unnamed }))) return false;
    let beside: EntryId | null = null;
    if (from.length > 0) {
      // The user has been told, and says so all the same.
      const evenIfTogether = (asked.plan?.photosTogether ?? 0) > 0;
      const merged = await outcomes.try(() => ask('people.merge', { from: [...from], into, evenIfTogether }));
      if (merged === null) return false;
      outcomes.show(merged.ledger);
      beside = merged.ledger.entry;
    }
    return unnamed === 0 || this.give(asked.into.name, others, { known: true, beside });
  }

  async #ask(question: Omit<SameQuestion, 'answer'>): Promise<boolean> {
    const same = await new Promise<boolean>((answer) => {
      this.asking = { ...question, answer };
    });
    this.asking = null;
    return same;
  }
}

/** A face of those without a name. */
async function faceOf({ faces = [], groups = [] }: Target): Promise<FaceId | null> {
  if (faces[0] !== undefined) return faces[0];
  if (groups[0] === undefined) return null;
  const group = await ask('groups.get', { id: groups[0] }).catch(() => null);
  return group?.cover ?? null;
}

export const naming = new Naming();
