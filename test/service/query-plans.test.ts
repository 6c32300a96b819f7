import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, expect, it, vi } from 'vitest';
import type { Params, RequestName } from '../../electron/contract/api.ts';
import type { FaceId, PersonId } from '../../electron/contract/ids.ts';
import { Database } from '../../electron/library/database.ts';
import { openLibrary } from '../../electron/library/open.ts';
import { createApp } from '../../electron/service/app/create.ts';
import { fillLibrary } from './support/random-edits.ts';

// With 100,000 photos a statement that reads a whole table takes a hundredth of a second and more.

const folder = mkdtempSync(join(tmpdir(), 'kith-plans-'));

afterEach(() => {
  vi.restoreAllMocks();
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** A library of a few photos: SQLite plans for it as for a large one, since Kith has it count nothing beforehand. */
function filled(name: string): string {
  const file = join(folder, name);
  const library = openLibrary(file);
  fillLibrary(library);
  library.close();
  return file;
}

/** Tables that a statement reads from end to end, as SQLite plans it. Names of parts of the statement itself are no tables. */
function readWhole(asked: DatabaseSync, sql: string): string[] {
  const plan = asked.prepare(`EXPLAIN QUERY PLAN ${sql}`).all();
  const details = plan.map(({ detail }) => detail as string);
  const parts = new Set(
    details.flatMap((detail) => /^(?:CO-ROUTINE|MATERIALIZE) (\w+)/.exec(detail)?.[1] ?? []),
  );
  const scanned = details.flatMap((detail) => /^SCAN (\w+)/.exec(detail)?.[1] ?? []);
  return [...new Set(scanned)].filter((table) => !parts.has(table));
}

it('refusals are found by their person, and files by their size, without reading all of them', () => {
  const file = filled('edits.kith');
  const prepare = vi.spyOn(DatabaseSync.prototype, 'prepare');
  // Opened under the spy: each statement is compiled once.
  const library = openLibrary(file);
  const person = (name: string) =>
    library.journal.act({ action: 'name', detail: {}, by: 'hand' }, () => library.people.create(name));
  const [anna, ben] = [person('Anna'), person('Ben')].map(({ result }) => result as PersonId);
  library.journal.act({ action: 'refuse', detail: {}, by: 'hand' }, () =>
    library.labels.refuse([1 as FaceId], ben!),
  );
  const merged = library.journal.act({ action: 'merge', detail: {}, by: 'hand' }, () =>
    library.merging.merge(ben!, anna!),
  );
  library.journal.undo({ entry: merged.entry! });
  library.journal.act({ action: 'remove', detail: {}, by: 'hand' }, () => library.people.remove(ben!));
  library.cards.photos.named('photo.jpg', 1);
  library.close();

  const statements = [...new Set(prepare.mock.calls.map(([sql]) => sql))];
  vi.restoreAllMocks();
  expect(statements.some((sql) => /FROM refusals WHERE person_id/.test(sql))).toBe(true);
  expect(statements.some((sql) => /FROM files WHERE size/.test(sql))).toBe(true);
  const asked = new DatabaseSync(file, { readOnly: true });
  const scans = statements
    .filter((sql) => /^\s*(SELECT|DELETE|UPDATE|INSERT)/.test(sql))
    .filter((sql) => readWhole(asked, sql).some((table) => ['refusals', 'files'].includes(table)));
  asked.close();
  expect(scans).toEqual([]);
});

/** Tables with a row for each face, photo or file, or for each thing that somebody did. */
const LARGE = [
  ...['faces', 'labels', 'suggestions', 'refusals', 'stacks', 'embeddings', 'crops', 'thumbnails'],
  ...['photos', 'files', 'analyses', 'journal', 'journal_changes'],
];

/** What a screen reads as a whole all the same, and why. A request that is not here reads none of {@link LARGE} so. */
const READ_WHOLE: { request: RequestName; tables: string[]; because: string }[] = [
  {
    request: 'library.overview',
    tables: ['faces', 'files', 'suggestions'],
    because: 'counts them, out of indices; 10 ms for 100,000 faces',
  },
  {
    request: 'photos.months',
    tables: ['photos'],
    because: 'counts the photos of each month, out of an index',
  },
  {
    request: 'photos.beside',
    tables: ['faces'],
    because: 'the order of all photos with a face, once for each state of the record',
  },
  {
    request: 'photos.unreadable',
    tables: ['files'],
    because: 'an index of the unreadable ones alone',
  },
  {
    request: 'review.next',
    tables: ['faces', 'files', 'labels', 'journal', 'suggestions'],
    because: 'weighs all suggestions, and counts what is left, out of indices',
  },
  { request: 'review.unlikely', tables: ['faces', 'files', 'suggestions'], because: 'as review.next' },
  { request: 'journal.list', tables: ['journal'], because: 'the newest first, until a page is full' },
  { request: 'search.vocabulary', tables: ['photos', 'files'], because: 'names all folders and years, once' },
];

it('no request of a screen reads a large table from end to end but those whose reason is known', async () => {
  const libraryFile = filled('screens.kith');
  const app = await createApp({ libraryFile, detector: 'ssd', encoder: 'dlib' });
  for (const [name, face] of Object.entries({ Anna: 1, Ben: 20, Carl: 22 }))
    await app.call('name', { faces: [face as FaceId], name });
  const [anna, ben] = [1, 2] as PersonId[];
  await app.call('people.relate', { id: ben!, is: 'child', of: anna!, replace: true });
  await app.call('faces.mark', { faces: [23 as FaceId], as: 'ignored' });

  const { sqlite } = new Database(join(folder, 'other.sqlite'));
  const statements = Object.getPrototypeOf(sqlite) as typeof sqlite;
  const spies = [vi.spyOn(statements, 'prepare'), vi.spyOn(statements, 'prepareAlone')];
  const asked = new DatabaseSync(libraryFile, { readOnly: true });
  const read: Partial<Record<RequestName, string[]>> = {};
  const ask = async <N extends RequestName>(name: N, ...all: object[]) => {
    for (const spy of spies) spy.mockClear();
    for (const params of all) await app.call(name, params as Params<N>);
    const compiled = spies.flatMap(({ mock }) => mock.calls.map(([sql]) => sql));
    const queries = [...new Set(compiled)].filter((sql) => /^\s*(SELECT|WITH)/.test(sql));
    expect(queries, name).not.toEqual([]);
    const tables = queries.flatMap((sql) => readWhole(asked, sql)).filter((table) => LARGE.includes(table));
    if (tables.length > 0) read[name] = [...new Set(tables)].toSorted();
  };

  const pages = [{}, { cursor: '1' }];
  await ask('library.overview', {});
  await ask('folders.list', {});
  await ask('people.list', ...pages, { hidden: true });
  await ask('people.get', { id: anna });
  await ask('people.life', { id: anna });
  await ask('people.relations', { id: anna });
  await ask('people.search', { text: 'a' });
  await ask('people.mergePlan', { from: [ben], into: anna });
  for (const stacked of [false, true]) {
    const faces = (['confirmed', 'sure', 'ask'] as const).map((status) => ({ id: anna, status, stacked }));
    await ask('people.faces', ...faces);
    await ask('groups.faces', { id: 1, stacked });
  }
  await ask('groups.list', ...pages, { hidden: true });
  await ask('groups.get', { id: 1 });
  await ask('groups.alone', ...pages);
  await ask('photos.list', ...pages, { folder: 1 }, { person: anna });
  await ask('photos.months', {}, { folder: 1 }, { person: anna });
  await ask('photos.get', { id: 1 });
  await ask('photos.beside', { id: 1 }, { id: 1, person: anna }, { id: 1, group: 1 });
  await ask('photos.unreadable', {});
  await ask('photos.find', { name: 'photo.jpg', bytes: 1 });
  await ask('faces.get', { ids: [1, 2] });
  await ask('faces.aside', { as: 'ignored' });
  await ask('review.next', {});
  await ask('review.unlikely', {});
  await ask('journal.list', ...pages);
  await ask('albums.list', {});
  await ask('search.vocabulary', {});
  asked.close();
  sqlite.close();
  await app.close();
  const known = Object.fromEntries(READ_WHOLE.map(({ request, tables }) => [request, tables.toSorted()]));
  expect(read).toEqual(known);
}, 60_000);
