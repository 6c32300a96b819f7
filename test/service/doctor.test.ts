import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { FindingKind } from '../../electron/contract/doctor.ts';
import { writeCopy } from '../../electron/library/copy-file.ts';
import { examineFile } from '../../electron/library/doctor.ts';
import { placeForCopy } from '../../electron/library/kept-copies.ts';
import type { App } from '../../electron/service/app/app.ts';
import { createApp } from '../../electron/service/app/create.ts';
import { newestSound, restoreOverDamaged, salvage } from '../../electron/service/mend.ts';
import { faults } from './support/place.ts';
import { makeHome, makeRecord, namesOf } from './support/record.ts';

// What is wrong with a record, found and repaired in real SQLite files.

vi.setConfig({ testTimeout: 120_000 });

const NAMES = ['Anna', 'Ben', 'Cleo', 'Dora'];

let home: ReturnType<typeof makeHome>;
let app: App | null = null;
beforeEach(() => {
  home = makeHome();
  makeRecord(home.file, NAMES, 100_000);
});
afterEach(async () => {
  await app?.close();
  app = null;
  home.remove();
});

function harm(sql: string): void {
  const database = new DatabaseSync(home.file, { enableForeignKeyConstraints: false });
  database.exec(sql);
  database.close();
}

const TWICE = `UPDATE faces SET photo_id = 1 WHERE id = 2; UPDATE labels SET person_id = 1 WHERE face_id = 2;`;

const HARMS: [FindingKind, number, string][] = [
  ['orphan-files', 1, `UPDATE files SET folder_id = 99 WHERE id = 1`],
  [
    'orphan-faces',
    1,
    `DELETE FROM photos WHERE id = 1; DELETE FROM files WHERE photo_id = 1;
    DELETE FROM thumbnails WHERE photo_id = 1; DELETE FROM analyses WHERE photo_id = 1`,
  ],
  ['orphan-pictures', 1, `INSERT INTO portraits VALUES (98, '', x'00')`],
  ['orphan-pictures', 2, `INSERT INTO crops VALUES (98, x'00'); INSERT INTO thumbnails VALUES (98, x'00')`],
  ['orphan-vectors', 1, `INSERT INTO embeddings VALUES (98, 'dlib', x'00')`],
  ['orphan-labels', 2, `DELETE FROM people WHERE id = 1; INSERT INTO refusals VALUES (2, 77)`],
  ['orphan-labels', 2, `INSERT INTO presences VALUES (1, 77), (77, 1)`],
  ['orphan-relations', 2, `INSERT INTO relations VALUES (1, 77, 'parent'), (66, 67, 'partner')`],
  [
    'own-ancestors',
    3,
    `INSERT INTO people (id, name, name_key) VALUES (7, 'x', 'x'), (8, 'y', 'y'), (9, 'z', 'z');
    INSERT INTO relations VALUES (7, 8, 'parent'), (8, 9, 'parent'), (7, 9, 'child')`,
  ],
  ['missing-groups', 1, `UPDATE faces SET group_id = 55 WHERE id = 1`],
  ['empty-groups', 1, `INSERT INTO groups (id) VALUES (55)`],
  ['wrong-marks', 1, `UPDATE faces SET labelled = 0 WHERE id = 1`],
  ['wrong-marks', 1, `DELETE FROM photo_counts WHERE photo_id = 1`],
  ['twice-by-kith', 1, `${TWICE} UPDATE labels SET by_whom = 'sure' WHERE face_id = 2`],
  [
    'refused-by-kith',
    1,
    `UPDATE labels SET by_whom = 'sure' WHERE face_id = 1; INSERT INTO refusals VALUES (1, 1)`,
  ],
  ['refused-and-confirmed', 1, `INSERT INTO refusals VALUES (1, 1)`],
  ['twice-on-photo', 1, TWICE],
  ['missing-vectors', 1, `DELETE FROM embeddings WHERE face_id = 1; DELETE FROM labels WHERE face_id = 1`],
  ['missing-crops', 1, `DELETE FROM crops WHERE face_id = 1`],
  ['missing-thumbnails', 1, `DELETE FROM thumbnails WHERE photo_id = 1`],
];

/** What only the user can decide, or what is made anew by itself. */
const LEFT = new Set<FindingKind>(['twice-on-photo', 'own-ancestors', 'missing-crops', 'missing-thumbnails']);

test('A sound library has no findings.', () => {
  expect(examineFile(home.file)).toEqual([]);
  // Nor has one without a single person, where faces are ignored all the same.
  harm(`UPDATE labels SET verdict = 'ignored', person_id = NULL; DELETE FROM people`);
  expect(examineFile(home.file)).toEqual([]);
});

test.each(HARMS)('%s: found, and repaired where it can be, after a copy.', async (kind, count, sql) => {
  harm(sql);
  const found = examineFile(home.file).filter((finding) => finding.kind === kind);
  expect(found).toEqual([{ kind, count, repairable: !LEFT.has(kind) }]);
  app = await createApp({ libraryFile: home.file, detector: 'ssd', encoder: 'dlib' });
  const all = await app.call('library.check', {});
  const done = await app.call('library.repair', { kinds: all.map((finding) => finding.kind) });
  expect(done.left.map((finding) => finding.kind)).toEqual(LEFT.has(kind) ? [kind] : []);
  if (!LEFT.has(kind)) {
    expect(await app.call('library.copies', {})).toMatchObject([{ path: done.copy, why: 'repair' }]);
  }
  if (kind === 'refused-and-confirmed') {
    expect(done.entry).not.toBeNull();
    await app.call('journal.undo', { entry: done.entry! });
    expect(examineFile(home.file)).toMatchObject([{ kind }]);
  }
});

/** Zeroes a range of pages of the library's file. */
function zero(from: number, to: number): void {
  const bytes = readFileSync(home.file);
  bytes.fill(0, Math.floor(bytes.length * from), Math.floor(bytes.length * to));
  writeFileSync(home.file, bytes);
}

/** Damages part of the file, but for the pages that say which tables there are: in so small a library these lie everywhere. */
function zeroData(from: number, to: number): void {
  const database = new DatabaseSync(home.file);
  const { page_size: size } = database.prepare('PRAGMA page_size').get() as { page_size: number };
  const pages = database.prepare(`SELECT pageno FROM dbstat WHERE name = 'sqlite_schema'`).all();
  database.close();
  const before = readFileSync(home.file);
  zero(from, to);
  const bytes = readFileSync(home.file);
  for (const { pageno } of pages)
    before.copy(bytes, (Number(pageno) - 1) * size, (Number(pageno) - 1) * size, Number(pageno) * size);
  writeFileSync(home.file, bytes);
}

test('Damaged pages are found; what can still be read is saved into a new, sound library.', () => {
  zeroData(0.4, 0.6);
  expect(examineFile(home.file)).toMatchObject([{ kind: 'pages', repairable: false }]);
  const target = home.path('saved.kith');
  const tables = salvage(home.file, target);
  expect(faults(target)).toEqual([]);
  expect(examineFile(target).filter(({ kind }) => !LEFT.has(kind))).toEqual([]);
  expect(tables.find(({ table }) => table === 'people')!.rows).toBeGreaterThan(0);
  expect(tables.some(({ lost }) => lost > 0)).toBe(true);
});

test('Of a sound library everything is saved.', () => {
  const target = home.path('saved.kith');
  expect(salvage(home.file, target).every(({ lost }) => lost === 0)).toBe(true);
  expect(namesOf(target)).toEqual(NAMES);
  const rows = (file: string) => {
    const database = new DatabaseSync(file);
    const tables = [
      'photos',
      'files',
      'faces',
      'crops',
      'embeddings',
      'labels',
      'journal',
      'journal_changes',
    ];
    const all = tables.map((table) => database.prepare(`SELECT * FROM ${table} ORDER BY 1, 2`).all());
    database.close();
    return all;
  };
  expect(rows(target)).toEqual(rows(home.file));
});

test('A library whose beginning is gone is replaced by its newest sound copy, and kept with its log.', () => {
  writeCopy(home.file, placeForCopy(home.file, 'weekly', new Date(2026, 0, 1)));
  const newest = placeForCopy(home.file, 'weekly', new Date(2026, 0, 2));
  writeFileSync(newest, readFileSync(home.file).subarray(0, 100_000));
  zero(0, 0.5);
  copyFileSync(home.file, `${home.file}-wal`);
  const damaged = readFileSync(home.file);
  const copy = newestSound(home.file);
  expect(copy).toMatch(/2026-01-01/);
  const kept = restoreOverDamaged(copy!, home.file)!;
  expect(namesOf(home.file)).toEqual(NAMES);
  expect(readFileSync(kept).equals(damaged)).toBe(true);
  expect(readFileSync(`${kept}-wal`).equals(damaged)).toBe(true);
});
