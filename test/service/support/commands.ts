import type { EntryId, FaceId, PersonId } from '../../../electron/contract/ids.ts';
import type { Library } from '../../../electron/library/open.ts';

/** Commands on a library that a test has open, each an entry of the journal. */
export function commandsOn(library: () => Library) {
  /** @returns the entry, and what the work gave */
  function act<T>(action: string, work: (entry: EntryId) => T, by: 'hand' | 'kith' = 'hand') {
    const { entry, result } = library().journal.act({ action, detail: {}, by }, work);
    return { entry: entry!, result };
  }
  return {
    act,
    person: (name: string) => act('create', () => library().people.create(name)),
    label: (face: number, who: PersonId) =>
      act('name', (entry) =>
        library().labels.put([face as FaceId], { verdict: 'person', person: who, by: 'hand' }, entry),
      ).entry,
  };
}
