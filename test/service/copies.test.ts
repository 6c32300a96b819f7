import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  linkSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { App } from '../../electron/service/app/app.ts';
import { createApp } from '../../electron/service/app/create.ts';
import { replyTo } from '../../electron/service/app/door.ts';
import { CAN_MOUNT, mountDisk } from './support/disk.ts';
import { faults } from './support/place.ts';
import { contents, makeHome, makeRecord, namesOf } from './support/record.ts';

// Backup and restore through the one door, on real SQLite files.

vi.setConfig({ testTimeout: 120_000 });

let home: ReturnType<typeof makeHome>;
let app: App | null = null;
beforeEach(() => {
  home = makeHome();
});
afterEach(async () => {
  await app?.close();
  app = null;
  home.remove();
});

const open = async (): Promise<App> => {
  app = await createApp({ libraryFile: home.file, detector: 'ssd', encoder: 'dlib' });
  return app;
};

const people = async (of: App) => (await of.call('people.list', {})).items.map(({ name }) => name).sort();

/** A copy that holds Anna and Ben, of a library that holds Cleo too by now. */
async function withCopy(): Promise<{ kith: App; copy: string }> {
  mkdirSync(home.path('copies'));
  const copy = join(home.path('copies'), 'copy.kith');
  makeRecord(home.file, ['Anna', 'Ben'], 300_000);
  const kith = await open();
  await kith.call('library.backup', { path: copy });
  await kith.close();
  makeRecord(home.file, ['Cleo']);
  return { kith: await open(), copy };
}

describe('Restoring refuses, and changes neither the record nor the copy:', () => {
  test.each<[string, string, (copy: string) => string | undefined]>([
    ['no path', 'path-unusable', () => ''],
    ['a relative path', 'path-unusable', () => 'copies/copy.kith'],
    ['a library in memory', 'path-unusable', () => ':memory:'],
    ['an address', 'path-unusable', (copy) => `file:${copy}`],
    ['an address with parameters', 'path-unusable', (copy) => `file:${copy}?mode=rwc`],
    ['a path that ends like a folder', 'path-unusable', (copy) => `${copy}/`],
    ['a path that does not exist', 'copy-missing', (copy) => `${copy}x`],
    ['a path in a folder that does not exist', 'copy-missing', () => home.path('none/copy.kith')],
    ['a path below a file', 'copy-missing', (copy) => join(copy, 'copy.kith')],
    ['a folder', 'library-not-a-library', () => home.path('copies')],
    ['the library itself', 'copy-is-library', () => home.file],
    [
      'the library itself, by a symbolic link',
      'copy-is-library',
      () => {
        symlinkSync(home.file, home.path('link.kith'));
        return home.path('link.kith');
      },
    ],
    [
      'the library itself, by a second name',
      'copy-is-library',
      () => {
        linkSync(home.file, home.path('second.kith'));
        return home.path('second.kith');
      },
    ],
    [
      'an empty file',
      'library-not-a-library',
      (copy) => {
        writeFileSync(copy, '');
        return copy;
      },
    ],
    [
      'a letter',
      'library-not-a-library',
      (copy) => {
        writeFileSync(copy, 'Dear Anna,\n'.repeat(1000));
        return copy;
      },
    ],
    [
      "another program's database",
      'library-not-a-library',
      () => {
        const path = home.path('bookmarks');
        const other = new DatabaseSync(path);
        other.exec('CREATE TABLE bookmarks (url TEXT)');
        other.close();
        return path;
      },
    ],
    [
      'a copy of a newer version',
      'library-from-newer-version',
      (copy) => {
        const newer = new DatabaseSync(copy);
        newer.exec('PRAGMA user_version = 99');
        newer.close();
        return copy;
      },
    ],
    [
      'a library that was begun and holds no tables',
      'copy-unusable',
      () => {
        const path = home.path('begun.kith');
        const begun = new DatabaseSync(path);
        begun.exec(`PRAGMA application_id = ${0x4b697468}; PRAGMA user_version = 6; CREATE TABLE a (b)`);
        begun.close();
        return path;
      },
    ],
    [
      'a copy with a hole of 100 KB',
      'copy-unusable',
      (copy) => {
        const bytes = readFileSync(copy);
        bytes.fill(0, 200_000, 300_000);
        writeFileSync(copy, bytes);
        return copy;
      },
    ],
    [
      'a copy that was cut short',
      'copy-unusable',
      (copy) => {
        const bytes = readFileSync(copy);
        writeFileSync(copy, bytes.subarray(0, Math.floor(bytes.length / 2)));
        return copy;
      },
    ],
    [
      'a pipe',
      'library-not-a-library',
      () => {
        execFileSync('mkfifo', [home.path('pipe')]);
        return home.path('pipe');
      },
    ],
  ])('%s', async (_, code, pathOf) => {
    const { kith, copy } = await withCopy();
    const path = pathOf(copy)!;
    // What was written since lies in the log, and belongs to the record.
    const before = contents(home.root);
    expect(await replyTo(kith, 'library.inspect', { path })).toMatchObject({ failure: { code } });
    expect(await replyTo(kith, 'library.restore', { path })).toMatchObject({ failure: { code } });
    expect(await people(kith)).toEqual(['Anna', 'Ben', 'Cleo']);
    expect(contents(home.root)).toEqual(before);
    await kith.close();
    expect(faults(home.file)).toEqual([]);
    expect(namesOf(home.file)).toEqual(['Anna', 'Ben', 'Cleo']);
  });
});

describe('Restoring', () => {
  test('shows first what the copy holds and what the library holds, then exchanges them, and back again.', async () => {
    const { kith, copy } = await withCopy();
    const before = readFileSync(copy);
    const seen = await kith.call('library.inspect', { path: copy });
    expect(seen.copy).toMatchObject({ people: 2, namedFaces: 2, faces: 2, photos: 2 });
    expect(seen.now).toMatchObject({ people: 3, namedFaces: 3, faces: 3, photos: 3 });
    expect(seen.now.newest! > seen.copy.newest!).toBe(true);
    expect(seen.copy.bytes).toBe(statSync(copy).size);

    const done = await kith.call('library.restore', { path: copy });
    expect(await people(kith)).toEqual(['Anna', 'Ben']);
    expect(done.summary).toMatchObject({ people: 2 });
    expect(readFileSync(copy)).toEqual(before);

    const [former] = await kith.call('library.copies', {});
    expect(former).toMatchObject({ path: done.former, why: 'restore', summary: { people: 3 } });
    const back = await kith.call('library.restore', { path: former!.path });
    expect(await people(kith)).toEqual(['Anna', 'Ben', 'Cleo']);
    expect((await kith.call('library.copies', {})).map(({ path }) => path).sort()).toEqual(
      [done.former, back.former].sort(),
    );
    await kith.close();
    expect(faults(home.file)).toEqual([]);
  });

  test('keeps every former record, however often and how quickly it is done.', async () => {
    const { kith, copy } = await withCopy();
    const kept = new Set<string | null>();
    for (let time = 0; time < 5; time++)
      kept.add((await kith.call('library.restore', { path: copy })).former);
    expect(kept.size).toBe(5);
    const copies = await kith.call('library.copies', {});
    expect(copies.map(({ summary }) => summary?.people).sort()).toEqual([2, 2, 2, 2, 3]);
  });

  test('takes over what still lies in the write-ahead log of the copy, and leaves both as they are.', async () => {
    const { kith } = await withCopy();
    makeRecord(home.path('other.kith'), ['Dora']);
    const writing = new DatabaseSync(home.path('other.kith'));
    writing.exec(`UPDATE people SET name = 'Emma'`);
    for (const end of ['', '-wal']) copyFileSync(home.path(`other.kith${end}`), home.path(`used.kith${end}`));
    writing.close();
    const before = contents(home.root);
    expect((await kith.call('library.inspect', { path: home.path('used.kith') })).copy.people).toBe(1);
    expect(contents(home.root)).toEqual(before);
    await kith.call('library.restore', { path: home.path('used.kith') });
    expect(await people(kith)).toEqual(['Emma']);
    expect(contents(home.root)).toMatchObject({
      'used.kith': before['used.kith'],
      'used.kith-wal': before['used.kith-wal'],
    });
  });

  test.skipIf(!CAN_MOUNT)('reads a copy on a place that can only be read.', async () => {
    const { kith, copy } = await withCopy();
    const disk = mountDisk(8000);
    try {
      const path = join(disk.path, 'copy.kith');
      copyFileSync(copy, path);
      disk.protect();
      expect((await kith.call('library.inspect', { path })).copy.people).toBe(2);
      await kith.call('library.restore', { path });
      expect(await people(kith)).toEqual(['Anna', 'Ben']);
      expect(await replyTo(kith, 'library.backup', { path: join(disk.path, 'new.kith') })).toMatchObject({
        failure: { code: 'output-unwritable' },
      });
    } finally {
      disk.remove();
    }
  });
});

describe('A backup is refused, and nothing is written, at', () => {
  test.each<[string, string, (copy: string) => string]>([
    ['no path', 'path-unusable', () => ''],
    ['a relative path', 'path-unusable', () => 'copy.kith'],
    ['memory', 'path-unusable', () => ':memory:'],
    ['an address', 'path-unusable', () => `file:${home.path('new.kith')}`],
    ['a path that ends like a folder', 'path-unusable', () => `${home.path('new.kith')}/`],
    ['a folder', 'output-taken', () => home.path('copies')],
    ['a copy that is there', 'output-taken', (copy) => copy],
    ['the library itself', 'output-taken', () => home.file],
    ['its write-ahead log', 'output-taken', () => `${home.file}-wal`],
    ['its rollback journal', 'output-taken', () => `${home.file}-journal`],
    ['the folder of its copies', 'output-taken', () => `${home.file}.copies`],
    ['a folder that does not exist', 'output-unwritable', () => home.path('none/copy.kith')],
    ['a path below a file', 'output-unwritable', (copy) => join(copy, 'copy.kith')],
    ['a system that takes no files', 'output-unwritable', () => '/proc/copy.kith'],
    [
      'a link that leads nowhere',
      'output-taken',
      () => {
        symlinkSync(home.path('nothing'), home.path('dangling.kith'));
        return home.path('dangling.kith');
      },
    ],
  ])('%s', async (_, code, pathOf) => {
    const { kith, copy } = await withCopy();
    const path = pathOf(copy);
    const before = contents(home.root);
    expect(await replyTo(kith, 'library.backup', { path })).toMatchObject({ failure: { code } });
    expect(contents(home.root)).toEqual(before);
    expect(await people(kith)).toEqual(['Anna', 'Ben', 'Cleo']);
  });
});

test('A backup is one file that only its owner may read, whole while others go on writing.', async () => {
  makeRecord(home.file, ['Anna', 'Ben'], 300_000);
  const kith = await open();
  const path = home.path('copy.kith');
  const backup = kith.call('library.backup', { path });
  const [face] = (await kith.call('people.faces', { id: 1 as never, status: 'confirmed' })).items;
  await kith.call('name', { faces: [face!.id], name: 'Zoe', merge: true });
  expect((await backup).summary).toMatchObject({ people: expect.any(Number), faces: 2 });
  expect(statSync(path).mode & 0o777).toBe(process.platform === 'win32' ? 0o666 : 0o600);
  expect(faults(path)).toEqual([]);
  expect(Object.keys(contents(home.root)).filter((name) => name.startsWith('copy'))).toEqual(['copy.kith']);
});

describe('Erasing', () => {
  test('erases the record, all copies that Kith keeps and what former versions left, and says which.', async () => {
    const { kith, copy } = await withCopy();
    const { former } = await kith.call('library.restore', { path: copy });
    const { path: byHand } = await kith.call('library.backup', { path: null });
    const leftovers = ['.before-restore', '.before-v5', '.before-v5.part'].map((end) => `${home.file}${end}`);
    for (const path of leftovers) copyFileSync(copy, path);
    const half = `${home.file}.restoring-999999999-0123456789ab`;
    copyFileSync(copy, half);
    writeFileSync(home.path('library.kith.txt'), 'somebody else’s');

    const { erased, left, elsewhere } = await kith.call('library.erase', { sure: true });
    expect(left).toEqual([]);
    expect(erased.sort()).toEqual([home.file, former!, byHand, half, ...leftovers].sort());
    expect(elsewhere).toEqual([]);
    expect(await people(kith)).toEqual([]);
    await kith.close();
    // What the user made is left alone.
    expect(Object.keys(contents(home.root))).toEqual([
      join('copies', 'copy.kith'),
      'library.kith',
      'library.kith.txt',
    ]);
    expect(namesOf(home.file)).toEqual([]);
  });

  test('names the copies that were made elsewhere and are still there.', async () => {
    makeRecord(home.file, ['Anna']);
    const kith = await open();
    for (const name of ['one.kith', 'two.kith']) await kith.call('library.backup', { path: home.path(name) });
    execFileSync('rm', [home.path('one.kith')]);
    expect((await kith.call('library.erase', { sure: true })).elsewhere).toEqual([home.path('two.kith')]);
  });
});
