import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { PassedOver } from '../../electron/contract/results.ts';
import { type CropFace, writeCrops } from '../../electron/export/crops.ts';
import { realFolder, walk } from '../../electron/service/walk.ts';

// A machine that is busy with other tests takes its time.
vi.setConfig({ testTimeout: 60_000 });

let root: string;
let folder: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'kith-walk-'));
  folder = join(root, 'photos');
  mkdirSync(folder);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function put(path: string, content = 'x'): void {
  const target = join(folder, path);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, content);
}

async function walked(from = folder): Promise<{ paths: string[]; passedOver: PassedOver[] }> {
  const paths: string[] = [];
  const passedOver: PassedOver[] = [];
  for await (const { path } of walk(await realFolder(from), (where) => passedOver.push(where)))
    paths.push(path);
  return { paths, passedOver };
}

test('Files are found by extension, in either case, with size and time of change.', async () => {
  const photos = 'jpg jpeg jpe jfif png webp tif tiff gif avif heic heif hif JPG HeIc'.split(' ');
  for (const extension of photos) put(`photo.${extension}`);
  for (const other of ['notes.txt', 'film.mp4', 'jpg', 'photo.jpg.part', 'raw.cr3']) put(other);
  put('sub/size.jpg', '12345');
  const found = [];
  for await (const file of walk(await realFolder(folder))) found.push(file);
  expect(new Set(found.map(({ path }) => path))).toEqual(
    new Set([...photos.map((extension) => `photo.${extension}`), 'sub/size.jpg']),
  );
  const sized = found.find(({ path }) => path === 'sub/size.jpg')!;
  expect(sized.size).toBe(5);
  expect(Math.abs(Number(sized.mtimeNs / 1_000_000n) - Date.now())).toBeLessThan(60_000);
});

test('An empty folder gives nothing.', async () => {
  expect(await walked()).toEqual({ paths: [], passedOver: [] });
});

test('Hidden, trash and system folders and hidden files are skipped; a hidden folder that was asked for is not.', async () => {
  const skipped = ['.git', '.Trash-1000', '@eaDir', '$RECYCLE.BIN', 'System Volume Information', '#recycle'];
  for (const name of skipped) put(`${name}/a.jpg`);
  put('.hidden.jpg');
  put('._resource.jpg');
  put('seen.jpg');
  expect((await walked()).paths).toEqual(['seen.jpg']);
  expect((await walked(join(folder, '.git'))).paths).toEqual(['a.jpg']);
});

test('Names with emoji, quotes, newlines, percent signs and leading dashes work.', async () => {
  const names = [
    '🎂 party 👩‍👩‍👧.jpg',
    `"it's".jpg`,
    'two\nlines.jpg',
    '100%.jpg',
    '-rf.jpg',
    'a;b|c$d`e.jpg',
  ];
  for (const name of names) put(`${name.slice(0, 2)}/${name}`);
  expect(new Set((await walked()).paths)).toEqual(
    new Set(names.map((name) => `${name.slice(0, 2)}/${name}`)),
  );
});

test('The order is the same whatever the order in which files were made.', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray(['b.jpg', 'a.jpg', 'B.jpg', 'c/z.jpg', 'c/y.jpg', 'ä.jpg', 'd.jpg']),
      async (names) => {
        rmSync(folder, { recursive: true });
        mkdirSync(folder);
        for (const name of names) put(name);
        const { paths } = await walked();
        expect(paths).toEqual([...names].sort());
      },
    ),
    { numRuns: 30 },
  );
});

describe('Links', () => {
  test('that loop are survived: to the folder itself, to its parent, to each other, to themselves.', async () => {
    put('a.jpg');
    put('sub/b.jpg');
    symlinkSync(folder, join(folder, 'self'));
    symlinkSync(root, join(folder, 'parent'));
    symlinkSync('..', join(folder, 'sub', 'up'));
    symlinkSync('/', join(folder, 'everything'));
    symlinkSync(join(folder, 'two'), join(folder, 'one'));
    symlinkSync(join(folder, 'one'), join(folder, 'two'));
    expect((await walked()).paths).toEqual(['a.jpg', 'sub/b.jpg']);
  });

  test('to a folder elsewhere are followed once, however many there are.', async () => {
    const other = join(root, 'other');
    mkdirSync(join(other, 'deep'), { recursive: true });
    writeFileSync(join(other, 'deep', 'c.jpg'), 'x');
    symlinkSync(other, join(other, 'deep', 'loop'));
    symlinkSync(root, join(other, 'deep', 'above'));
    put('z.jpg');
    symlinkSync(other, join(folder, 'first'));
    symlinkSync(other, join(folder, 'second'));
    expect((await walked()).paths).toEqual(['z.jpg', 'first/deep/c.jpg']);
  });

  test('to a folder inside are not followed: its files have a path already.', async () => {
    put('real/a.jpg');
    symlinkSync(join(folder, 'real'), join(folder, 'album'));
    expect((await walked()).paths).toEqual(['real/a.jpg']);
  });

  test('to photos are photos; one that leads nowhere is noted.', async () => {
    writeFileSync(join(root, 'far.jpg'), 'x');
    symlinkSync(join(root, 'far.jpg'), join(folder, 'near.jpg'));
    symlinkSync(join(root, 'gone.jpg'), join(folder, 'lost.jpg'));
    expect(await walked()).toEqual({
      paths: ['near.jpg'],
      passedOver: [{ path: 'lost.jpg', reason: 'vanished' }],
    });
  });
});

describe('What Kith exported', () => {
  const faces = (count: number): CropFace[] =>
    Array.from({ length: count }, (_, index) => ({
      id: null,
      photo: `/photos/${index}.jpg`,
      ...{ box: [0, 0, 1, 1], score: null, quality: 1, group: null, folder: 'Anna' },
    }));
  const writeTo = (place: string) =>
    writeCrops(place, faces(2), (batch) => batch.map(() => ({ bytes: Buffer.from('x') })));
  const passedOver = (path: string) => [{ path, reason: 'export' }];

  test('is never walked: below the folder, as the folder, as one of its folders, or behind a link.', async () => {
    put('a.jpg');
    const inside = join(folder, 'sub', 'faces');
    await writeTo(inside);
    put('sub/faces/mine.jpg');
    expect(await walked()).toEqual({ paths: ['a.jpg'], passedOver: passedOver('sub/faces') });
    expect(await walked(inside)).toEqual({ paths: [], passedOver: passedOver('') });
    expect(await walked(join(inside, 'Anna'))).toEqual({ paths: [], passedOver: passedOver('') });

    const outside = join(root, 'faces');
    await writeTo(outside);
    rmSync(join(folder, 'sub'), { recursive: true });
    symlinkSync(outside, join(folder, 'link'));
    expect(await walked()).toEqual({ paths: ['a.jpg'], passedOver: passedOver('link') });
    rmSync(join(folder, 'link'));
    symlinkSync(join(outside, 'Anna'), join(folder, 'anna'));
    expect(await walked()).toEqual({ paths: ['a.jpg'], passedOver: passedOver('anna') });
  });

  test('is known while it is being written, and after a kill.', async () => {
    const inside = join(folder, 'faces');
    const seen: unknown[] = [];
    await writeCrops(inside, faces(2), async (batch) => {
      seen.push(await walked());
      return batch.map(() => ({ bytes: Buffer.from('x') }));
    });
    rmSync(join(inside, 'manifest.json'));
    seen.push(await walked());
    const nothing = { paths: [], passedOver: passedOver('faces') };
    expect(seen).toEqual([nothing, nothing]);
  });

  test('by an earlier version is known by its manifest; a manifest of another program means nothing.', async () => {
    put('faces/Anna/1.jpg');
    put('faces/manifest.json', JSON.stringify({ writtenBy: 'kith', version: 1, faces: [] }, null, 2));
    put('album/manifest.json', JSON.stringify({ name: 'writtenBy kith' }));
    put('album/b.jpg');
    expect(await walked()).toEqual({ paths: ['album/b.jpg'], passedOver: passedOver('faces') });
  });
});

test.skipIf(process.platform === 'win32')('A pipe that is named like a photo is not opened.', async () => {
  execFileSync('/usr/bin/mkfifo', [join(folder, 'pipe.jpg')]);
  put('a.jpg');
  expect((await walked()).paths).toEqual(['a.jpg']);
});

test.skipIf(process.platform !== 'linux')('A name that is no UTF-8 is noted, not lost.', async () => {
  writeFileSync(Buffer.concat([Buffer.from(`${folder}/caf`), Buffer.from([0xe9]), Buffer.from('.jpg')]), 'x');
  expect(await walked()).toEqual({
    paths: [],
    passedOver: [{ path: 'caf\uFFFD.jpg', reason: 'vanished' }],
  });
});

describe('A folder that can not be walked', () => {
  test('because it is not there is an error that names it.', async () => {
    const gone = join(root, 'gone');
    await expect(realFolder(gone)).rejects.toMatchObject({ code: 'folder-missing', detail: gone });
    put('a.jpg');
    const below = join(folder, 'a.jpg', 'below');
    await expect(realFolder(below)).rejects.toMatchObject({ code: 'folder-missing', detail: below });
  });

  test('because it is a file is an error that names it.', async () => {
    put('a.jpg');
    const file = join(folder, 'a.jpg');
    await expect(realFolder(file)).rejects.toMatchObject({ code: 'folder-is-a-file', detail: file });
  });

  // Root may read everything, whatever the permissions say.
  const asRoot = process.getuid?.() === 0;
  test.skipIf(asRoot || process.platform === 'win32')(
    'because permission lacks is an error; inside it is noted.',
    async () => {
      put('a.jpg');
      put('locked/b.jpg');
      chmodSync(join(folder, 'locked'), 0o000);
      try {
        expect(await walked()).toEqual({
          paths: ['a.jpg'],
          passedOver: [{ path: 'locked', reason: 'no-permission' }],
        });
        const locked = join(folder, 'locked');
        await expect(realFolder(locked)).rejects.toMatchObject({ code: 'folder-unreadable', detail: locked });
      } finally {
        chmodSync(join(folder, 'locked'), 0o700);
      }
    },
  );
});
