// SQL by which a list shows one face for all versions of a photo. Which faces are of a stack is told by the table
// `stacks`; which of these are in the list, a condition on `version`, another face of the same stack. So a face that the user
// has moved elsewhere leaves its stack at once, and nothing has to be kept up to date.

/** Better, as a stack's first face is chosen: that of best quality, of equal ones the oldest. */
const BETTER =
  '(version.quality > faces.quality OR version.quality = faces.quality AND version.id < faces.id)';

// In this order: a stack has few faces, and most faces have none.
const VERSIONS = `stacks AS own CROSS JOIN stacks AS its ON its.stack = own.stack AND its.face_id <> own.face_id
  CROSS JOIN faces AS version ON version.id = its.face_id`;

/**
 * Condition on `faces`: none of its stack in the list is better.
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

/** A face that nobody has said anything of, in the same group. */
export const UNLABELLED_VERSION =
  'version.group_id = faces.group_id AND version.labelled = 0 AND version.withdrawn = 0';
