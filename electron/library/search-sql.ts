import type { Atom, Clause, Query } from '../contract/search.ts';
import { addDays } from './days.ts';
import { withoutFace } from './presences.ts';

/** A condition on `photos`, with what stands in its `?`. */
export interface Condition {
  sql: string;
  values: (string | number)[];
  /** It is that the photo is among those that this statement gives, none of which is null. */
  among?: string;
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
 * The condition on `photos` that a query is. Each part is found by an index; none reads all faces. A file's name is found by
 * reading all names.
 *
 * @param known what the library says of what the query names
 */
export function conditionOf(query: Query, known: Known): Condition {
  const clauses = query.map((clause) => clauseOf(clause, known));
  return joined([{ sql: IS_THERE, values: [] }, ...clauses], ' AND ');
}

/** A photo whose last file is gone is in no list. */
const IS_THERE = 'photos.id NOT IN (SELECT photo_id FROM photo_counts WHERE gone = 1)';

function clauseOf({ not, any }: Clause, known: Known): Condition {
  const atoms = any.map((atom) => atomOf(atom, known));
  // One list of photos, from which SQLite can begin; by OR it would go through all photos.
  const lists = atoms.flatMap(({ among }) => among ?? []);
  const isLists = lists.length > 1 && lists.length === atoms.length;
  const { sql, values } = joined(atoms, ' OR ');
  return { sql: `${not ? 'NOT ' : ''}(${isLists ? isAmong(lists.join(' UNION ALL ')) : sql})`, values };
}

function atomOf(atom: Atom, { folders, relatives }: Known): Condition {
  switch (atom.kind) {
    case 'person':
      return among(
        `SELECT photo_id FROM labels CROSS JOIN ${FACES} ON faces.id = face_id
         WHERE person_id = ? AND withdrawn = 0
         UNION ALL SELECT photo_id FROM presences WHERE person_id = ?`,
        ...[atom.person, atom.person],
      );
    case 'related': {
      const ids = JSON.stringify(relatives(atom));
      return among(
        `SELECT photo_id FROM labels CROSS JOIN ${FACES} ON faces.id = face_id
         WHERE person_id IN (SELECT value FROM json_each(?)) AND withdrawn = 0
         UNION ALL SELECT photo_id FROM presences WHERE person_id IN (SELECT value FROM json_each(?))`,
        ...[ids, ids],
      );
    }
    case 'count':
      return withSoMany(atom);
    case 'date':
      return {
        sql: `taken_at IS NOT NULL AND ${BETWEEN}`,
        values: [atom.from, addDays(atom.to, 1)],
        among: `SELECT id FROM photos WHERE ${BETWEEN}`,
      };
    case 'months':
      return {
        sql: 'taken_at IS NOT NULL AND CAST(substr(taken_at, 6, 2) AS INTEGER) IN (SELECT value FROM json_each(?))',
        values: [JSON.stringify(atom.months)],
      };
    case 'folder':
      return atom.under === ''
        ? among(`SELECT photo_id FROM files WHERE folder_id = ? AND ${IS_READ}`, atom.folder)
        : among(
            `SELECT photo_id FROM files WHERE folder_id = ? AND path >= ? AND path < ? AND ${IS_READ}`,
            // `0` is the sign after `/`.
            ...[atom.folder, `${atom.under}/`, `${atom.under}0`],
          );
    case 'camera':
      return among('SELECT id FROM photos WHERE camera = ?', atom.camera);
    case 'text':
      return namedLike(atom.text, folders);
    case 'unnamed':
      return among('SELECT photo_id FROM photo_counts WHERE unnamed > 0');
    case 'photos':
      return among('SELECT value FROM json_each(?)', JSON.stringify(atom.photos));
    case 'check':
      return among(
        `SELECT photo_id FROM suggestions CROSS JOIN ${FACES} ON faces.id = face_id
         WHERE withdrawn = 0 AND NOT EXISTS (SELECT 1 FROM labels WHERE face_id = suggestions.face_id)`,
      );
  }
}

/**
 * Photos with so many people. `photo_counts` counts faces; the few photos on which somebody was put without one are counted
 * anew, so that nothing has to be kept right with every name that a face gets.
 */
function withSoMany({ least, most }: Extract<Atom, { kind: 'count' }>): Condition {
  const isSoMany = most === null ? '>= ?' : 'BETWEEN ? AND ?';
  const values = most === null ? [least] : [least, most];
  return among(
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

const BETWEEN = 'taken_at >= ? AND taken_at < ?';

const IS_READ = 'photo_id IS NOT NULL';

/** A face's own row is long; the index has all that is asked of it here. */
const FACES = 'faces INDEXED BY faces_photos';

function among(sql: string, ...values: (string | number)[]): Condition {
  return { sql: isAmong(sql), values, among: sql };
}

function isAmong(sql: string): string {
  return `photos.id IN (${sql})`;
}

function namedLike(text: string, folders: readonly Folder[]): Condition {
  const key = folded(text);
  const called = folders.filter(({ name }) => folded(name).includes(key)).map(({ id }) => id);
  const patterns = patternsOf(text);
  return among(
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
function patternsOf(text: string): Condition[] {
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

function joined(parts: readonly Condition[], by: string): Condition {
  return {
    sql: parts.map(({ sql }) => (parts.length > 1 ? `(${sql})` : sql)).join(by),
    values: parts.flatMap(({ values }) => values),
  };
}
