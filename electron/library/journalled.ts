/**
 * The key columns of each journalled table. The triggers alone define which columns are journalled: of faces and photos
 * only those that the user decides.
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
  answered_names: ['question'],
  presences: ['photo_id', 'person_id'],
  relations: ['person_id', 'other_id'],
};

/** A journalled row of the record, by column. */
export type Row = Record<string, string | number | null>;

/** @throws RangeError for a table that is not journalled */
export function keyOf(table: string): readonly string[] {
  const known = KEYS[table];
  if (!known) throw new RangeError(`Expected a journalled table but received ${table}`);
  return known;
}
