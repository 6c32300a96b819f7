import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { App } from '../../electron/service/app/app.ts';
import { createApp } from '../../electron/service/app/create.ts';
import { scanAll } from '../fixtures/scan.ts';
import { madePhoto, madePool } from './support/made-pool.ts';
import { makePlace } from './support/place.ts';

// A machine that is busy with other tests takes its time.
vi.setConfig({ testTimeout: 60_000 });

let place: ReturnType<typeof makePlace>;
let app: App;
beforeEach(async () => {
  place = makePlace();
  app = await createApp({
    ...{ detector: 'ssd', encoder: 'dlib', libraryFile: place.file, poolSize: 2 },
    startPool: () => madePool(),
  });
});
afterEach(async () => {
  await app.close();
  place.remove();
});

/** Names a face of the photo with this name. */
async function name(file: string, as: string): Promise<number> {
  const photos = (await app.call('photos.list', {})).items;
  const photo = photos.find((card) => card.name === file)!;
  const { faces } = await app.call('photos.get', { id: photo.id });
  const named = await app.call('name', { faces: [faces[0]!.id], name: as, merge: false });
  if (named.kind !== 'named') throw new Error(`Expected ${as} to be new`);
  return named.ledger.person.id;
}

const pairs = async () =>
  (await app.call('people.alike', {})).pairs.map((pair) => pair.map((person) => person.name).sort());

it('two names of one person are offered as one, until the user says that they are two, which Undo takes back', async () => {
  for (let i = 0; i < 3; i++) place.put(`anna${i}.jpg`, madePhoto(['anna'], `anna ${i}`));
  for (let i = 0; i < 3; i++) place.put(`ben${i}.jpg`, madePhoto(['ben'], `ben ${i}`));
  await scanAll(app, place.folder);
  const anna = await name('anna0.jpg', 'Anna');
  await name('ben0.jpg', 'Ben');
  expect(await pairs()).toEqual([]);
  const other = await name('anna1.jpg', 'Annie');
  expect(await pairs()).toEqual([['Anna', 'Annie']]);

  const { entry } = await app.call('people.apart', { people: [anna, other] as never });
  expect(await pairs()).toEqual([]);
  expect((await app.call('people.get', { id: anna as never })).confirmed).toBe(1);
  await app.call('journal.undo', { entry: entry! });
  expect(await pairs()).toEqual([['Anna', 'Annie']]);

  await app.call('people.hide', { ids: [other] as never, hidden: true });
  expect(await pairs()).toEqual([]);
});

it('two people of one photo are never offered as one', async () => {
  place.put('both.jpg', madePhoto(['anna', 'anna'], 'both'));
  await scanAll(app, place.folder);
  const [photo] = (await app.call('photos.list', {})).items;
  const { faces } = await app.call('photos.get', { id: photo!.id });
  for (const [at, as] of ['Anna', 'Annie'].entries())
    await app.call('name', { faces: [faces[at]!.id], name: as, merge: false });
  expect(await pairs()).toEqual([]);
});
