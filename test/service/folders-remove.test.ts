import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { FolderId } from '../../electron/contract/ids.ts';
import type { App } from '../../electron/service/app/app.ts';
import { createApp } from '../../electron/service/app/create.ts';
import { scanAll } from '../fixtures/scan.ts';
import { madePhoto, madePool } from './support/made-pool.ts';
import { makePlace } from './support/place.ts';

// Folders that are taken out of the library and come back; made analyses stand in for the vision processes.

// A machine that is busy with other tests takes its time.
vi.setConfig({ testTimeout: 60_000 });

let place: ReturnType<typeof makePlace>;
let app: App;
beforeEach(async () => {
  place = makePlace();
  app = await createApp({
    ...{ detector: 'ssd', encoder: 'dlib', libraryFile: place.file, poolSize: 1 },
    startPool: () => madePool(),
  });
});
afterEach(async () => {
  await app.close();
  place.remove();
});

const photoNames = async () => (await app.call('photos.list', {})).items.map(({ name }) => name).toSorted();
const folderAt = async (path: string) =>
  (await app.call('folders.list', {})).find((folder) => folder.path === path)!.id;

/** Names the one face of the photo with this name. */
async function name(photo: string, as: string) {
  const { items } = await app.call('photos.list', {});
  const { faces } = await app.call('photos.get', { id: items.find((card) => card.name === photo)!.id });
  const named = await app.call('name', { faces: [faces[0]!.id], name: as, merge: false });
  if (named.kind !== 'named') throw new Error(`Expected ${as} to be new`);
  return named.ledger.person.id;
}

it('a folder leaves the lists with its photos, and no other takes its place until it comes back with all of it', async () => {
  place.put('a.jpg', madePhoto(['anna'], 'a'));
  place.put('b.jpg', madePhoto(['ben'], 'b'));
  await scanAll(app, place.folder);
  const first = await folderAt(place.folder);
  const anna = await name('a.jpg', 'Anna');
  const query = [{ not: false, any: [{ kind: 'folder' as const, folder: first, under: '' }] }];
  await app.call('albums.save', { name: 'Here', query });
  const inAlbum = async () => (await app.call('albums.list', {}))[0]!.photos;
  expect(await inAlbum()).toBe(2);

  expect(await app.call('folders.remove', { id: first })).toEqual({ photos: 2 });
  expect([await app.call('folders.list', {}), await photoNames(), await inAlbum()]).toEqual([[], [], 0]);
  expect(await app.call('people.get', { id: anna })).toMatchObject({ name: 'Anna', confirmed: 1 });

  const other = join(place.root, 'other');
  mkdirSync(other);
  writeFileSync(join(other, 'c.jpg'), madePhoto(['cleo'], 'c'));
  await scanAll(app, other);
  expect([await photoNames(), await inAlbum()]).toEqual([['c.jpg'], 0]);

  await scanAll(app, place.folder);
  expect(await folderAt(place.folder)).toBe(first);
  expect([await photoNames(), await inAlbum()]).toEqual([['a.jpg', 'b.jpg', 'c.jpg'], 2]);
  const { items } = await app.call('photos.list', { person: anna });
  expect(items.map((photo) => photo.name)).toEqual(['a.jpg']);

  // Again, with the other folder still there: its number is nobody's either.
  await app.call('folders.remove', { id: await folderAt(other) });
  await app.call('folders.remove', { id: first });
  await scanAll(app, other);
  expect(await inAlbum()).toBe(0);
});

it('a photo that lies in another folder too stays', async () => {
  place.put('a.jpg', madePhoto(['anna']));
  await scanAll(app, place.folder);
  const other = join(place.root, 'other');
  mkdirSync(other);
  writeFileSync(join(other, 'copy.jpg'), madePhoto(['anna']));
  await scanAll(app, other);
  expect(await app.call('folders.remove', { id: await folderAt(place.folder) })).toEqual({ photos: 0 });
  expect(await photoNames()).toEqual(['copy.jpg']);
});

it('no folder is taken out while a scan runs, nor one that there is not', async () => {
  place.put('a.jpg', madePhoto(['anna']));
  await scanAll(app, place.folder);
  const id = await folderAt(place.folder);
  await app.call('scan.start', { path: place.folder });
  await app.call('scan.pause', {});
  await expect(app.call('folders.remove', { id })).rejects.toMatchObject({ code: 'scan-running' });
  await app.call('scan.cancel', {});
  await expect(app.call('folders.remove', { id: (id + 1) as FolderId })).rejects.toMatchObject({
    code: 'not-found',
  });
  expect(await photoNames()).toEqual(['a.jpg']);
});
