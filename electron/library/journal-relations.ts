import type { EntryId } from '../contract/ids.ts';
import type { JournalChanges, LaterChange, NetChange } from './journal-changes.ts';
import type { Row } from './journalled.ts';
import { type Descent, descentOf, lineage } from './lineage.ts';

/** A parent and a child with the row that says so. */
interface Said extends Descent {
  key: string;
}

/**
 * What is in the way of relations that return: with what was said since, somebody would be among their own ancestors.
 *
 * @param changes what an undo or redo of the entry would do
 * @returns for each circle the newest change by others that it consists of, which may be an undo; null where the journal
 *   knows of none
 */
export function circlesOf(
  journal: JournalChanges,
  entry: EntryId,
  changes: readonly NetChange[],
): (LaterChange | null)[] {
  const own = changes.filter(({ table }) => table === 'relations');
  const returning = own.flatMap(({ before }) => said(before));
  if (returning.length === 0) return [];
  const changed = new Set(own.map(({ key }) => key));
  const staying = (journal.statement('SELECT * FROM relations').all() as Row[])
    .flatMap(said)
    .filter(({ key }) => !changed.has(key));
  return returning.flatMap(({ parent, child }) => {
    const way = lineage([...staying, ...returning], child, parent);
    if (way === null) return [];
    const others = way
      .filter(({ key }) => !changed.has(key))
      .flatMap(({ key }) => journal.last(entry, 'relations', key) ?? []);
    return [others.toSorted((a, b) => a.seq - b.seq).at(-1) ?? null];
  });
}

function said(row: Row | null): Said[] {
  const descent = row && descentOf(row);
  return descent ? [{ ...descent, key: `${row.person_id} ${row.other_id}` }] : [];
}
