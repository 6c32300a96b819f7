import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { folderPlaces } from '../../electron/service/app/folders.ts';

// A home folder of the test's own: two folders of one name, of which one holds what was dropped.

let home: string;
const usual = process.env.HOME;
const asked = { signal: new AbortController().signal };

beforeAll(async () => {
  home = await realpath(await mkdtemp(join(tmpdir(), 'kith-home-')));
  process.env.HOME = home;
  for (const [folder, bytes] of [
    ['Pictures/Summer', 10],
    ['Copies/Summer', 11],
    ['.hidden/Summer', 10],
  ] as const) {
    await mkdir(join(home, folder, 'beach'), { recursive: true });
    await writeFile(join(home, folder, 'a.jpg'), Buffer.alloc(bytes));
    await writeFile(join(home, folder, 'beach', 'b.jpg'), Buffer.alloc(20));
  }
  await writeFile(join(home, 'Pictures', 'c.jpg'), Buffer.alloc(30));
});
afterAll(async () => {
  process.env.HOME = usual;
  await rm(home, { recursive: true });
});

const find = (files: { name: string; size: number }[], name = 'Summer') =>
  folderPlaces['folders.find']({ name, files }, asked);

// Elsewhere the home folder is not where `HOME` says.
describe.skipIf(process.platform === 'win32')('A dropped folder', () => {
  it('is found by its name and by what is in it, in its subfolders too', async () => {
    expect(await find([{ name: 'a.jpg', size: 10 }])).toEqual([join(home, 'Pictures/Summer')]);
    const both = [join(home, 'Copies/Summer'), join(home, 'Pictures/Summer')];
    expect(await find([{ name: 'beach/b.jpg', size: 20 }])).toEqual(both);
  });

  it('is not found where a file is missing, of another size, or outside of it', async () => {
    expect(await find([{ name: 'b.jpg', size: 20 }])).toEqual([]);
    expect(await find([{ name: 'a.jpg', size: 12 }])).toEqual([]);
    expect(await find([{ name: '../c.jpg', size: 30 }])).toEqual([]);
    expect(await find([{ name: 'a.jpg', size: 10 }], 'Winter')).toEqual([]);
  });

  it('can be looked for by hand, from the home folder down and no further up', async () => {
    const browse = (path: string | null) => folderPlaces['folders.browse']({ path }, asked);
    expect((await browse(null)).entries[0]).toMatchObject({ path: home });
    expect(await browse(home)).toMatchObject({
      parent: null,
      entries: [{ name: 'Copies' }, { name: 'Pictures', photos: 1 }],
    });
    expect(await browse(join(home, 'Pictures'))).toMatchObject({
      parent: home,
      photos: 1,
      crumbs: [
        { path: home, home: true },
        { name: 'Pictures', path: join(home, 'Pictures'), home: false },
      ],
    });
    await expect(browse(join(home, '..'))).rejects.toMatchObject({ code: 'folder-out-of-reach' });
    await expect(browse(join(home, 'Pictures', 'c.jpg'))).rejects.toMatchObject({ code: 'folder-is-a-file' });
  });
});
