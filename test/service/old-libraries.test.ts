import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { EntryId, FaceId } from '../../electron/contract/ids.ts';
import { Database } from '../../electron/library/database.ts';
import { glanceAt, inspectPages } from '../../electron/library/inspect.ts';
import { keptCopies } from '../../electron/library/kept-copies.ts';
import { migrate } from '../../electron/library/migrate.ts';
import { MIGRATIONS } from '../../electron/library/migrations.ts';
import { openLibrary } from '../../electron/library/open.ts';
import { faults } from './support/place.ts';

// A library of each version that ever was opens, with all that is in it, and what was done in it can be undone.

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kith-old-'));
  file = join(folder, 'library.kith');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** From this version on a library has people and a journal. */
const PEOPLE = 2;
/** From this version on a change of the journal knows which row it is about. */
const ROWS = 7;

/** Makes a library as Kith of that version left it: two photos of one person in a group, who is named where that was possible. */
function makeOld(version: number): void {
  const old = new Database(file);
  migrate(old, () => {}, MIGRATIONS.slice(0, version));
  const { sqlite } = old;
  sqlite.exec(`
    INSERT INTO folders VALUES (1, '/photos');
    INSERT INTO groups (id) VALUES (1);
    INSERT INTO settings VALUES ('encoder', 'dlib'), ('last-group', '1');`);
  for (const id of [1, 2]) {
    sqlite.exec(`
      INSERT INTO photos (id, hash, bytes, width, height) VALUES (${id}, '${String(id).repeat(64)}', 9, 40, 30);
      INSERT INTO files VALUES (${id}, 1, '${id}.jpg', 9, 1, 'done', NULL, NULL, ${id});
      INSERT INTO analyses VALUES (${id}, 'dlib', 'ssd');
      INSERT INTO faces (id, photo_id, group_id, detector, x, y, width, height, score, quality)
        VALUES (${id}, ${id}, 1, 'ssd', 0.1, 0.2, 0.3, 0.4, 1, 0.5);
      INSERT INTO crops VALUES (${id}, x'ffd8');
      INSERT INTO embeddings VALUES (${id}, 'dlib', x'${'0000803f'.repeat(128)}');`);
  }
  if (version >= PEOPLE) {
    sqlite.exec(`
      INSERT INTO journal (id, at, action, detail, by_whom, state)
        VALUES (1, '2026-01-01', 'name', '{"name":"Anna"}', 'hand', 'done');
      INSERT INTO journal_open VALUES (1);
      INSERT INTO people (id, name, name_key) VALUES (1, 'Anna', 'anna');
      INSERT INTO labels VALUES (1, 'person', 1, 'hand', NULL, 1), (2, 'person', 1, 'group', NULL, 1);
      DELETE FROM journal_open;`);
  }
  if (version >= ROWS) {
    sqlite.exec(`UPDATE journal SET began = (SELECT max(seq) FROM journal_changes),
      position = (SELECT max(seq) FROM journal_changes), changed = 2, faces = '[1,2]'`);
  }
  old.close();
}

const schemaOf = (path: string) => {
  const database = new Database(path);
  const rows = database.sqlite.prepare('SELECT type, name, sql FROM sqlite_schema ORDER BY type, name').all();
  database.close();
  return rows.map((row) => ({ ...row }));
};

it.each(MIGRATIONS.map((_, at) => at + 1))('A library of version %i opens.', (version) => {
  makeOld(version);
  const hasPeople = version >= PEOPLE;
  const held = { photos: 2, faces: 2, people: hasPeople ? 1 : 0, namedFaces: hasPeople ? 2 : 0 };
  expect(glanceAt(file)).toMatchObject({ ...held, version });

  const library = openLibrary(file);
  expect(library.summary()).toMatchObject({ ...held, version: MIGRATIONS.length });
  const faces = library.faces.ofFolder(library.files.folder('/photos'));
  const box = { x: 0.1, y: 0.2, width: 0.3, height: 0.4 };
  expect(faces).toMatchObject([
    { id: 1, photoId: 1, group: 1, box, quality: 0.5 },
    { id: 2, photoId: 2, group: 1, box, quality: 0.5 },
  ]);
  expect(library.embeddings.all('dlib').faceIds).toEqual([1, 2]);
  expect(library.faces.crops([1 as FaceId])).toMatchObject([{ jpeg: new Uint8Array([0xff, 0xd8]) }]);
  expect(library.groups.held()).toEqual(new Set(hasPeople ? [1] : []));

  const named = () => library.labels.all().map(({ face, by }) => [face, by]);
  const entry = 1 as EntryId;
  if (hasPeople) {
    const labels = [
      [1, 'hand'],
      [2, 'group'],
    ];
    expect(library.journal.list(0, 10).items).toMatchObject([{ id: entry, changed: 2, faces: [1, 2] }]);
    expect(named()).toEqual(labels);
    expect(library.journal.undo({ entry }).entry?.id).toBe(entry);
    expect([named(), library.people.all()]).toEqual([[], []]);
    expect(library.journal.redo({ entry }).entry?.id).toBe(entry);
    expect(named()).toEqual(labels);
  }
  // What is done from now on is journalled, whatever version the library was made by.
  const done = library.journal.act({ action: 'name', detail: {}, by: 'hand' }, (by) =>
    library.labels.give(library.people.create('Ben'), [1 as FaceId], [], by),
  );
  library.journal.undo({ entry: done.entry! });
  expect(library.people.all().map(({ name }) => name)).toEqual(hasPeople ? ['Anna'] : []);
  library.close();

  expect(faults(file)).toEqual([]);
  const fresh = join(folder, 'fresh.kith');
  openLibrary(fresh).close();
  expect(schemaOf(file)).toEqual(schemaOf(fresh));
  // The library as it was is kept beside it.
  const copies = keptCopies(file).filter(({ why }) => why === 'migration');
  expect(copies.map(({ path }) => inspectPages(path).version)).toEqual(
    version < MIGRATIONS.length ? [version] : [],
  );
});
