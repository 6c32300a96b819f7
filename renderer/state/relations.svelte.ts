import type { PersonId } from '../../electron/contract/ids.ts';
import type { RelationKind, Relative } from '../../electron/contract/relations.ts';
import { ask } from '../bridge.ts';
import { Refused } from '../refused.ts';
import { outcomes } from './outcomes.svelte.ts';

/** What came of saying that somebody is a relative. */
export type Said =
  | { kind: 'done' }
  /** Nobody is called so. */
  | { kind: 'nobody'; typed: string }
  /** Somebody would be among their own ancestors. */
  | { kind: 'circle'; other: string }
  /** Something else is said of the two: the user is asked. */
  | { kind: 'exists'; typed: string; other: string; is: RelationKind }
  /** The user was told why not. */
  | { kind: 'failed' };

/** Who is related to a person, and saying so. */
export class Relations {
  readonly id: PersonId;
  /** Null until it is known. */
  all = $state.raw<Relative[] | null>(null);

  constructor(id: PersonId) {
    this.id = id;
  }

  refresh(): void {
    // Nothing is said where it fails: the person's own request says why.
    void ask('people.relations', { id: this.id }).then(
      (all) => {
        this.all = all;
      },
      () => {},
    );
  }

  /**
   * @param is what whoever is called so is to this person
   * @param name of this person
   * @param replace the user wants it in the place of what is said of the two
   */
  async add(is: RelationKind, typed: string, name: string, replace = false): Promise<Said> {
    const key = typed.toLocaleLowerCase();
    const found = await outcomes.try(() => ask('people.search', { text: typed }));
    if (found === null) return { kind: 'failed' };
    const person = found.find((one) => one.name.toLocaleLowerCase() === key && one.id !== this.id);
    if (person === undefined) return { kind: 'nobody', typed };
    const other = person.name;
    try {
      const done = await ask('people.relate', { id: person.id, is, of: this.id, replace });
      if (done.kind === 'exists') return { kind: 'exists', typed, other, is: done.is };
      // The journal says it of the parent.
      const [one, two] = is === 'child' ? [name, other] : [other, name];
      outcomes.did(done.entry, `journal.relate-${is === 'child' ? 'parent' : is}`, { name: one, other: two });
      return { kind: 'done' };
    } catch (error) {
      if (error instanceof Refused && error.code === 'bad-request') return { kind: 'circle', other };
      outcomes.fail(error);
      return { kind: 'failed' };
    }
  }

  /** @param name of this person; @returns whether it was done */
  async remove(relative: Relative, name: string): Promise<boolean> {
    const done = await outcomes.try(() => ask('people.unrelate', { id: relative.id, of: this.id }));
    if (done) outcomes.did(done.entry, 'journal.unrelate', { name, other: relative.name });
    return done !== null;
  }
}
