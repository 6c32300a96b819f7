import type { Params } from '../../electron/contract/api.ts';
import type { Fact } from '../../electron/contract/fact-list.ts';
import type { FaceId, PersonId } from '../../electron/contract/ids.ts';
import type { PersonDetail, PersonLife } from '../../electron/contract/people.ts';
import { ask } from '../bridge.ts';
import { type Refused, worthSaying } from '../refused.ts';
import { Check } from './check.svelte.ts';
import { naming } from './naming.svelte.ts';
import { outcomes } from './outcomes.svelte.ts';
import { Paged } from './paged.svelte.ts';
import { Relations } from './relations.svelte.ts';
import { go, to } from './route.svelte.ts';
import { FaceStacks } from './stacks.svelte.ts';
import { Timeline } from './timeline.svelte.ts';

/** A person's own page: who it is, the faces, and what can be done with the name. */
export class PersonPage {
  readonly id: PersonId;
  detail = $state.raw<PersonDetail | null>(null);
  life = $state.raw<PersonLife | null>(null);
  /** Why there is none. */
  refusal = $state.raw<Refused | null>(null);
  /** Faces of which somebody said so, and those that Kith is sure of. */
  readonly confirmed: FaceStacks;
  readonly sure: FaceStacks;
  readonly check: Check;
  readonly photos: Timeline;
  readonly relations: Relations;

  constructor(id: PersonId) {
    this.id = id;
    const faces = (status: 'confirmed' | 'sure') =>
      new FaceStacks(
        new Paged((cursor, limit) => ask('people.faces', { id, status, cursor, limit, stacked: true })),
      );
    this.confirmed = faces('confirmed');
    this.sure = faces('sure');
    this.check = new Check(id);
    this.relations = new Relations(id);
    this.photos = new Timeline({ person: id }, 'year');
  }

  refresh(): void {
    for (const list of [this.confirmed, this.sure, this.check.list, this.photos]) list.refresh();
    this.relations.refresh();
    void ask('people.get', { id: this.id }).then(
      (detail) => {
        this.detail = detail;
        this.refusal = null;
      },
      (error) => {
        this.refusal = worthSaying(error);
      },
    );
    // Nothing is said where it fails: the person's own request says why.
    void ask('people.life', { id: this.id }).then(
      (life) => {
        this.life = life;
      },
      () => {},
    );
  }

  /** A name that is somebody's already makes both one person, after one question. @returns whether it was done */
  async rename(name: string): Promise<boolean> {
    if (name === this.detail?.name) return true;
    const renamed = await outcomes.try(() => ask('people.rename', { id: this.id, name, merge: false }));
    if (renamed === null) return false;
    if (renamed.kind === 'renamed') {
      outcomes.did(renamed.entry, 'did.renamed', { name });
      return true;
    }
    return this.#mergeInto(renamed.person.id);
  }

  /** @returns whether it was done; null where there is nobody of that name */
  async mergeWith(name: string): Promise<boolean | null> {
    const found = await outcomes.try(() => ask('people.search', { text: name }));
    const key = name.toLocaleLowerCase();
    const into = found?.find((person) => person.name.toLocaleLowerCase() === key && person.id !== this.id);
    return into === undefined ? null : this.#mergeInto(into.id);
  }

  async #mergeInto(into: PersonId): Promise<boolean> {
    if (!(await naming.merge([this.id], into))) return false;
    go(to.person(into), { replace: true });
    return true;
  }

  /** @returns whether it is so now */
  async say(fact: Fact, said: string | null): Promise<boolean> {
    if (said === (this.detail?.[fact] ?? null)) return true;
    const params = { id: this.id, [fact]: said } as unknown as Params<`people.${Fact}`>;
    const done = await outcomes.try(() => ask(`people.${fact}`, params));
    if (done) outcomes.did(done.entry, `did.${fact}`, { name: this.detail?.name ?? '' });
    return done !== null;
  }

  async setCover(face: FaceId): Promise<void> {
    const done = await outcomes.try(() => ask('people.cover', { id: this.id, face }));
    if (done) outcomes.did(done.entry, 'did.cover', { name: this.detail?.name ?? '' });
  }

  async hide(hidden: boolean): Promise<void> {
    const done = await outcomes.try(() => ask('people.hide', { ids: [this.id], hidden }));
    const name = this.detail?.name ?? '';
    if (done) outcomes.did(done.entry, hidden ? 'did.hidden-person' : 'did.shown-person', { name });
  }

  /** The faces stay, without a name. */
  async remove(): Promise<void> {
    const name = this.detail?.name ?? '';
    const done = await outcomes.try(() => ask('people.remove', { ids: [this.id] }));
    if (done === null) return;
    outcomes.did(done.entry, 'did.removed', { name });
    go(to.people(), { replace: true });
  }
}
