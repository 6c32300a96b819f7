// SQL by which a list shows one face for all versions of a photo. The table `stacks` tells which faces are one stack. A
// condition on `version`, another face of the same stack, tells which of these are in the list. So a face that the user
// has moved to another list leaves its stack at once, and nothing has to be kept up to date.

/**
 * Condition: `version` comes before `faces`. The first face of a stack has the best quality; of equal ones the
 * oldest.
 */
const BETTER =
  '(version.quality > faces.quality OR version.quality = faces.quality AND version.id < faces.id)';

// Joined in this order: a stack has few faces, and most faces have no stack.
const VERSIONS = `stacks AS own CROSS JOIN stacks AS its ON its.stack = own.stack AND its.face_id <> own.face_id
  CROSS JOIN faces AS version ON version.id = its.face_id`;

/**
 * Condition on `faces`: no version of it in the list comes before it.
 *
 * @param isListed condition on `version`: it is in the list that `faces` is in
 */
export function isFirst(isListed: string): string {
  return `NOT EXISTS (SELECT 1 FROM ${VERSIONS} WHERE own.face_id = faces.id AND ${BETTER} AND ${isListed})`;
}

/**
 * Statement that gives the `id` and the `photo` of each other face of the stack of the face `?1`, the best first.
 *
 * @param isListed as in {@link isFirst}
 * @param table has a row for the face by its `face_id`, which `isListed` may name
 */
export function versionsOf(isListed: string, table?: string): string {
  const its = table === undefined ? '' : `CROSS JOIN ${table} ON ${table}.face_id = faces.id`;
  return `SELECT version.id AS id, version.photo_id AS photo FROM ${VERSIONS} CROSS JOIN faces ON faces.id = own.face_id ${its}
    WHERE own.face_id = ?1 AND ${isListed} ORDER BY version.quality DESC, version.id`;
}

/** Condition on `version`: it is an unlabelled face in the same group. */
export const UNLABELLED_VERSION =
  'version.group_id = faces.group_id AND version.labelled = 0 AND version.withdrawn = 0';
