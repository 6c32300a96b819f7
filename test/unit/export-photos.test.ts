import { createHash } from 'node:crypto';
import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { MARKER } from '../../electron/export/marker.ts';
import { type FoundPhotoFile, writePhotos } from '../../electron/export/photos.ts';

// Photos that were found, written into a folder: real files, read back with a parser of CSV that others wrote.

let home: string;
let folder: string;
beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'kith-photos-')));
  folder = join(home, 'out');
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** Puts a file there, and says what is known of it. */
function photo(path: string, bytes = `bytes of ${path}`, people: string[] = []): FoundPhotoFile {
  const file = join(home, 'photos', path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, bytes);
  utimesSync(file, new Date('2019-06-01'), new Date('2019-06-01'));
  const hash = createHash('sha256').update(bytes).digest('hex');
  return { files: [file], hash, takenAt: '2019-06-01T12:00:00', people };
}

const there = () =>
  readdirSync(folder)
    .filter((name) => name !== MARKER)
    .toSorted();
const listed = () =>
  parse(readFileSync(join(folder, 'names.csv'), 'utf8'), { bom: true, columns: true }) as Record<
    string,
    string
  >[];
const manifest = () =>
  JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as { photos: { file: string }[] };

it('copies photos under their names, with their dates, and says who is on each', async () => {
  const photos = [
    photo('a/IMG_1.JPG', 'one', ['Anna', 'Ben "B", Jr.']),
    photo('b/IMG_1.jpg', 'two', ['=Cleo']),
    photo('c.heic', 'three'),
  ];
  const written = await writePhotos(folder, photos, 'copy');
  expect(written).toEqual({ folder, files: 3, failed: [], cancelled: false });
  expect(there()).toEqual(['IMG_1.jpg', 'IMG_1_2.jpg', 'c.heic', 'manifest.json', 'names.csv'].toSorted());
  expect(readFileSync(join(folder, 'IMG_1.jpg'), 'utf8')).toBe('one');
  expect(readFileSync(join(folder, 'IMG_1_2.jpg'), 'utf8')).toBe('two');
  expect(statSync(join(folder, 'c.heic')).mtimeMs).toBe(new Date('2019-06-01').getTime());
  expect(statSync(join(folder, 'c.heic')).ino).not.toBe(statSync(photos[2]!.files[0]!).ino);
  expect(listed().map(({ file, people }) => [file, people])).toEqual([
    ['IMG_1.jpg', 'Anna; Ben "B", Jr.'],
    ['IMG_1_2.jpg', "'=Cleo"],
    ['c.heic', ''],
  ]);
  expect(manifest().photos.map(({ file }) => file)).toEqual(['IMG_1.jpg', 'IMG_1_2.jpg', 'c.heic']);
  expect(readdirSync(join(folder, MARKER)).filter((name) => name.endsWith('draft'))).toEqual([]);
});

it('gives photos a second name, and takes that away without touching them', async () => {
  const photos = [photo('a.jpg'), photo('b.jpg')];
  await writePhotos(folder, photos, 'link');
  expect(statSync(join(folder, 'a.jpg')).ino).toBe(statSync(photos[0]!.files[0]!).ino);
  // The same again leaves them, and fewer takes one away.
  await writePhotos(folder, photos, 'link');
  expect(there()).toEqual(['a.jpg', 'b.jpg', 'manifest.json', 'names.csv']);
  await writePhotos(folder, photos.slice(1), 'link');
  expect(there()).toEqual(['b.jpg', 'manifest.json', 'names.csv']);
  for (const { files } of photos) expect(readFileSync(files[0]!, 'utf8')).toContain('bytes of');
  expect(readdirSync(join(folder, MARKER)).filter((name) => name.endsWith('draft'))).toEqual([]);
});

it('takes another file of a photo where the first is gone or holds something else, and names what it could not have', async () => {
  const one = photo('a.jpg');
  const copy = photo('copy/a.jpg', 'bytes of a.jpg');
  const [gone, changed, linked] = [photo('gone.jpg'), photo('changed.jpg'), photo('linked.jpg')];
  unlinkSync(gone.files[0]!);
  writeFileSync(changed.files[0]!, 'other people');
  symlinkSync(linked.files[0]!, join(home, 'photos', 'symbolic.jpg'));
  const photos = [
    { ...one, files: [gone.files[0]!, copy.files[0]!] },
    gone,
    changed,
    { ...linked, files: [join(home, 'photos', 'symbolic.jpg')] },
  ];
  for (const how of ['copy', 'link'] as const) {
    const { files, failed } = await writePhotos(folder, photos, how);
    expect([files, failed]).toEqual([2, [gone.files[0], changed.files[0]]]);
    expect(there()).toEqual(['gone.jpg', 'manifest.json', 'names.csv', 'symbolic.jpg']);
    expect(statSync(join(folder, 'symbolic.jpg')).isFile()).toBe(true);
  }
});

it('keeps the copies that an earlier run made of photos that can not be had now', async () => {
  const former = [photo('a.jpg'), photo('unplugged/b.jpg'), photo('c.jpg'), photo('unplugged/e.jpg')];
  await writePhotos(folder, [...former, photo('unwanted.jpg')], 'copy');
  for (const { files } of former.filter(({ files }) => files[0]!.includes('unplugged')))
    unlinkSync(files[0]!);
  const [a, b, c, e] = former as [FoundPhotoFile, FoundPhotoFile, FoundPhotoFile, FoundPhotoFile];
  const renamed = { ...e, files: [join(home, 'photos', 'unplugged', 'f.jpg')] };
  const gone = { ...photo('gone.jpg'), files: [join(home, 'photos', 'nowhere.jpg')] };
  // Another photo would be the first of this name now.
  const photos = [photo('b.jpg'), a, b, c, renamed, gone];
  for (let run = 0; run < 2; run++) {
    const written = await writePhotos(folder, photos, 'copy');
    expect(written).toMatchObject({ files: 5, failed: gone.files });
    const copies = ['a.jpg', 'b.jpg', 'b_2.jpg', 'c.jpg', 'e.jpg'];
    expect(there()).toEqual([...copies, 'manifest.json', 'names.csv']);
    expect(readFileSync(join(folder, 'b.jpg'), 'utf8')).toBe('bytes of unplugged/b.jpg');
    expect(readFileSync(join(folder, 'b_2.jpg'), 'utf8')).toBe('bytes of b.jpg');
    const rows = manifest().photos.map(({ file }) => file);
    expect(rows.toSorted()).toEqual(copies);
    expect(listed().map(({ file }) => file)).toEqual(['b_2.jpg', 'a.jpg', 'b.jpg', 'c.jpg', 'e.jpg']);
  }
});

it('knows its copy of a long photo again', async () => {
  const bytes = Buffer.alloc(2 ** 26 + 1, 'long');
  const long = { ...photo('long.tif'), hash: createHash('sha256').update(bytes).digest('hex') };
  writeFileSync(long.files[0]!, bytes);
  for (let run = 0; run < 2; run++) {
    await writePhotos(folder, [long], 'copy');
    expect(there()).toEqual(['long.tif', 'manifest.json', 'names.csv']);
  }
});

it('leaves what the user put there or changed, and writes beside it', async () => {
  const photos = [photo('a.jpg'), photo('b.jpg')];
  await writePhotos(folder, photos, 'copy');
  writeFileSync(join(folder, 'a.jpg'), 'mine');
  writeFileSync(join(folder, 'c.jpg'), 'mine too');
  await writePhotos(folder, [...photos, photo('c.jpg')], 'copy');
  expect(there()).toEqual(['a.jpg', 'a_2.jpg', 'b.jpg', 'c.jpg', 'c_2.jpg', 'manifest.json', 'names.csv']);
  expect([readFileSync(join(folder, 'a.jpg'), 'utf8'), readFileSync(join(folder, 'c.jpg'), 'utf8')]).toEqual([
    'mine',
    'mine too',
  ]);
  // A folder of somebody's photos is none to write to.
  await expect(writePhotos(join(home, 'photos'), photos, 'copy')).rejects.toMatchObject({
    code: 'output-unwritable',
  });
});

it('ends after the photo in hand, and what is there is whole and in the manifest', async () => {
  const photos = Array.from({ length: 6 }, (_, at) => photo(`${at}.jpg`));
  const stop = new AbortController();
  let done = 0;
  const onWritten = () => {
    if (++done === 2) stop.abort();
  };
  const written = await writePhotos(folder, photos, 'copy', { signal: stop.signal, onWritten });
  expect(written).toMatchObject({ files: 2, cancelled: true });
  expect(manifest().photos).toHaveLength(2);
  expect(listed()).toHaveLength(2);
  await writePhotos(folder, photos, 'copy');
  expect(manifest().photos).toHaveLength(6);
});

it('writes a list alone where only that is asked for', async () => {
  const photos = [photo('a.jpg', 'one', ['Anna'])];
  linkSync(photos[0]!.files[0]!, join(home, 'photos', 'twin.jpg'));
  const written = await writePhotos(folder, photos, 'names');
  expect(written).toMatchObject({ files: 1, failed: [] });
  expect(there()).toEqual(['manifest.json', 'names.csv']);
  expect(listed()).toEqual([
    { file: '', photo: photos[0]!.files[0], taken: '2019-06-01T12:00:00', people: 'Anna' },
  ]);
});

it('lets others have their turn while it lists many photos', async () => {
  const { files, ...one } = photo('a.jpg');
  const many = Array.from({ length: 3000 }, () => ({ ...one, files }));
  const stop = new AbortController();
  const onWritten = () => void setImmediate(() => stop.abort());
  const { cancelled, files: count } = await writePhotos(folder, many, 'names', {
    signal: stop.signal,
    onWritten,
  });
  expect(cancelled).toBe(true);
  expect(count).toBeLessThan(1000);
});
