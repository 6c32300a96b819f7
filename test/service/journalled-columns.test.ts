import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { EntryId, PersonId } from '../../electron/contract/ids.ts';
import { Database } from '../../electron/library/database.ts';
import { keyOf } from '../../electron/library/journalled.ts';
import { migrate } from '../../electron/library/migrate.ts';
import { MIGRATIONS } from '../../electron/library/migrations.ts';
import { type Library, libraryOn } from '../../electron/library/open.ts';

/** What the user may set one day: a column that no released library has. */
const COLUMN = 'ALTER TABLE people ADD COLUMN note TEXT;';

/** The step that adds a journalled column, as a later version of Kith has it: the column, and the table's triggers anew. */
const STEP = `
  ${COLUMN}
  DROP TRIGGER journal_people_update;
  DROP TRIGGER journal_people_insert;
  DROP TRIGGER journal_people_delete;
  CREATE TRIGGER journal_people_update AFTER UPDATE OF name, name_key, birth, hidden, cover_face_id, note ON people
  WHEN old.name IS NOT new.name OR old.name_key IS NOT new.name_key OR old.birth IS NOT new.birth OR old.hidden IS NOT new.hidden OR old.cover_face_id IS NOT new.cover_face_id OR old.note IS NOT new.note BEGIN
    INSERT INTO journal_changes (entry_id, tbl, key, before, after) SELECT entry_id, 'people', new.id,
      json_object('id', old.id, 'name', old.name, 'name_key', old.name_key, 'birth', old.birth, 'hidden', old.hidden, 'cover_face_id', old.cover_face_id, 'note', old.note),
      json_object('id', new.id, 'name', new.name, 'name_key', new.name_key, 'birth', new.birth, 'hidden', new.hidden, 'cover_face_id', new.cover_face_id, 'note', new.note)
    FROM journal_open;
  END;
  CREATE TRIGGER journal_people_insert AFTER INSERT ON people BEGIN
    INSERT INTO journal_changes (entry_id, tbl, key, before, after) SELECT entry_id, 'people', new.id,
      NULL,
      json_object('id', new.id, 'name', new.name, 'name_key', new.name_key, 'birth', new.birth, 'hidden', new.hidden, 'cover_face_id', new.cover_face_id, 'note', new.note)
    FROM journal_open;
  END;
  CREATE TRIGGER journal_people_delete AFTER DELETE ON people BEGIN
    INSERT INTO journal_changes (entry_id, tbl, key, before, after) SELECT entry_id, 'people', old.id,
      json_object('id', old.id, 'name', old.name, 'name_key', old.name_key, 'birth', old.birth, 'hidden', old.hidden, 'cover_face_id', old.cover_face_id, 'note', old.note),
      NULL
    FROM journal_open;
  END;
  `;

/**
 * The columns of each journalled table that its triggers record. Faces and photos come and go with scans, which is nothing
 * to undo; of them only what the user decides.
 */
const WATCHED: Readonly<Record<string, readonly string[]>> = {
  faces: ['group_id', 'withdrawn'],
  photos: ['several'],
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kith-columns-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function opened(steps: readonly string[], name = 'library.kith'): Database {
  const database = new Database(join(folder, name));
  migrate(database, () => {}, steps);
  return database;
}

interface Trigger {
  name: string;
  tbl: string;
  sql: string;
}

function triggersOf(database: Database): Trigger[] {
  return database.sqlite
    .prepare(
      `SELECT name, tbl_name AS tbl, sql FROM sqlite_schema WHERE name LIKE 'journal\\_%' ESCAPE '\\' AND type = 'trigger'`,
    )
    .all() as unknown as Trigger[];
}

/** What the triggers of the journal do not record though the user decides it. */
function unjournalled(database: Database): string[] {
  return triggersOf(database).flatMap(({ name, tbl, sql }) => {
    const all = database.sqlite.prepare(`SELECT name FROM pragma_table_info('${tbl}')`).all();
    const watched = WATCHED[tbl] ?? all.map((row) => row.name as string);
    const [head = '', body = ''] = sql.split('BEGIN');
    const listed = /AFTER UPDATE OF (.+) ON/.exec(head)?.[1]?.split(', ');
    // An id never changes.
    const isSeen = (column: string) =>
      listed === undefined ||
      column === 'id' ||
      (listed.includes(column) && head.includes(`old.${column} IS NOT new.${column}`));
    return [...new Set([...keyOf(tbl), ...watched])]
      .filter((column) => !body.includes(`'${column}'`) || (watched.includes(column) && !isSeen(column)))
      .map((column) => `${name} ${column}`);
  });
}

it('journals every column of what the user decides, and knows the key of each journalled table', () => {
  const database = opened(MIGRATIONS);
  const tables = [...new Set(triggersOf(database).map(({ tbl }) => tbl))];
  expect(tables.toSorted()).toEqual([
    ...[
      'albums',
      'answered_names',
      'faces',
      'groups',
      'labels',
      'metadata_wanted',
      'metrics',
      'people',
      'photos',
      'presences',
      'refusals',
      'relations',
    ],
  ]);
  expect(unjournalled(database)).toEqual([]);
  database.close();
});

it('finds a column that was added and is not journalled, and none where its step makes the triggers anew', () => {
  const lacking = opened([...MIGRATIONS, COLUMN], 'lacking.kith');
  expect(unjournalled(lacking)).toEqual(
    ['update', 'insert', 'delete'].map((change) => `journal_people_${change} note`),
  );
  lacking.close();
  const whole = opened([...MIGRATIONS, STEP], 'whole.kith');
  expect(unjournalled(whole)).toEqual([]);
  whole.close();
});

it('undoes and redoes what was done before a column was added, and what was done to the column since', () => {
  const act = <T>(library: Library, action: string, work: (entry: EntryId) => T) =>
    library.journal.act({ action, detail: {}, by: 'hand' }, work);
  const older = opened(MIGRATIONS);
  const before = libraryOn(older);
  const anna = act(before, 'name', () => before.people.create('Anna')).result;
  const ben = act(before, 'name', () => before.people.create('Ben')).result;
  const born = act(before, 'birth', () => before.people.setFact(anna, 'birth', '1990-05-01')).entry!;
  const removed = act(before, 'remove', () => before.people.remove(ben)).entry!;
  const renamed = act(before, 'rename', () => before.people.rename(anna, 'Annie')).entry!;
  before.journal.undo({ entry: renamed });
  older.close();

  const database = opened([...MIGRATIONS, STEP]);
  const library = libraryOn(database);
  const people = () =>
    database.sqlite
      .prepare('SELECT id, name, birth, note FROM people ORDER BY id')
      .all()
      .map((row) => ({ ...row }));
  const note = (person: PersonId, text: string | null) =>
    act(library, 'note', () =>
      database.sqlite.prepare('UPDATE people SET note = ? WHERE id = ?').run(text, person),
    ).entry!;
  const here = { id: anna, name: 'Anna', birth: '1990-05-01', note: null };
  expect(people()).toEqual([here]);

  // The column's own changes can be undone, each by itself.
  const noted = note(anna, 'likes boats');
  expect(library.journal.undo({ entry: noted }).entry?.id).toBe(noted);
  expect(people()).toEqual([here]);
  expect(library.journal.redo({ entry: noted }).entry?.id).toBe(noted);
  const kept = { ...here, note: 'likes boats' };
  expect(people()).toEqual([kept]);

  // Entries from before the column know nothing of it, and leave it alone.
  expect(library.journal.undo({ entry: born }).entry?.id).toBe(born);
  expect(people()).toEqual([{ ...kept, birth: null }]);
  expect(library.journal.redo({ entry: born }).entry?.id).toBe(born);
  expect(library.journal.redo({ entry: renamed }).entry?.id).toBe(renamed);
  expect(people()).toEqual([{ ...kept, name: 'Annie' }]);
  expect(library.journal.undo({ entry: removed }).entry?.id).toBe(removed);
  expect(people()).toEqual([
    { ...kept, name: 'Annie' },
    { id: ben, name: 'Ben', birth: null, note: null },
  ]);

  // Somebody who is removed now comes back with the note.
  const gone = act(library, 'remove', () => library.people.remove(anna)).entry!;
  expect(people().map(({ id }) => id)).toEqual([ben]);
  expect(library.journal.undo({ entry: gone }).entry?.id).toBe(gone);
  expect(people()[0]).toEqual({ ...kept, name: 'Annie' });
  database.close();
});
