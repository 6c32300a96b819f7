import type { GroupId } from '../../electron/contract/ids.ts';
import type { GroupCard } from '../../electron/contract/people.ts';
import { ask } from '../bridge.ts';
import { naming } from './naming.svelte.ts';
import { outcomes } from './outcomes.svelte.ts';
import { Paged } from './paged.svelte.ts';
import { go, to } from './route.svelte.ts';
import { FaceStacks } from './stacks.svelte.ts';

/** The page of a group that nobody has named. */
export class GroupPage {
  readonly id: GroupId;
  /** Undefined until it is known; null where nobody without a name is left in it. */
  card = $state.raw<GroupCard | null | undefined>(undefined);
  readonly faces: FaceStacks;

  constructor(id: GroupId) {
    this.id = id;
    this.faces = new FaceStacks(
      new Paged((cursor, limit) => ask('groups.faces', { id, cursor, limit, stacked: true })),
    );
  }

  refresh(): void {
    this.faces.refresh();
    void ask('groups.get', { id: this.id }).then(
      (card) => {
        this.card = card;
      },
      // The list of faces tells why.
      () => {},
    );
  }

  /** Names everybody in it, and goes to where they are now. */
  async name(name: string, known: boolean): Promise<boolean> {
    const given = await naming.give(name, { groups: [this.id] }, { known });
    const person = outcomes.ledger?.person.id;
    if (given && person !== undefined) go(to.person(person), { replace: true });
    return given;
  }

  async mark(as: 'ignored' | 'not-a-face'): Promise<void> {
    const count = as === 'ignored' ? 1 : (this.card?.size ?? 1);
    const done = await outcomes.try(() => ask('groups.mark', { groups: [this.id], as }));
    if (done === null) return;
    outcomes.did(done.entry, as === 'ignored' ? 'did.ignored' : 'did.not-a-face', { count });
    go(to.people(), { replace: true });
  }

  async hide(hidden: boolean): Promise<void> {
    const done = await outcomes.try(() => ask('groups.hide', { groups: [this.id], hidden }));
    if (done === null) return;
    outcomes.did(done.entry, hidden ? 'journal.hide-groups' : 'journal.show-groups', { count: 1 });
    if (hidden) go(to.people(), { replace: true });
  }
}
