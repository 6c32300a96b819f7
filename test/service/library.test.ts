import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { KithError } from '../../electron/contract/errors.ts';
import { writeCopy } from '../../electron/library/copy-file.ts';
import { Database } from '../../electron/library/database.ts';
import { keptCopies, placeForCopy } from '../../electron/library/kept-copies.ts';
import { migrate } from '../../electron/library/migrate.ts';
import { MIGRATIONS } from '../../electron/library/migrations.ts';
import { libraryOn, openLibrary } from '../../electron/library/open.ts';
import { madePhoto, madePool } from './support/made-pool.ts';
import { everything, faults, makePlace, scanAndGroup, withLibrary } from './support/place.ts';

// A machine that is busy with other tests takes its time.
vi.setConfig({ testTimeout: 60_000 });

let place: ReturnType<typeof makePlace>;
beforeEach(() => {
  place = makePlace();
});
afterEach(() => place.remove());

function codeOf(work: () => unknown): { code: string; detail: string } {
  try {
    work();
  } catch (error) {
    if (error instanceof KithError) return error;
    throw error;
  }
  throw new Error('Expected an error but there was none');
}

test('A library is made where there is none, folders on the way included, and opened again.', () => {
  const file = join(place.root, 'new', 'deep', 'library.kith');
  openLibrary(file).close();
  openLibrary(file).close();
  expect(faults(file)).toEqual([]);
  const database = new DatabaseSync(file);
  expect(database.prepare('PRAGMA application_id').get()).toEqual({ application_id: 0x4b697468 });
  expect(database.prepare('PRAGMA user_version').get()).toEqual({ user_version: MIGRATIONS.length });
  expect(database.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
  database.close();
});

test.skipIf(process.platform === 'win32')(
  'Only its owner may read a library, the files beside it and the folders that are made for it; one that others could read is tightened.',
  () => {
    const file = join(place.root, 'new', 'deep', 'library.kith');
    const rights = () =>
      Object.fromEntries(
        ['.', 'library.kith', 'library.kith-wal', 'library.kith-shm'].map((name) => [
          name,
          (statSync(join(dirname(file), name)).mode & 0o777).toString(8),
        ]),
      );
    const own = { '.': '700', 'library.kith': '600', 'library.kith-wal': '600', 'library.kith-shm': '600' };
    let library = openLibrary(file);
    library.settings.put('a', 'b');
    expect(rights()).toEqual(own);
    // As former versions left them, with the log still there.
    for (const end of ['', '-wal', '-shm']) chmodSync(`${file}${end}`, 0o644);
    const second = openLibrary(file);
    expect(rights()).toEqual(own);
    second.close();
    library.close();
    chmodSync(file, 0o644);
    library = openLibrary(file);
    library.settings.put('a', 'c');
    expect(rights()).toEqual(own);
    library.close();
  },
);

test('An empty file becomes a library: a process may have been killed right after making it.', () => {
  writeFileSync(place.file, '');
  openLibrary(place.file).close();
  expect(faults(place.file)).toEqual([]);
});

describe('What is not a library is refused by name and left as it is:', () => {
  test.each([
    ['a letter', 'Dear Anna,\n'.repeat(1000)],
    ['a short note', 'hi'],
    ['a picture', Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(5000, 7)])],
  ])('%s', (_, content) => {
    writeFileSync(place.file, content);
    expect(codeOf(() => openLibrary(place.file))).toMatchObject({
      code: 'library-not-a-library',
      detail: expect.stringContaining(place.file),
    });
    expect(readFileSync(place.file)).toEqual(Buffer.from(content));
  });

  test("another program's database", () => {
    const database = new DatabaseSync(place.file);
    database.exec('CREATE TABLE bookmarks (url TEXT)');
    database.close();
    const before = readFileSync(place.file);
    expect(codeOf(() => openLibrary(place.file)).code).toBe('library-not-a-library');
    expect(readFileSync(place.file)).toEqual(before);
  });

  test('a database cut off in the middle', () => {
    openLibrary(place.file).close();
    const whole = readFileSync(place.file);
    writeFileSync(place.file, whole.subarray(0, 4096 + 100));
    expect(codeOf(() => openLibrary(place.file).files.folder('/')).code).toBe('library-not-a-library');
  });

  test('a folder', () => {
    mkdirSync(place.file);
    expect(codeOf(() => openLibrary(place.file)).code).toBe('library-not-a-library');
  });
});

test('A library of a newer version is refused by name and left as it is.', () => {
  openLibrary(place.file).close();
  const database = new DatabaseSync(place.file);
  database.exec('PRAGMA user_version = 99; PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE');
  database.close();
  const before = readFileSync(place.file);
  expect(codeOf(() => openLibrary(place.file))).toMatchObject({
    code: 'library-from-newer-version',
    detail: `${place.file}: expected version ${MIGRATIONS.length} or older but found 99`,
  });
  expect(readFileSync(place.file)).toEqual(before);
});

test('A place that can not be written is an error that names the file.', () => {
  place.put('file.jpg', 'x');
  const file = join(place.folder, 'file.jpg', 'library.kith');
  expect(codeOf(() => openLibrary(file))).toMatchObject({
    code: 'library-unwritable',
    detail: expect.stringContaining(file),
  });
});

// Root may write everywhere, whatever the permissions say.
test.skipIf(process.getuid?.() === 0 || process.platform === 'win32')(
  'A library that may only be read, or lies where nothing may be made, is an error that names the file.',
  () => {
    openLibrary(place.file).close();
    chmodSync(place.file, 0o400);
    const unwritable = { code: 'library-unwritable', detail: expect.stringContaining(place.file) };
    expect(codeOf(() => openLibrary(place.file).files.folder('/'))).toMatchObject(unwritable);
    chmodSync(place.file, 0o000);
    expect(codeOf(() => openLibrary(place.file))).toMatchObject(unwritable);
    chmodSync(place.folder, 0o500);
    const inside = join(place.folder, 'library.kith');
    expect(codeOf(() => openLibrary(inside))).toMatchObject({ code: 'library-unwritable' });
    chmodSync(place.folder, 0o700);
  },
);

test('Files below a subfolder that could not be entered stay in the record; others that are gone go.', () => {
  const library = openLibrary(place.file);
  const folder = library.files.folder(place.folder);
  const seen = ['a.jpg', 'locked/b.jpg', 'locked too/c.jpg'].map((path) => ({
    path,
    size: 1,
    mtimeNs: 2n ** 60n + 1n,
  }));
  const by = { detector: 'ssd', encoder: 'dlib' } as const;
  expect(library.files.reconcile(folder, seen, [], by.detector)).toHaveLength(3);
  expect(library.files.reconcile(folder, [], ['locked/'], by.detector)).toEqual([]);
  expect(library.files.list(folder).map(({ path }) => path)).toEqual(['locked/b.jpg']);
  library.close();
});

test('A library that another process is writing is waited for, then said to be busy.', () => {
  openLibrary(place.file).close();
  const library = libraryOn(new Database(place.file, 50));
  const other = new DatabaseSync(place.file);
  other.exec('BEGIN IMMEDIATE');
  expect(codeOf(() => library.files.folder('/'))).toMatchObject({ code: 'library-busy' });
  other.exec('COMMIT');
  expect(library.files.folder('/')).toBe(1);
  other.close();
  library.close();
});

describe('Migration', () => {
  const NEXT = [...MIGRATIONS, 'ALTER TABLE photos ADD COLUMN lens TEXT'];

  async function olderLibrary(): Promise<void> {
    place.put('a.jpg', madePhoto(['anna']));
    await withLibrary(place.file, (library) =>
      scanAndGroup(library, { folder: place.folder, pool: madePool() }),
    );
  }

  test('keeps everything, and a copy of the older file among the copies.', async () => {
    await olderLibrary();
    const before = everything(place.file);
    const database = new Database(place.file);
    migrate(database, (file) => writeCopy(file, placeForCopy(file, 'migration')), NEXT);
    expect(database.sqlite.prepare('SELECT lens FROM photos').all()).toEqual([{ lens: null }]);
    database.close();
    const [copy] = keptCopies(place.file);
    expect(copy!.why).toBe('migration');
    expect(everything(copy!.path)).toEqual(before);
    expect(faults(copy!.path)).toEqual([]);
    openLibrary(copy!.path).close();
    expect(codeOf(() => openLibrary(place.file)).code).toBe('library-from-newer-version');
  });

  test('that fails leaves the older library as it was.', async () => {
    await olderLibrary();
    const before = everything(place.file);
    const database = new Database(place.file);
    expect(() => migrate(database, () => {}, [...NEXT, 'ALTER TABLE nothing ADD COLUMN more TEXT'])).toThrow(
      /nothing/,
    );
    database.close();
    expect(everything(place.file)).toEqual(before);
    openLibrary(place.file).close();
  });

  test('of a new library keeps no copy, and of a current one does nothing.', () => {
    openLibrary(place.file).close();
    openLibrary(place.file).close();
    expect(keptCopies(place.file)).toEqual([]);
  });
});

describe('A full disk', () => {
  function putMany(): void {
    for (let i = 0; i < 60; i++) place.put(`${i}.jpg`, madePhoto([`p${i % 5}`, `q${i % 7}`], `${i}`));
  }

  test('ends the scan with an error that names the library; the next run finishes it.', async () => {
    putMany();
    // A bound on the pages of the file is how SQLite itself tests a full disk: the same code, SQLITE_FULL.
    openLibrary(place.file).close();
    const database = new Database(place.file);
    const { page_count: pages } = database.sqlite.prepare('PRAGMA page_count').get()!;
    database.sqlite.exec(`PRAGMA max_page_count = ${Number(pages) + 2}`);
    const library = libraryOn(database);
    await expect(scanAndGroup(library, { folder: place.folder, pool: madePool() })).rejects.toMatchObject({
      code: 'disk-full',
      detail: expect.stringContaining(place.file),
    });
    library.close();
    await finishesAsUndisturbed(place.file);
  });

  const tiny = mountTiny();
  test.skipIf(tiny === null)('of eight mebibytes does the same.', async () => {
    const disk = tiny!();
    try {
      putMany();
      const file = join(disk.path, 'library.kith');
      writeFileSync(join(disk.path, 'filler'), Buffer.alloc((8 * 1024 - 300) * 1024));
      writeFileSync(join(disk.path, 'more'), Buffer.alloc(299 * 1024));
      expect(codeOf(() => openLibrary(file))).toMatchObject({
        code: 'disk-full',
        detail: expect.stringContaining(file),
      });
      writeFileSync(join(disk.path, 'more'), '');
      const pool = madePool();
      await expect(
        withLibrary(file, (library) => scanAndGroup(library, { folder: place.folder, pool })),
      ).rejects.toMatchObject({ code: 'disk-full', detail: expect.stringContaining(file) });
      expect(faults(file)).toEqual([]);
      writeFileSync(join(disk.path, 'filler'), '');
      await finishesAsUndisturbed(file);
    } finally {
      disk.remove();
    }
  });

  async function finishesAsUndisturbed(file: string): Promise<void> {
    expect(faults(file)).toEqual([]);
    const fresh = join(place.root, 'undisturbed.kith');
    for (const each of [file, fresh]) {
      await withLibrary(each, (library) => scanAndGroup(library, { folder: place.folder, pool: madePool() }));
    }
    expect(everything(file)).toEqual(everything(fresh));
  }
});

/** Mounts a file system of eight mebibytes in memory, where that is allowed; null where it is not. */
function mountTiny(): (() => { path: string; remove: () => void }) | null {
  const mount = (path: string) =>
    execFileSync('/bin/mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', path], { stdio: 'ignore' });
  const unmount = (path: string) => execFileSync('/bin/umount', [path], { stdio: 'ignore' });
  const trial = makePlace();
  try {
    mount(trial.folder);
    unmount(trial.folder);
  } catch {
    return null;
  } finally {
    trial.remove();
  }
  return () => {
    const { folder, remove } = makePlace();
    mount(folder);
    return {
      path: folder,
      remove: () => {
        unmount(folder);
        remove();
      },
    };
  };
}
