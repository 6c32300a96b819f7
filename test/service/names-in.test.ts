import { renameSync, rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { App } from '../../electron/service/app/app.ts';
import { createApp } from '../../electron/service/app/create.ts';
import { readNames } from '../../electron/service/names/read.ts';
import { madePhoto, madePool } from './support/made-pool.ts';
import { makePlace, scanAndGroup, withLibrary } from './support/place.ts';

// Names in metadata with made photos: when they are read and offered. Google's JSON needs no ExifTool.

// A machine that is busy with other tests takes its time.
vi.setConfig({ testTimeout: 60_000 });

let place: ReturnType<typeof makePlace>;
let app: App;
beforeEach(async () => {
  place = makePlace();
  app = await createApp({
    ...{ libraryFile: place.file, detector: 'ssd', encoder: 'dlib', poolSize: 2 },
    startPool: () => madePool(),
  });
});
afterEach(async () => {
  await app.close();
  place.remove();
});

/** A photo of these people, and who is on it by Google. */
function put(name: string, shows: string[], says: string[]): void {
  place.put(`${name}.jpg`, madePhoto(shows, name));
  if (says.length > 0) tag(name, says);
}

function tag(name: string, says: string[]): void {
  const people = says.map((one) => ({ name: one }));
  place.put(`${name}.jpg.supplemental-metadata.json`, JSON.stringify({ title: `${name}.jpg`, people }));
}

const read = (dry = false) => app.call('folder.names', { path: place.folder, dry });
const people = async () =>
  (await app.call('people.list', {})).items.map(({ name, confirmed }) => [name, confirmed]);

test('One name in two groups that are on a photo side by side is given to neither, and other names are given.', async () => {
  for (const at of [1, 2, 3]) {
    put(`anna${at}`, ['anna'], ['Anna']);
    put(`ben${at}`, ['ben'], ['Anna']);
    put(`cleo${at}`, ['cleo'], ['Cleo']);
  }
  put('both', ['anna', 'ben'], []);
  put('other', ['anna', 'ben', 'cleo'], []);
  const taken = await read();
  expect(taken.contradictions).toMatchObject([{ why: 'two-people', name: 'Anna', faces: 6 }]);
  expect(taken.contradictions[0]!.path).toMatch(/^(?:both|other)\.jpg$/);
  expect(await people()).toEqual([['Cleo', 3]]);
});

test('Names are read once, and again where the photo, or what lies beside it, has changed.', async () => {
  put('a', ['anna'], ['Anna']);
  put('b', ['ben'], []);
  expect(await read(true)).toMatchObject({ photos: 1, faces: 1, entry: null });
  tag('b', ['Ben']);
  expect(await read(true)).toMatchObject({ photos: 2, faces: 2 });
  tag('a', ['Annette']);
  utimesSync(join(place.folder, 'a.jpg.supplemental-metadata.json'), 1, 1);
  expect((await read(true)).people.map(({ name }) => name)).toEqual(['Annette', 'Ben']);
  rmSync(join(place.folder, 'a.jpg.supplemental-metadata.json'));
  expect((await read(true)).people.map(({ name }) => name)).toEqual(['Ben']);
  expect(await people()).toEqual([]);
});

test('A disk that is taken out while names are read loses none of them.', async () => {
  put('a', ['anna'], ['Anna']);
  await withLibrary(join(place.root, 'other.kith'), async (library) => {
    const { folder } = await scanAndGroup(library, { folder: place.folder, pool: madePool() });
    const away = `${place.folder} away`;
    const { signal } = new AbortController();
    const read = (onProgress?: (total: number) => () => void) =>
      readNames({ library, folder: { id: folder, path: place.folder }, signal, onProgress });
    await read(() => {
      renameSync(place.folder, away);
      return () => {};
    });
    expect(library.namesRead.found(folder)).toEqual([]);
    renameSync(away, place.folder);
    expect(await read()).toBe(1);
    expect(library.namesRead.found(folder)).toMatchObject([{ path: 'a.jpg' }]);
    expect(await read()).toBe(0);
  });
});

test('They are offered once after a scan, and again only where other names come.', async () => {
  const offer = () => app.call('names.offer', {});
  const told: string[] = [];
  app.on((event) => {
    if (event.kind === 'changed') told.push(...event.what);
  });
  const scan = async () => {
    told.length = 0;
    await app.call('folder.group', { path: place.folder });
    await expect.poll(() => told).toContain('names');
  };
  put('a', ['anna'], ['Anna']);
  put('b', ['ben'], []);
  expect(await offer()).toBeNull();
  await scan();
  expect(await offer()).toEqual({ names: 1, faces: 1 });
  await app.call('names.later', {});
  expect(await offer()).toBeNull();
  await scan();
  expect(await offer()).toBeNull();
  tag('b', ['Ben']);
  await scan();
  expect(await offer()).toEqual({ names: 2, faces: 2 });
  const taken = await app.call('names.use', {});
  expect(taken).toMatchObject({ faces: 2, people: [{ known: false }, { known: false }] });
  expect(await offer()).toBeNull();
  expect(await people()).toEqual([
    ['Anna', 1],
    ['Ben', 1],
  ]);
  await app.call('journal.undo', {});
  expect(await people()).toEqual([]);
  expect(await offer()).toBeNull();
});

test('What the user said stays, whatever a file says.', async () => {
  put('a', ['anna'], ['Annette']);
  put('b', ['ben'], ['Ben']);
  await app.call('folder.group', { path: place.folder });
  const { items } = await app.call('photos.list', {});
  const a = items.find(({ name }) => name === 'a.jpg')!;
  const [face] = (await app.call('photos.get', { id: a.id })).faces;
  await app.call('name', { faces: [face!.id], name: 'Anna' });
  const taken = await read();
  expect(taken.people.map(({ name }) => name)).toEqual(['Ben']);
  expect(taken.unplaced).toMatchObject([{ path: 'a.jpg', name: 'Annette' }]);
  expect(await people()).toEqual([
    ['Anna', 1],
    ['Ben', 1],
  ]);
});
