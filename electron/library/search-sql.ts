import type { Atom } from '../contract/search.ts';
import { addDays } from './days.ts';
import { withoutFace } from './presences.ts';

/** A statement that lists the ids of photos, some several times, and what stands in its `?`. */
export interface Listing {
  sql: string;
  values: (string | number)[];
}

/** A folder that was scanned. */
interface Folder {
  id: number;
  /** The last part of its path. */
  name: string;
}

/** Somebody who is something to a person, as a query names them. */
export type Related = Extract<Atom, { kind: 'related' }>;

/** What is looked up before a query is a condition. */
export interface Known {
  /** All that were scanned: a text finds what lies in those that are called so. */
  folders: readonly Folder[];
  /** The people who are that to that person now. */
  relatives: (related: Related) => readonly number[];
}

/**
 * The photos for which one part of a query holds; among them may be some that lie in no file (any more). Each part is found by
 * an index; none reads all faces. A file's name is found by reading all names.
 *
 * @param known what the library says of what the query names
 */
export function photosWith(atom: Atom, { folders, relatives }: Known): Listing {
  switch (atom.kind) {
    case 'person':
      return listed(
        `SELECT photo_id FROM labels CROSS JOIN ${FACES} ON faces.id = face_id
         WHERE person_id = ? AND withdrawn = 0
         UNION ALL SELECT photo_id FROM presences WHERE person_id = ?`,
        ...[atom.person, atom.person],
      );
    case 'related': {
      const ids = JSON.stringify(relatives(atom));
      return listed(
        `SELECT photo_id FROM labels CROSS JOIN ${FACES} ON faces.id = face_id
         WHERE person_id IN (SELECT value FROM json_each(?)) AND withdrawn = 0
         UNION ALL SELECT photo_id FROM presences WHERE person_id IN (SELECT value FROM json_each(?))`,
        ...[ids, ids],
      );
    }
    case 'count':
      return withSoMany(atom);
    case 'date':
      return listed(
        'SELECT id FROM photos WHERE taken_at >= ? AND taken_at < ?',
        ...[atom.from, addDays(atom.to, 1)],
      );
    case 'months':
      return listed(
        `SELECT id FROM photos WHERE taken_at IS NOT NULL
           AND CAST(substr(taken_at, 6, 2) AS INTEGER) IN (SELECT value FROM json_each(?))`,
        JSON.stringify(atom.months),
      );
    case 'folder':
      return atom.under === ''
        ? listed(`SELECT photo_id FROM files WHERE folder_id = ? AND ${IS_READ}`, atom.folder)
        : listed(
            `SELECT photo_id FROM files WHERE folder_id = ? AND path >= ? AND path < ? AND ${IS_READ}`,
            // `0` is the sign after `/`.
            ...[atom.folder, `${atom.under}/`, `${atom.under}0`],
          );
    case 'camera':
      return listed('SELECT id FROM photos WHERE camera = ?', atom.camera);
    case 'text':
      return namedLike(atom.text, folders);
    case 'unnamed':
      return listed('SELECT photo_id FROM photo_counts WHERE unnamed > 0');
    case 'photos':
      return listed('SELECT value FROM json_each(?)', JSON.stringify(atom.photos));
    case 'check':
      return listed(
        `SELECT photo_id FROM suggestions CROSS JOIN ${FACES} ON faces.id = face_id
         WHERE withdrawn = 0 AND NOT EXISTS (SELECT 1 FROM labels WHERE face_id = suggestions.face_id)`,
      );
  }
}

/**
 * Photos with so many people. `photo_counts` counts faces; the few photos on which somebody was put without one are counted
 * anew, so that nothing has to be kept right with every name that a face gets.
 */
function withSoMany({ least, most }: Extract<Atom, { kind: 'count' }>): Listing {
  const isSoMany = most === null ? '>= ?' : 'BETWEEN ? AND ?';
  const values = most === null ? [least] : [least, most];
  return listed(
    `SELECT photo_id FROM photo_counts
     WHERE people ${isSoMany} AND photo_id NOT IN (SELECT photo_id FROM presences)
     UNION ALL SELECT photo_id FROM (
       SELECT photo_id, people + (SELECT count(*) FROM presences
         WHERE presences.photo_id = photo_counts.photo_id AND ${withoutFace()}) AS people
       FROM photo_counts WHERE photo_id IN (SELECT photo_id FROM presences))
     WHERE people ${isSoMany}`,
    ...[...values, ...values],
  );
}

const IS_READ = 'photo_id IS NOT NULL';

/** A face's own row is long; the index has all that is asked of it here. */
const FACES = 'faces INDEXED BY faces_photos';

function listed(sql: string, ...values: (string | number)[]): Listing {
  return { sql, values };
}

function namedLike(text: string, folders: readonly Folder[]): Listing {
  const key = folded(text);
  const called = folders.filter(({ name }) => folded(name).includes(key)).map(({ id }) => id);
  const patterns = patternsOf(text);
  return listed(
    `SELECT photo_id FROM files WHERE ${IS_READ} AND (
       ${patterns.map(({ sql }) => sql).join(' OR ')} OR folder_id IN (SELECT value FROM json_each(?)))`,
    ...patterns.flatMap(({ values }) => values),
    JSON.stringify(called),
  );
}

function folded(text: string): string {
  return text.normalize('NFC').toLowerCase();
}

/**
 * Conditions on `path` of which one is true where it holds the text. SQLite's LIKE knows upper and lower case of ASCII only;
 * GLOB takes a class of letters instead, more slowly. macOS gives paths with accents as signs of their own.
 */
function patternsOf(text: string): Listing[] {
  if (/^[\p{ASCII}]*$/u.test(text)) {
    return [{ sql: `path LIKE ? ESCAPE '\\'`, values: [`%${text.replace(/[\\%_]/g, '\\$&')}%`] }];
  }
  const forms = new Set([text.normalize('NFC'), text.normalize('NFD')]);
  return [...forms].map((form) => ({ sql: 'path GLOB ?', values: [`*${[...form].map(classOf).join('')}*`] }));
}

function classOf(letter: string): string {
  const cases = [...new Set([letter, letter.toLowerCase(), letter.toUpperCase()])];
  const single = cases.filter((one) => [...one].length === 1);
  return single.length > 1 || /[*?[]/.test(letter) ? `[${single.join('')}]` : letter;
}
