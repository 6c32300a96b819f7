import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Query } from '../../electron/contract/search.ts';
import type { App } from '../../electron/service/app/app.ts';
import { createApp } from '../../electron/service/app/create.ts';
import { scanAll } from '../fixtures/scan.ts';
import { type MadePool, madePhoto, madePool } from './support/made-pool.ts';
import { makePlace } from './support/place.ts';

// Albums that fill themselves, through the application's one door; made analyses stand in for the vision processes.

let place: ReturnType<typeof makePlace>;
let app: App;
let pool: MadePool;

beforeEach(async () => {
  place = makePlace();
  for (const [at, people] of [['anna'], ['anna', 'ben'], ['ben'], ['carl', 'ben']].entries())
    place.put(`${at}.jpg`, madePhoto(people, `${at}`));
  await open();
  await scanAll(app, place.folder);
});
afterEach(async () => {
  await app.close();
  place.remove();
});

async function open(): Promise<void> {
  pool = madePool();
  app = await createApp({
    ...{ detector: 'ssd', encoder: 'dlib', libraryFile: place.file, poolSize: 1 },
    startPool: () => pool,
  });
}

/** Names everybody on the photo of this number whose face is the one at that place from the left. */
async function name(photo: number, at: number, called: string): Promise<number> {
  const { items } = await app.call('photos.list', {});
  const { faces } = await app.call('photos.get', {
    id: items.find((one) => one.name === `${photo}.jpg`)!.id,
  });
  const given = await app.call('name', { faces: [faces[at]!.id], name: called, merge: true });
  if (given.kind !== 'named') throw new Error('Expected a ledger');
  return given.ledger.person.id;
}

const of = (person: number): Query => [{ not: false, any: [{ kind: 'person', person: person as never }] }];

it('an album fills itself, is renamed and removed, and each of that can be taken back', async () => {
  const anna = await name(0, 0, 'Anna');
  const { album, entry } = await app.call('albums.save', { name: 'Our Anna', query: of(anna) });
  const albums = () => app.call('albums.list', {});
  const [saved] = await albums();
  expect(saved).toMatchObject({ id: album, name: 'Our Anna', query: of(anna) });
  expect(saved!.photos).toBe((await app.call('search.photos', { query: of(anna) })).total);
  const before = saved!.photos;
  await name(2, 0, 'Anna');
  expect((await albums())[0]!.photos).toBeGreaterThan(before);
  await app.call('journal.undo', {});
  expect((await albums())[0]!.photos).toBe(before);

  const renamed = await app.call('albums.rename', { album, name: 'Anna' });
  expect((await albums())[0]!.name).toBe('Anna');
  // What built on the album has to go first.
  const { blockers } = await app.call('journal.undo', { entry: entry! });
  expect(blockers.map(({ id }) => id)).toEqual([renamed.entry]);
  await app.call('journal.undo', { entry: renamed.entry! });
  expect((await albums())[0]!.name).toBe('Our Anna');
  await app.call('albums.remove', { album });
  expect(await albums()).toEqual([]);
  await app.call('journal.undo', {});
  expect(await albums()).toMatchObject([{ id: album, name: 'Our Anna', query: of(anna) }]);
  await expect(app.call('albums.rename', { album: album + 1, name: 'x' })).rejects.toMatchObject({
    code: 'not-found',
  });
});

it('an album of somebody who became one with another is of that other, until that is undone', async () => {
  const anna = await name(0, 0, 'Anna');
  const ann = await name(1, 0, 'Ann');
  await app.call('albums.save', { name: 'Ann', query: of(ann) });
  const merged = await app.call('people.merge', { from: [ann] as never, into: anna as never });
  expect((await app.call('albums.list', {}))[0]).toMatchObject({ query: of(anna) });
  await app.call('journal.undo', { entry: merged.ledger.entry! });
  expect((await app.call('albums.list', {}))[0]).toMatchObject({ query: of(ann) });
});

it('a scan notes the cameras of photos that an older version of Kith had looked at', async () => {
  await app.close();
  const sqlite = new DatabaseSync(place.file);
  expect(sqlite.prepare('SELECT count(*) AS n FROM photos WHERE camera IS NULL').get()!.n).toBe(0);
  sqlite.exec('UPDATE photos SET camera = NULL');
  sqlite.close();
  await open();
  pool.shot = async (path) => ({
    ...{ lens: null, aperture: null, exposure: null, iso: null, focalLength: null },
    camera: path.endsWith('0.jpg') ? 'FUJIFILM X-T5' : null,
  });
  await scanAll(app, place.folder);
  const cameras = async () => (await app.call('search.vocabulary', {})).cameras;
  for (let tries = 0; tries < 200 && (await cameras()).length === 0; tries++) await wait(10);
  expect(await cameras()).toEqual([{ camera: 'FUJIFILM X-T5', photos: 1 }]);
  const query: Query = [{ not: false, any: [{ kind: 'camera', camera: 'FUJIFILM X-T5' }] }];
  expect((await app.call('search.photos', { query })).items.map((photo) => photo.name)).toEqual(['0.jpg']);
  expect(pool.analysed).toEqual([]);
});
