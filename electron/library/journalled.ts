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
