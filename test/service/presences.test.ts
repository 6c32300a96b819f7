import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FaceId, PersonId, PhotoId } from '../../electron/contract/ids.ts';
import type { Query } from '../../electron/contract/search.ts';
import { openLibrary } from '../../electron/library/open.ts';
import type { App } from '../../electron/service/app/app.ts';
import { createApp } from '../../electron/service/app/create.ts';
import { photosToWrite } from '../../electron/service/app/export-photos.ts';
import { KnownNames } from '../../electron/service/known-names.ts';
import { madeAnalysis } from '../fixtures/analysis.ts';
import { faults } from './support/place.ts';

// People who are on a photo without a face that can be seen, on a real SQLite file: four photos of 0, 1, 2 and 3 faces.

let folder: string;
let file: string;
let app: App;
const [empty, one, two, three] = [1, 2, 3, 4] as PhotoId[] as [PhotoId, PhotoId, PhotoId, PhotoId];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kith-presences-'));
  file = join(folder, 'library.kith');
  const library = openLibrary(file);
  const paths = ['0.jpg', '1.jpg', '2.jpg', '3.jpg'];
  const seen = paths.map((path) => ({ path, size: 5, mtimeNs: 1n }));
  for (const { id, path } of library.files.reconcile(library.files.folder('/x'), seen, [], 'ssd')) {
    const faces = Number(path[0]);
    const made = { ...madeAnalysis(faces, faces), takenAt: `201${faces}-05-01T12:00:00` };
    library.files.link(id, library.photos.record(made, { detector: 'ssd', encoder: 'dlib' }));
  }
  library.groups.replace([], { encoder: 'dlib', method: 'made' }, library.groups.state());
  library.close();
  await open();
});
afterEach(async () => {
  await app.close();
  expect(faults(file)).toEqual([]);
  rmSync(folder, { recursive: true });
});

async function open(): Promise<void> {
  app = await createApp({ libraryFile: file, detector: 'ssd', encoder: 'dlib' });
}

const put = async (id: PhotoId, name: string) => (await app.call('photos.putPerson', { id, name })).person.id;
const on = async (id: PhotoId) =>
  (await app.call('photos.get', { id })).withoutFace.map((person) => person.name);
const facesOf = async (id: PhotoId) => (await app.call('photos.get', { id })).faces.map((face) => face.id);
const name = async (face: FaceId, who: string) => {
  const named = await app.call('name', { faces: [face], name: who, merge: true });
  if (named.kind !== 'named') throw new Error('Expected the face to be named');
  return named.ledger;
};
const found = async (query: Query) =>
  (await app.call('search.photos', { query })).items.map((photo) => photo.id);
const is = (person: PersonId, not = false) => ({ not, any: [{ kind: 'person' as const, person }] });
const people = (least: number, most: number | null = least) => ({
  not: false,
  any: [{ kind: 'count' as const, least, most }],
});
const undo = () => app.call('journal.undo', {});
const refusal = (of: Promise<unknown>) => of.then(String, ({ code, detail }) => `${code}: ${detail}`);

describe('Somebody who is put on a photo without a face', () => {
  it('is found there, counted, undone and done again, as one command with an entry', async () => {
    const anna = await put(empty, ' Anna ');
    expect(await on(empty)).toEqual(['Anna']);
    expect(await put(three, 'ANNA')).toBe(anna);
    expect(await found([is(anna)])).toEqual([empty, three]);
    expect(await found([is(anna, true)])).toEqual([one, two]);
    expect(await found([is(anna), people(1)])).toEqual([empty]);
    expect(await found([people(0)])).toEqual([]);
    expect(await found([people(4, null)])).toEqual([three]);
    expect(await app.call('people.get', { id: anna })).toMatchObject({
      ...{ name: 'Anna', cover: null, confirmed: 0, photos: 2, years: [2010, 2013] },
    });
    const listed = await app.call('photos.list', { person: anna });
    expect(listed.items.map(({ id }) => id)).toEqual([empty, three]);
    expect(await app.call('photos.months', { person: anna })).toHaveLength(2);
    expect(await app.call('photos.beside', { id: three, person: anna })).toEqual({
      ...{ previous: empty, next: null, at: 2, of: 2 },
    });
    const { items } = await app.call('journal.list', {});
    expect(items.map(({ action, detail }) => [action, detail])).toEqual([
      ['put-person', { name: 'Anna', photo: three }],
      ['put-person', { name: 'Anna', photo: empty }],
    ]);

    await undo();
    expect(await found([is(anna)])).toEqual([empty]);
    await undo();
    expect((await app.call('people.list', {})).total).toBe(0);
    await app.call('journal.redo', {});
    await app.call('journal.redo', {});
    expect(await found([is(anna)])).toEqual([empty, three]);
    await app.call('photos.takePerson', { id: three, person: anna });
    expect(await on(three)).toEqual([]);
    await undo();
    expect(await on(three)).toEqual(['Anna']);
  });

  it('is refused in plain words where a face there is theirs, or where they were put already', async () => {
    const [face] = await facesOf(one);
    await name(face!, 'Anna');
    const anna = await put(two, 'Anna');
    expect(await refusal(app.call('photos.putPerson', { id: one, name: 'anna' }))).toBe(
      `bad-request: Expected somebody who is not on photo ${one} but Anna is there by face ${face}`,
    );
    expect(await refusal(app.call('photos.putPerson', { id: two, name: 'anna' }))).toBe(
      `bad-request: Expected somebody who is not on photo ${two} but Anna was put there already`,
    );
    expect(await refusal(app.call('photos.putPerson', { id: 99 as PhotoId, name: 'Anna' }))).toMatch(
      /^not-found: photo 99/,
    );
    expect(await refusal(app.call('photos.putPerson', { id: one, name: ' ' }))).toMatch(/^bad-request/);
    for (const [id, person] of [
      [one, anna],
      [99, anna],
      [two, 99],
    ] as const) {
      const asked = app.call('photos.takePerson', { id: id as PhotoId, person: person as PersonId });
      expect(await refusal(asked)).toMatch(/^not-found/);
    }
    expect((await app.call('journal.list', {})).total).toBe(2);
  });

  it('is there once where a face of the photo gets the name, and again without a face where it loses it', async () => {
    const anna = await put(two, 'Anna');
    const [face] = await facesOf(two);
    await name(face!, 'Anna');
    expect(await on(two)).toEqual([]);
    expect(await found([is(anna), people(2)])).toEqual([two]);
    expect(await app.call('people.get', { id: anna })).toMatchObject({ photos: 1, confirmed: 1 });
    await app.call('faces.refuse', { faces: [face!], person: anna });
    expect(await on(two)).toEqual(['Anna']);
    expect(await found([is(anna), people(3)])).toEqual([two]);
  });

  it('is neither an example nor in the way of a name: matching and grouping see the same as before', async () => {
    const [a, b] = await facesOf(two);
    await name(a!, 'Anna');
    const before = await app.call('groups.plan', {});
    const counts = async () => {
      const { faces, unnamed, questions } = await app.call('library.overview', {});
      return { faces, unnamed, questions };
    };
    const seen = await counts();
    await put(one, 'Anna');
    const ben = await put(two, 'Ben');
    expect(await counts()).toEqual(seen);
    const library = openLibrary(file);
    const faces = [...(await facesOf(one)), ...(await facesOf(two))];
    const gallery = new KnownNames(library, faces, new Float32Array(faces.length).fill(1), 0.5).read();
    library.close();
    // The more people there are, the less likely is each of them; who has no face is none of them.
    expect(gallery.keys).not.toContain(ben);
    expect(gallery.keys).toHaveLength(1);
    const { moved, merged, split } = await app.call('groups.plan', {});
    expect({ moved, merged, split }).toEqual({
      moved: before.moved,
      merged: before.merged,
      split: before.split,
    });
    // Ben is on the photo without a face, and yet a face of it may be his.
    expect((await name(b!, 'Ben')).person.id).toBe(ben);
  });
});

describe('What becomes of those who were put on photos', () => {
  it('in a merge: whoever stays is on all of them, once, and an undo gives back exactly what was', async () => {
    const anna = await put(empty, 'Anna');
    const ann = await put(empty, 'Ann');
    await put(one, 'Ann');
    const asked = { from: [ann], into: anna };
    expect(await app.call('people.mergePlan', asked)).toMatchObject({ photosTogether: 1, examples: [] });
    expect(await refusal(app.call('people.merge', asked))).toMatch(/^bad-request/);
    await app.call('people.merge', { ...asked, evenIfTogether: true });
    expect([await on(empty), await on(one)]).toEqual([['Anna'], ['Anna']]);
    expect(await found([is(anna)])).toEqual([empty, one]);
    await undo();
    expect([await on(empty), await on(one)]).toEqual([['Ann', 'Anna'], ['Ann']]);
    expect(await found([is(anna)])).toEqual([empty]);
  });

  it('in a merge with somebody who has a face there: the face counts', async () => {
    const [face] = await facesOf(one);
    const { person: anna } = await name(face!, 'Anna');
    const ann = await put(one, 'Ann');
    const asked = { from: [ann], into: anna.id };
    expect(await app.call('people.mergePlan', asked)).toMatchObject({ photosTogether: 1 });
    await app.call('people.rename', { id: ann, name: 'Anna', merge: true, evenIfTogether: true });
    expect(await on(one)).toEqual([]);
    expect(await found([is(anna.id), people(1)])).toEqual([one]);
    await undo();
    expect(await on(one)).toEqual(['Ann']);
  });

  it('by another name, and when the name is removed', async () => {
    const anna = await put(one, 'Anna');
    await app.call('people.rename', { id: anna, name: 'Annie' });
    expect(await on(one)).toEqual(['Annie']);
    await app.call('people.remove', { ids: [anna] });
    expect(await on(one)).toEqual([]);
    await undo();
    expect(await on(one)).toEqual(['Annie']);
  });

  it('after a restart, and once the history was folded', async () => {
    await put(one, 'Anna');
    await app.close();
    const library = openLibrary(file);
    library.journal.chooseFolded({ days: 0, entries: 0 });
    while (library.journal.foldSome());
    library.close();
    await open();
    expect((await app.call('journal.list', {})).total).toBe(0);
    expect(await on(one)).toEqual(['Anna']);
  });

  it('an entry that made the person is undone only with what was said of them since', async () => {
    const made = await app.call('photos.putPerson', { id: one, name: 'Anna' });
    const since = await app.call('photos.putPerson', { id: two, name: 'Anna' });
    const { entry, blockers } = await app.call('journal.undo', { entry: made.entry! });
    expect([entry, blockers.map(({ id }) => id)]).toEqual([null, [since.entry]]);
    await app.call('journal.undo', { entry: made.entry!, with: [since.entry!] });
    expect((await app.call('people.list', {})).total).toBe(0);
  });

  it('a page that has not seen who was put on a photo changes nothing there', async () => {
    const { position } = app;
    const first = await app.call(
      'photos.putPerson',
      { id: one, name: 'Anna' },
      { sender: 'a', seen: position },
    );
    const late = { sender: 'b', seen: position };
    const asked = app.call('photos.takePerson', { id: one, person: first.person.id }, late);
    expect(await refusal(asked)).toMatch(/^changed-meanwhile/);
    await app.call('photos.putPerson', { id: two, name: 'Ben' }, late);
  });
});

describe('Lists of a person', () => {
  it('have the years, the first and the last photo, and the company of somebody without a face', async () => {
    const [face] = await facesOf(two);
    const { person: ben } = await name(face!, 'Ben');
    const anna = await put(empty, 'Anna');
    await put(two, 'Anna');
    await put(two, 'Cleo');
    await put(empty, 'Ben');
    expect(await app.call('people.life', { id: anna })).toMatchObject({
      years: [
        { year: 2010, face: null, photo: empty },
        { year: 2012, face: null, photo: two },
      ],
      ends: [empty, two],
      company: [
        { name: 'Ben', photos: 2 },
        { name: 'Cleo', photos: 1 },
      ],
    });
    expect((await app.call('people.life', { id: ben.id })).years).toEqual([
      { year: 2010, face: null, photo: empty },
      { year: 2012, face, photo: two },
    ]);
  });

  it('of exported photos name them after those with a face', async () => {
    const [face] = await facesOf(one);
    await name(face!, 'Ben');
    const anna = await put(one, 'Anna');
    const photos = await photosToWrite(file, [is(anna)]);
    expect(photos.map((photo) => photo.people)).toEqual([['Ben', 'Anna']]);
  });
});
