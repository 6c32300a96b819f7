import type { RequestName } from '../../contract/api.ts';
import { KithError } from '../../contract/errors.ts';
import type { EntryId } from '../../contract/ids.ts';
import { kinds } from '../../contract/kinds.ts';
import type { Concerned } from '../../library/journal-entries.ts';
import type { Library } from '../../library/open.ts';
import type { CallOptions } from './app.ts';

/** Entries of which it is remembered who made them: more than anybody makes between two looks. */
const REMEMBERED = 10_000;

/**
 * Refuses commands about things that somebody else has changed since the sender looked at them: what they mean by them may
 * no longer be what they would do.
 */
export class Freshness {
  /** Who made an entry, or undid it, last. */
  readonly #senders = new Map<EntryId, string>();

  /**
   * @param params of a command, not checked yet
   * @throws KithError changed-meanwhile, naming the entry; nothing was done
   */
  require(library: Library, name: RequestName, params: unknown, { seen, sender }: CallOptions): void {
    // Undoing looks by itself at what was built on an entry.
    if (seen == null || kinds[name] !== 'command' || name.startsWith('journal.')) return;
    const others = library.journal
      .changedSince(seen, namedIn(name, params))
      .filter(({ id }) => sender === undefined || this.#senders.get(id) !== sender);
    const [first] = others;
    if (first) throw new KithError('changed-meanwhile', first.action);
  }

  /** Notes whose entries have come, or were undone or done again, since a position. */
  note(library: Library, since: number, sender: string | undefined): void {
    if (sender === undefined) return;
    for (const entry of library.journal.since(since)) {
      // What was noted last is forgotten last.
      this.#senders.delete(entry);
      this.#senders.set(entry, sender);
    }
    for (const entry of this.#senders.keys()) {
      if (this.#senders.size <= REMEMBERED) break;
      this.#senders.delete(entry);
    }
  }
}

/** The faces, groups, people and photos that a request names; what is no number names nothing. */
function namedIn(name: RequestName, params: unknown): Concerned {
  const named = Object(params) as Record<string, unknown>;
  const ids = (...values: unknown[]) =>
    values.flat().filter((value): value is number => Number.isSafeInteger(value)) as never[];
  // A question's id is that of its face and of its person.
  const [face, person] =
    name === 'review.answer' ? String(named.question).split(':', 2).map(Number) : [undefined, undefined];
  return {
    faces: ids(named.faces, face),
    groups: ids(named.groups, name === 'groups.move' ? named.to : undefined),
    people: ids(
      ...[named.person, named.ids, named.from, named.into, person],
      name.startsWith('people.') ? named.id : undefined,
    ),
    photos: ids(name.startsWith('photos.') ? named.id : undefined),
  };
}
