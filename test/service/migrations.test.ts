import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Database } from '../../electron/library/database.ts';
import { migrate } from '../../electron/library/migrate.ts';
import { MIGRATIONS } from '../../electron/library/migrations.ts';
import { openLibrary } from '../../electron/library/open.ts';

/** SHA-256 of each step. Libraries that were made by it are out there: only ever add to this list. */
const FROZEN = [
  'c7690101549ff4fffaef568683f619a9538e139c19e512e22648b363fcbe5a05',
  'db00378d1928b3aa9b20c569df7968940fb2ee8f284aef28ac51154e56128341',
  'c1ed8c02f94056d2b6e707acc16c8e308d145eb064f9e22206c51feb67d401af',
  '9de3edb3df786c09ba17023a5314c67b54901944dde7cb89c135a2cc6aae7e25',
  'c93f39390cc947779f95d96773ff83a368161729c36da649c80af4b9d1b29860',
  '3f116983d1ec5c4f0444a7b9051ca09475ded463e31f01fd29d04216b8aad0da',
  '66800504c1e0928cbb5debad514dca7d579053ca4be932e60bb6fcbf4f2264a9',
  'e8caa1a5e47c9ff8e1cb7847596273a683df93a98af0880ca86e35bc6ff7047c',
  '621d05872a3e4115c5264b91fe3ad4347d1ed6728b269dc2db46e690f19bd516',
  'c3368f5ce179b1497cac9e53c3c524ee5a5338f9d6439f74643aa4a304860908',
  'e62baf2823b2fcb73814477f955d8b6108e781e612dbd9195e1fd802a5ca5a6b',
  '7cb7af1a418d30a6e96a43699690673100866943df53e0524183e2e718c2a335',
  '81f9349cb9c0e952aadb3bdb9794ca4f22e5626be720d734691c94549d2706e7',
  '84843e6f27e4bb28e244721cdd052fe8863826d2799b1f08ff2c7d16c7dca097',
  'd6d60bc9e939bf32e514baaf82a7a488b1abc421b83b50d2f93f85dbf6bc3fa0',
  'f3398c6d0933cc321b8bb85482eb138b32cec8c5cacec7f247d31fac7f6d618c',
  '2aca4de30fdf44f32b02011ea6ef4aae7e0c522813c9631a20e9df0cd9cc5240',
  '180d455f6cc0191993a6b3a84b03764ac82b5aaffd7c5371fa6890107196a78d',
  'd948b87decc4fc530f10fae5cdb0f45b92e8137e5568a817c1391c776999eb3d',
  'b2bd3448a7bae822b039376cc01be14cb54c82bbbc2dbf1f1b7370ad26e68863',
];

function inFolder(work: (file: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'kith-migrations-'));
  try {
    work(join(folder, 'library.kith'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

it('never changes a migration, and knows each by its hash', () => {
  expect(MIGRATIONS.map((step) => createHash('sha256').update(step).digest('hex'))).toEqual(FROZEN);
});

it('keeps each migration as text in a file of its own, which no other code can change', () => {
  const folder = new URL('../../electron/library/migrations/', import.meta.url);
  const files = readdirSync(folder).sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10));
  const texts = files.map((file) => {
    // A comment, and one template without a hole: nothing is imported, called or put together.
    const source = readFileSync(new URL(file, folder), 'utf8');
    return /^\/\*\*[\s\S]*?\*\/\nexport const [A-Z]+ = `((?:[^`$\\]|\$(?!\{))+)`;\n$/.exec(source)?.[1];
  });
  expect(texts).toEqual(MIGRATIONS);
});

it('undoes and redoes, each by itself, what was done in a library of version 6', () => {
  inFolder((file) => {
    const old = new Database(file);
    migrate(old, () => {}, MIGRATIONS.slice(0, 6));
    old.sqlite.exec(`
      INSERT INTO photos (id, hash, bytes, width, height) VALUES (1, '${'a'.repeat(64)}', 1, 1, 1);
      INSERT INTO faces (id, photo_id, detector, x, y, width, height, score, quality)
        VALUES (1, 1, 'ssd', 0, 0, 1, 1, 1, 1), (2, 1, 'ssd', 0, 0, 1, 1, 1, 1), (3, 1, 'ssd', 0, 0, 1, 1, 1, 1);`);
    const entry = (id: number, sql: string, state = 'done') =>
      old.sqlite.exec(`
        INSERT INTO journal (id, at, action, detail, by_whom, state)
          VALUES (${id}, '2026-01-0${id}', 'entry ${id}', '{}', 'hand', '${state}');
        INSERT INTO journal_open VALUES (${id}); ${sql}; DELETE FROM journal_open`);
    const label = (id: number, face: number) =>
      `INSERT INTO labels VALUES (${face}, 'person', 1, 'hand', NULL, ${id})`;
    entry(1, `INSERT INTO people (name, name_key) VALUES ('Anna', 'anna'); ${label(1, 1)}`);
    entry(2, label(2, 2));
    entry(3, `INSERT INTO refusals VALUES (3, 1)`);
    // Both were undone, the newer one first.
    entry(4, `UPDATE people SET birth = '1990-01-01'`, 'undone');
    entry(5, `UPDATE people SET birth = '1991-01-01'`, 'undone');
    old.sqlite.exec('UPDATE people SET birth = NULL');
    old.close();

    const library = openLibrary(file);
    const faces = () => library.labels.all().map(({ face }) => face);
    const { items } = library.journal.list(0, 10);
    expect(items.map(({ id, faces: shown, changed }) => [id, shown, changed])).toEqual([
      ...[5, 4].map((id) => [id, [], 0]),
      ...[
        [3, [3], 1],
        [2, [2], 1],
        [1, [1], 1],
      ],
    ]);
    expect(library.journal.redo().entry?.id).toBe(4);
    expect(library.people.all()).toMatchObject([{ birth: '1990-01-01' }]);
    expect(library.journal.redo().entry?.id).toBe(5);
    expect(library.people.all()).toMatchObject([{ birth: '1991-01-01' }]);
    expect(library.journal.redo().entry).toBeNull();

    expect(library.journal.undo({ entry: items[3]!.id }).entry?.id).toBe(2);
    expect(faces()).toEqual([1]);
    const { blockers } = library.journal.undo({ entry: items[4]!.id });
    expect(blockers.map(({ id }) => id)).toEqual([5, 4, 3]);
    const together = blockers.map(({ id }) => id);
    expect(library.journal.undo({ entry: items[4]!.id, together }).entry?.id).toBe(1);
    expect([library.people.all(), library.labels.refusals(), faces()]).toEqual([[], [], []]);
    library.close();
  });
});

it('knows which groups the user had arranged before version 10', () => {
  inFolder((file) => {
    const old = new Database(file);
    migrate(old, () => {}, MIGRATIONS.slice(0, 9));
    const { sqlite } = old;
    sqlite.exec(`
      INSERT INTO groups (id) VALUES (1), (2), (3), (4), (5), (6);
      INSERT INTO photos (id, hash, bytes, width, height) VALUES (1, '${'a'.repeat(64)}', 1, 1, 1);`);
    for (let face = 1; face <= 6; face++) {
      sqlite.exec(`INSERT INTO faces (id, photo_id, detector, x, y, width, height, score, quality, group_id)
        VALUES (${face}, 1, 'ssd', 0, 0, 1, 1, 1, 1, ${face})`);
    }
    const entry = (id: number, action: string, by: string, face: number, to: number, state = 'done') =>
      sqlite.exec(`
        INSERT INTO journal (id, at, action, detail, by_whom, state)
          VALUES (${id}, '2026-01-0${id}', '${action}', '{}', '${by}', '${state}');
        INSERT INTO journal_open VALUES (${id});
        UPDATE faces SET group_id = ${to} WHERE id = ${face};
        DELETE FROM journal_open`);
    entry(1, 'move', 'hand', 1, 2);
    entry(2, 'regroup', 'hand', 3, 4);
    entry(3, 'regroup', 'hand', 5, 6, 'undone');
    old.close();

    openLibrary(file).close();
    const now = new Database(file);
    const arranged = now.sqlite.prepare('SELECT group_id FROM arranged_groups ORDER BY group_id').all();
    expect(arranged.map((row) => row.group_id)).toEqual([1, 2, 5, 6]);
    now.close();
  });
});
