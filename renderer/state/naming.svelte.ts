import type { Result } from '../../electron/contract/api.ts';
import type { EntryId, FaceId, GroupId, PersonId } from '../../electron/contract/ids.ts';
import type { PersonCard } from '../../electron/contract/people.ts';
import { ask } from '../bridge.ts';
import { toPerson } from './flight.ts';
import { outcomes } from './outcomes.svelte.ts';

interface Target {
  faces?: FaceId[];
  groups?: GroupId[];
}

/** The one question before two become one person. */
export interface SameQuestion {
  /** Who keeps the name; null where none of them has one. */
  into: PersonCard | null;
  /** Others who have a name. */
  from: PersonCard[];
  /** Faces of those without a name, one of each, as many as are shown. */
  unnamedFaces: FaceId[];
  /** How many faces and groups without a name become that person, or one group. */
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
    const flyTo = toPerson(target);
    const named = await outcomes.try(() => ask('name', { ...target, name, merge: known }));
    if (named === null) return false;
    if (named.kind === 'named') {
      outcomes.show(named.ledger, beside);
      flyTo(named.ledger.person.id);
      return true;
    }
    const unnamed = (target.faces?.length ?? 0) + (target.groups?.length ?? 0);
    const unnamedFaces = await facesOf(target);
    const same = await this.#ask({ into: named.person, from: [], unnamedFaces, unnamed, plan: null });
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
      unnamedFaces: await facesOf(others),
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

  /** Makes one group of several, once the user has seen a face of each. @returns whether it was done */
  async mergeGroups(groups: GroupId[]): Promise<boolean> {
    const unnamedFaces = await facesOf({ groups });
    const question = { into: null, from: [], unnamedFaces, unnamed: groups.length, plan: null };
    if (!(await this.#ask(question))) return false;
    const merged = await outcomes.try(() => ask('groups.merge', { groups }));
    if (merged !== null) outcomes.did(merged.entry, 'did.merged', { count: groups.length });
    return merged !== null;
  }

  async #ask(question: Omit<SameQuestion, 'answer'>): Promise<boolean> {
    const same = await new Promise<boolean>((answer) => {
      this.asking = { ...question, answer };
    });
    this.asking = null;
    return same;
  }
}

/** How many of those without a name are shown. Chosen by hand: what lies beside each other on a phone. */
const SHOWN = 3;

/** One face of each face or group without a name, for the first SHOWN of them. */
async function facesOf({ faces = [], groups = [] }: Target): Promise<FaceId[]> {
  const cards = await Promise.all(
    groups.slice(0, SHOWN).map((id) => ask('groups.get', { id }).catch(() => null)),
  );
  return [...faces, ...cards.flatMap((card) => card?.cover ?? [])].slice(0, SHOWN);
}

export const naming = new Naming();
