import type { EntryId, FaceId } from '../contract/ids.ts';
import type { Database } from './database.ts';

/** How many faces of an entry the history shows. Chosen by hand. */
const SHOWN = 6;

/** A face that stands for a person. */
const FACE_OF = `coalesce(cover_face_id, (SELECT face_id FROM labels JOIN faces ON faces.id = face_id
  WHERE person_id = people.id ORDER BY by_whom = 'sure', quality DESC, face_id LIMIT 1))`;

/**
 * Faces that were changed themselves; else faces of the photos or groups that were changed; else one of each person who was
 * put on a photo or taken off, who was changed, or of whom something else is said now.
 */
const CONCERNED = [
  `SELECT CAST(key AS INTEGER) AS face, min(seq) AS place FROM journal_changes
   WHERE entry_id = ? AND tbl IN ('labels', 'faces', 'refusals') GROUP BY face`,
  `SELECT id AS face, min(seq) AS place FROM journal_changes JOIN faces ON photo_id = CAST(key AS INTEGER)
   WHERE entry_id = ? AND tbl = 'photos' AND withdrawn = 0 GROUP BY id`,
  `SELECT id AS face, min(seq) AS place FROM journal_changes JOIN faces ON group_id = CAST(key AS INTEGER)
   WHERE entry_id = ? AND tbl = 'groups' AND withdrawn = 0 GROUP BY id`,
  ofPeople(`CAST(substr(key, instr(key, ' ') + 1) AS INTEGER)`, 'presences'),
  ofPeople('CAST(key AS INTEGER)', 'people'),
  `SELECT ${FACE_OF} AS face, min(place) AS place FROM (
     SELECT coalesce(after, before) ->> '$.person_id' AS person, 2 * seq AS place
     FROM journal_changes WHERE entry_id = ?1 AND tbl = 'relations'
     UNION ALL SELECT coalesce(after, before) ->> '$.other_id', 2 * seq + 1
     FROM journal_changes WHERE entry_id = ?1 AND tbl = 'relations')
   JOIN people ON people.id = person GROUP BY people.id`,
];

/** A face of each person whose row of a table was changed. @param id SQL that gives the person's id of the row's key */
function ofPeople(id: string, table: string): string {
  return `SELECT ${FACE_OF} AS face, min(seq) AS place
   FROM journal_changes JOIN people ON people.id = ${id}
   WHERE entry_id = ? AND tbl = '${table}' GROUP BY people.id`;
}

/** How many faces an entry concerns, and those that the history shows: the first that it changed. */
export function concerned(database: Database, entry: EntryId): { changed: number; faces: FaceId[] } {
  for (const faces of CONCERNED) {
    const rows = database.sqlite
      .prepare(
        `WITH concerned AS (${faces}) SELECT face, (SELECT count(*) FROM concerned) AS changed FROM concerned
         WHERE face IS NOT NULL ORDER BY place, face LIMIT ${SHOWN}`,
      )
      .all(entry);
    if (rows.length > 0)
      return { changed: rows[0]!.changed as number, faces: rows.map(({ face }) => face as FaceId) };
  }
  return { changed: 0, faces: [] };
}
