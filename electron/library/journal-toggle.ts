import type { EntryId } from '../contract/ids.ts';
import type { JournalChanges, NetChange } from './journal-changes.ts';
import type { Plan } from './journal-plan.ts';
import { keyOf, type Row } from './journalled.ts';

/**
 * Carries out a plan, within a transaction. The triggers write this transition's changes as the entry's new rows, so that
 * the next transition reverts it in the same way.
 */
export function toggle(journal: JournalChanges, entry: EntryId, state: 'done' | 'undone', plan: Plan): void {
  // Rows are restored in any order, so references are checked only at the end.
  journal.statement('PRAGMA defer_foreign_keys = ON').run();
  journal.statement('DELETE FROM journal_changes WHERE entry_id = ?').run(entry);
  journal.statement('INSERT INTO journal_open (entry_id) VALUES (?)').run(entry);
  for (const group of plan.groups)
    journal.statement('INSERT OR IGNORE INTO groups (id) VALUES (?)').run(group);
  for (const face of plan.withdrawn) journal.statement('DELETE FROM labels WHERE face_id = ?').run(face);
  for (const change of plan.changes) restore(journal, change);
  // Names that Kith gave within the entry are removed too where another entry has changed their person meanwhile, by a merge
  // for example: see [Note: Names that Kith gave].
  if (state === 'done')
    journal.statement(`DELETE FROM labels WHERE by_whom = 'sure' AND entry_id = ?`).run(entry);
  journal.statement('DELETE FROM journal_open').run();
  const note = journal.statement(
    'INSERT INTO journal_changes (entry_id, tbl, key, before, after) VALUES (?, ?, ?, ?, ?)',
  );
  for (const { table, key, before, left } of plan.passed)
    note.run(entry, table, key, image(left), image(before));
}

function image(row: Row | null): string | null {
  return row && JSON.stringify(row);
}

/** Makes a row what it was before the entry. */
function restore(journal: JournalChanges, { table, before, left, columns }: NetChange): void {
  const key = keyOf(table);
  const where = key.map((name) => `${name} = ?`).join(' AND ');
  const keys = key.map((name) => (before ?? left)![name]!);
  if (before === null) {
    journal.statement(`DELETE FROM ${table} WHERE ${where}`).run(...keys);
    return;
  }
  const values = columns.map((name) => before[name]!);
  if (left !== null) {
    const set = columns.map((name) => `${name} = ?`).join(', ');
    journal.statement(`UPDATE ${table} SET ${set} WHERE ${where}`).run(...values, ...keys);
    return;
  }
  const others = columns.filter((name) => !key.includes(name));
  const change =
    others.length > 0
      ? `DO UPDATE SET ${others.map((name) => `${name} = excluded.${name}`).join(', ')}`
      : 'DO NOTHING';
  journal
    .statement(
      `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})
       ON CONFLICT (${key.join(', ')}) ${change}`,
    )
    .run(...values);
}
