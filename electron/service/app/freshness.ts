import type { RequestName } from '../../contract/api.ts';
import { KithError } from '../../contract/errors.ts';
import type { EntryId } from '../../contract/ids.ts';
import { kinds } from '../../contract/kinds.ts';
import type { Concerned } from '../../library/journal-entries.ts';
import type { Library } from '../../library/open.ts';
import type { CallOptions } from './app.ts';

/** Of how many entries the sender is remembered: more than a user makes between two looks at a page. Chosen by hand. */
const REMEMBERED = 10_000;

/**
 * Refuses commands about things that another sender has changed since this sender loaded them. Such a command might do
 * something else than its user means.
 */
export class Freshness {
  /** The sender that last made an entry, undid it or did it again. */
  readonly #senders = new Map<EntryId, string>();

  /**
   * @param params of a command, not checked yet
   * @throws KithError changed-meanwhile, naming the entry; nothing was done
   */
  require(library: Library, name: RequestName, params: unknown, { seen, sender }: CallOptions): void {
    // Undo checks by itself which later entries build on an entry.
    if (seen == null || kinds[name] !== 'command' || name.startsWith('journal.')) return;
    const others = library.journal
      .changedSince(seen, namedIn(name, params))
      .filter(({ id }) => sender === undefined || this.#senders.get(id) !== sender);
    const [first] = others;
    if (first) throw new KithError('changed-meanwhile', first.action);
  }

  /** Notes the sender of all entries that were made, undone or done again since a position. */
  note(library: Library, since: number, sender: string | undefined): void {
    if (sender === undefined) return;
    for (const entry of library.journal.since(since)) {
      // Deleted first, so that the entry moves to the end of the map: the oldest note is dropped first.
      this.#senders.delete(entry);
      this.#senders.set(entry, sender);
    }
    for (const entry of this.#senders.keys()) {
      if (this.#senders.size <= REMEMBERED) break;
      this.#senders.delete(entry);
    }
  }
}

/** The faces, groups, people and photos that a request names. Values that are no integers are left out. */
function namedIn(name: RequestName, params: unknown): Concerned {
  const named = Object(params) as Record<string, unknown>;
  const ids = (...values: unknown[]) =>
    values.flat().filter((value): value is number => Number.isSafeInteger(value)) as never[];
  // A question's id consists of the ids of its face and its person, or both its people.
  const [face, ...people] =
    name === 'review.answer' ? String(named.question).split(':', 3).map(Number) : [undefined];
  return {
    faces: ids(named.faces, face),
    groups: ids(named.groups, name === 'groups.move' ? named.to : undefined),
    people: ids(
      ...[named.person, named.ids, named.from, named.into, ...people],
      ...(name.startsWith('people.') ? [named.id, named.of] : []),
    ),
    photos: ids(name.startsWith('photos.') ? named.id : undefined),
  };
}
