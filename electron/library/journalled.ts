/** The columns of each journalled table, and which of them are its key. Of faces and photos only what a hand decides. */
const JOURNALLED: Readonly<Record<string, { key: readonly string[]; columns: readonly string[] }>> = {
  people: { key: ['id'], columns: ['id', 'name', 'name_key', 'birth', 'hidden', 'cover_face_id'] },
  labels: {
    key: ['face_id'],
    columns: ['face_id', 'verdict', 'person_id', 'by_whom', 'probability', 'entry_id'],
  },
  refusals: { key: ['face_id', 'person_id'], columns: ['face_id', 'person_id'] },
  groups: { key: ['id'], columns: ['id', 'hidden'] },
  faces: { key: ['id'], columns: ['id', 'group_id', 'withdrawn'] },
  photos: { key: ['id'], columns: ['id', 'several'] },
  metrics: {
    key: ['encoder'],
    columns: ['encoder', 'size', 'rank', 'a', 'b', 'shift', 'learning'],
  },
};

/** @throws RangeError for a table that is not journalled */
export function keyOf(table: string): readonly string[] {
  const known = JOURNALLED[table];
  if (!known) throw new RangeError(`Expected a journalled table but received ${table}`);
  return known.key;
}

/**
 * Triggers that write the rows before and after each change while an entry is open. Faces and photos come and go with
 * scans, which is nothing to undo: only changes of them are noted. Part of released migrations: never changed.
 */
export function journalTriggers(tables: readonly string[]): string {
  const statements: string[] = [];
  for (const table of tables) {
    const { columns } = JOURNALLED[table]!;
    const image = (of: string) =>
      `json_object(${columns.map((name) => `'${name}', ${of}.${name}`).join(', ')})`;
    const note = (before: string, after: string) =>
      `INSERT INTO journal_changes (entry_id, tbl, before, after)
       SELECT entry_id, '${table}', ${before}, ${after} FROM journal_open`;
    const changed = columns.map((name) => `old.${name} IS NOT new.${name}`).join(' OR ');
    const watched = columns.filter((name) => name !== 'id').join(', ');
    statements.push(
      `CREATE TRIGGER journal_${table}_update AFTER UPDATE OF ${watched} ON ${table} WHEN ${changed} BEGIN
         ${note(image('old'), image('new'))}; END;`,
    );
    if (table === 'faces' || table === 'photos') continue;
    statements.push(
      `CREATE TRIGGER journal_${table}_insert AFTER INSERT ON ${table} BEGIN ${note('NULL', image('new'))}; END;`,
      `CREATE TRIGGER journal_${table}_delete AFTER DELETE ON ${table} BEGIN ${note(image('old'), 'NULL')}; END;`,
    );
  }
  return statements.join('\n');
}
