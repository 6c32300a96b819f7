/**
 * The key columns of each journalled table. The triggers alone define which columns are journalled: of faces and photos
 * only those that the user decides. Settings have no triggers: whoever journals one writes the change down, and of settings
 * only answers to questions about names are journalled (`NamesRead.answer`).
 */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  people: ['id'],
  labels: ['face_id'],
  refusals: ['face_id', 'person_id'],
  groups: ['id'],
  faces: ['id'],
  photos: ['id'],
  metrics: ['encoder'],
  albums: ['id'],
  metadata_wanted: ['folder_id', 'path'],
  settings: ['key'],
};

/** Whether a table has triggers that write each change into the journal. */
export function hasTriggers(table: string): boolean {
  return table !== 'settings';
}

/** A journalled row of the record, by column. */
export type Row = Record<string, string | number | null>;

/** @throws RangeError for a table that is not journalled */
export function keyOf(table: string): readonly string[] {
  const known = KEYS[table];
  if (!known) throw new RangeError(`Expected a journalled table but received ${table}`);
  return known;
}
