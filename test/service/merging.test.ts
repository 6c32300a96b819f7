import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { FaceId, PersonId, PhotoId } from '../../electron/contract/ids.ts';
import { openLibrary } from '../../electron/library/open.ts';
import type { App } from '../../electron/service/app/app.ts';
import { createApp } from '../../electron/service/app/create.ts';
import { fillLibrary } from './support/random-edits.ts';

// Merging people through the application's one door. Each photo of the library has three faces: 1, 2, 3; 4, 5, 6; …

let folder: string;
let app: App;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kith-merging-'));
  const libraryFile = join(folder, 'library.kith');
  const library = openLibrary(libraryFile);
  fillLibrary(library);
  library.close();
  app = await createApp({ libraryFile, detector: 'ssd', encoder: 'dlib' });
});
afterEach(async () => {
  await app.close();
  rmSync(folder, { recursive: true });
});

async function person(name: string, ...faces: number[]): Promise<PersonId> {
  const named = await app.call('name', { faces: faces as FaceId[], name });
  if (named.kind !== 'named') throw new Error('Expected a new name');
  return named.ledger.person.id;
}
const code = (of: Promise<unknown>) => of.then(String, (error) => error.code);

it('keeps birth date and cover: the own ones, else those of the person who goes', async () => {
  const anna = await person('Anna', 1, 4);
  const ann = await person('Ann', 7, 10);
  await app.call('people.birth', { id: ann, birth: '1990-02-03' });
  await app.call('people.cover', { id: ann, face: 10 as FaceId });
  const keeps = { name: 'Anna', birth: '1990-02-03', cover: 10 };
  expect(await app.call('people.mergePlan', { from: [ann], into: anna })).toEqual({
    ...{ photosTogether: 0, examples: [], keeps, related: null },
  });
  const { ledger } = await app.call('people.merge', { from: [ann], into: anna });
  expect(await app.call('people.get', { id: anna })).toMatchObject({ ...keeps, confirmed: 4 });

  await app.call('journal.undo', { entry: ledger.entry! });
  expect(await app.call('people.get', { id: anna })).toMatchObject({ birth: null, confirmed: 2 });
  expect(await app.call('people.get', { id: ann })).toMatchObject({ birth: '1990-02-03', cover: 10 });

  await app.call('people.birth', { id: anna, birth: '1980-01-01' });
  await app.call('people.rename', { id: ann, name: 'anna', merge: true });
  expect(await app.call('people.get', { id: anna })).toMatchObject({ birth: '1980-01-01', cover: 10 });
});

it('says that there is nothing to take back where a name changes nothing', async () => {
  // The nine faces of the group are on three photos, so six of them can't be Anna and are refused.
  const [group] = (await app.call('groups.list', {})).items;
  const naming = { groups: [group!.id], name: 'Anna', merge: true };
  const first = await app.call('name', naming);
  expect(first).toMatchObject({ kind: 'named', ledger: { entry: expect.any(Number) } });
  const again = await app.call('name', naming);
  expect(again).toMatchObject({ kind: 'named', ledger: { entry: null, person: { name: 'Anna' } } });
});

it('shows the person where one of the two was shown', async () => {
  const [anna, ann] = [await person('Anna', 1), await person('Ann', 7)];
  await app.call('people.hide', { ids: [anna], hidden: true });
  await app.call('people.merge', { from: [ann], into: anna });
  expect(await app.call('people.get', { id: anna })).toMatchObject({ hidden: false });
});

it('asks before two people on one photo become one, but not on a mirror or a collage', async () => {
  const anna = await person('Anna', 1, 4, 7);
  const ben = await person('Ben', 2, 5, 12);
  expect(await app.call('people.mergePlan', { from: [ben], into: anna })).toMatchObject({
    photosTogether: 2,
    examples: [
      [1, 2],
      [4, 5],
    ],
  });
  expect(await code(app.call('people.merge', { from: [ben], into: anna }))).toBe('bad-request');
  expect(await code(app.call('people.rename', { id: ben, name: 'Anna', merge: true }))).toBe('bad-request');
  expect((await app.call('people.list', {})).total).toBe(2);

  for (const id of [1, 2] as PhotoId[]) await app.call('photos.several', { id, several: true });
  expect(await app.call('people.mergePlan', { from: [ben], into: anna })).toMatchObject({
    photosTogether: 0,
  });
  for (const id of [1, 2] as PhotoId[]) await app.call('photos.several', { id, several: false });
  const merged = { from: [ben], into: anna, evenIfTogether: true };
  expect((await app.call('people.merge', merged)).ledger.person.name).toBe('Anna');
  expect((await app.call('people.list', {})).total).toBe(1);
});

it('refuses to merge a person with themselves alone', async () => {
  const anna = await person('Anna', 1);
  expect(await code(app.call('people.merge', { from: [anna], into: anna }))).toBe('bad-request');
  expect(await code(app.call('people.merge', { from: [99 as PersonId], into: anna }))).toBe('not-found');
});

it('leaves no refusal of a face that is the person now, and no second name of Kith on a photo', async () => {
  const anna = await person('Anna', 1);
  const ben = await person('Ben', 8);
  await app.call('faces.refuse', { faces: [8 as FaceId], person: anna });
  await app.close();
  const library = openLibrary(join(folder, 'library.kith'));
  library.journal.act({ action: 'arrive', detail: {}, by: 'kith' }, (entry) => {
    library.labels.putSure([{ face: 2 as FaceId, person: ben, probability: 0.9999 }], entry);
    library.labels.putSure([{ face: 4 as FaceId, person: ben, probability: 0.9991 }], entry);
    library.labels.putSure([{ face: 5 as FaceId, person: anna, probability: 0.9992 }], entry);
  });
  library.journal.act({ action: 'merge', detail: {}, by: 'hand' }, () => library.merging.merge(ben, anna));
  expect(library.labels.refusals()).toEqual([]);
  expect(library.labels.all().map(({ face, person: who, by }) => `${face} ${who} ${by}`)).toEqual([
    `1 ${anna} hand`,
    `5 ${anna} sure`,
    `8 ${anna} hand`,
  ]);
  library.journal.undo();
  expect(library.labels.all()).toHaveLength(5);
  library.close();
  app = await createApp({ libraryFile: join(folder, 'library.kith'), detector: 'ssd', encoder: 'dlib' });
});
