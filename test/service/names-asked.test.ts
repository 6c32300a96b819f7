import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { NameAnswer, NameQuestion } from '../../electron/contract/names-in.ts';
import type { App } from '../../electron/service/app/app.ts';
import { createApp } from '../../electron/service/app/create.ts';
import { picasaSection } from '../fixtures/tagged.ts';
import { madePhoto, madePool } from './support/made-pool.ts';
import { makePlace } from './support/place.ts';

// Questions about names in metadata, with made photos: Picasa's file and Google's JSON need no ExifTool.

// A machine that is busy with other tests takes its time.
vi.setConfig({ testTimeout: 60_000 });

let place: ReturnType<typeof makePlace>;
let app: App;
let picasa: string[];
beforeEach(async () => {
  place = makePlace();
  picasa = [];
  app = await open();
});
afterEach(async () => {
  await app.close();
  place.remove();
});

const open = () =>
  createApp({
    ...{ libraryFile: place.file, detector: 'ssd', encoder: 'dlib', poolSize: 2 },
    startPool: () => madePool(),
  });

const CONTACTS = { Anna: 'a1', Annette: 'a2', Ben: 'b1' };

/** A photo of these people, with Picasa's names for its faces by their place from the left. */
function put(name: string, shows: string[], says: [at: number, name: keyof typeof CONTACTS][] = []): void {
  place.put(`${name}.jpg`, madePhoto(shows, name));
  const faces = says.map(([at, who]) => ({
    ...{ name: who, contact: CONTACTS[who] },
    ...{ x: 0.2 * at, y: 0.1, width: 0.1, height: 0.15 },
  }));
  if (faces.length > 0) picasa.push(picasaSection(`${name}.jpg`, faces));
  const contacts = Object.entries(CONTACTS).map(([who, id]) => `${id}=${who};;`);
  place.put('.picasa.ini', ['[Contacts2]', ...contacts, ...picasa].join('\r\n'));
}

/** Who is on a photo by Google. */
function google(name: string, says: string[]): void {
  const people = says.map((one) => ({ name: one }));
  place.put(`${name}.jpg.supplemental-metadata.json`, JSON.stringify({ title: `${name}.jpg`, people }));
}

const read = () => app.call('folder.names', { path: place.folder });
const asked = async () => (await app.call('names.open', {})).questions;

async function only<W extends NameQuestion['why']>(why: W): Promise<Extract<NameQuestion, { why: W }>> {
  const questions = await asked();
  expect(questions.map((one) => one.why)).toEqual([why]);
  return questions[0] as Extract<NameQuestion, { why: W }>;
}

const answer = (question: NameQuestion, given: NameAnswer) =>
  app.call('names.settle', { question: question.id, answer: given });

/** The names on a photo from the left, of those that the user has confirmed. */
async function on(name: string): Promise<(string | null)[]> {
  const { items } = await app.call('photos.list', {});
  const { faces } = await app.call('photos.get', { id: items.find((one) => one.name === `${name}.jpg`)!.id });
  return faces
    .toSorted((a, b) => a.box.x - b.box.x)
    .map(({ status, person }) => (status === 'confirmed' ? person!.name : null));
}

/** Gives an answer, undoes it, does it again, scans again and opens the library again: it is asked only while it is undone. */
async function holds(
  question: NameQuestion,
  given: NameAnswer,
  state: () => Promise<unknown>,
  after: unknown,
): Promise<void> {
  const before = await state();
  const { entry } = await answer(question, given);
  expect(entry).not.toBeNull();
  expect(await state()).toEqual(after);
  expect(await asked()).toEqual([]);
  expect((await app.call('journal.list', {})).items[0]).toMatchObject({ id: entry, by: 'hand' });
  await app.call('journal.undo', { entry: entry! });
  expect(await state()).toEqual(before);
  expect(await asked()).toEqual([question]);
  await app.call('journal.redo', { entry: entry! });
  expect(await state()).toEqual(after);
  expect(await asked()).toEqual([]);
  expect((await read()).entry).toBeNull();
  await app.close();
  app = await open();
  expect(await asked()).toEqual([]);
  expect(await state()).toEqual(after);
}

describe('two names for one face', () => {
  beforeEach(async () => {
    put(
      'a',
      ['anna', 'ben'],
      [
        [0, 'Anna'],
        [0, 'Annette'],
        [1, 'Ben'],
      ],
    );
    await read();
  });

  it('are offered, and the chosen one is given', async () => {
    const question = await only('two-names');
    expect(question).toMatchObject({ names: ['Anna', 'Annette'], path: 'a.jpg', place: { box: { x: 0 } } });
    await holds(question, { kind: 'name', name: 'Annette' }, () => on('a'), ['Annette', 'Ben']);
  });

  it('may both be wrong', async () => {
    const question = await only('two-names');
    await holds(question, { kind: 'name', name: 'Cleo' }, () => on('a'), ['Cleo', 'Ben']);
  });

  it('are asked again where the file says something else', async () => {
    await answer(await only('two-names'), { kind: 'name', name: 'Cleo' });
    picasa = [];
    put(
      'a',
      ['anna', 'ben'],
      [
        [0, 'Anna'],
        [1, 'Ben'],
      ],
    );
    await read();
    expect(await only('said')).toMatchObject({ name: 'Anna', said: 'Cleo' });
  });
});

describe('one name on two faces of a photo', () => {
  beforeEach(async () => {
    put(
      'a',
      ['anna', 'ben'],
      [
        [0, 'Anna'],
        [1, 'Anna'],
      ],
    );
    await read();
  });

  it.each([
    ['one of them', { kind: 'place', at: 1 }, [null, 'Anna']],
    ['both', { kind: 'both' }, ['Anna', 'Anna']],
    ['neither', { kind: 'none' }, [null, null]],
  ] as const)('%s', async (_, given, names) => {
    const question = await only('twice');
    expect(question.places.map(({ face }) => face)).not.toContain(null);
    await holds(question, given, () => on('a'), names);
  });
});

describe('one name in two groups that are two people', () => {
  beforeEach(async () => {
    for (const at of [1, 2, 3]) {
      put(`anna${at}`, ['anna'], [[0, 'Anna']]);
      put(`ben${at}`, ['ben'], [[0, 'Anna']]);
    }
    put('both', ['anna', 'ben']);
    put('other', ['anna', 'ben', 'cleo']);
    await read();
  });
  const names = async () => Promise.all(['anna1', 'anna3', 'ben1', 'ben3'].map(on));

  it('is given to the group that is chosen, and the other is known not to be that person', async () => {
    const question = await only('two-people');
    expect(question.groups).toMatchObject([
      { count: 3, faces: { length: 3 } },
      { count: 3, faces: { length: 3 } },
    ]);
    const { items } = await app.call('photos.list', {});
    const { id } = items.find((one) => one.name === 'anna2.jpg')!;
    const [face] = (await app.call('photos.get', { id })).faces;
    const hers = question.groups.find(({ faces }) => faces.includes(face!.id))!;
    const given = { kind: 'group', group: hers.group } as const;
    await holds(question, given, names, [['Anna'], ['Anna'], [null], [null]]);
    const [anna] = (await app.call('people.list', {})).items;
    expect(anna).toMatchObject({ name: 'Anna', confirmed: 3, ask: 0 });
  });

  it('may be neither’s', async () => {
    await holds(await only('two-people'), { kind: 'none' }, names, [[null], [null], [null], [null]]);
  });
});

describe('what the user has said', () => {
  beforeEach(async () => {
    put('a', ['anna', 'ben'], [[0, 'Anna']]);
    await app.call('folder.group', { path: place.folder });
  });
  const faces = async () => {
    const [photo] = (await app.call('photos.list', {})).items;
    const all = (await app.call('photos.get', { id: photo!.id })).faces;
    return all.toSorted((a, b) => a.box.x - b.box.x);
  };

  it.each([
    ['is kept', { kind: 'keep' }, 'Ben'],
    ['is changed', { kind: 'change' }, 'Anna'],
  ] as const)('of a face %s where the user says so', async (_, given, name) => {
    const [face] = await faces();
    await app.call('name', { faces: [face!.id], name: 'Ben' });
    await read();
    const question = await only('said');
    expect(question).toMatchObject({ said: 'Ben', name: 'Anna', face: face!.id, place: { face: face!.id } });
    await holds(question, given, () => on('a'), [name, null]);
  });

  it('of another face of the photo is changed, and that face loses the name', async () => {
    const [right, wrong] = await faces();
    await app.call('name', { faces: [wrong!.id], name: 'Anna' });
    await read();
    const question = await only('said');
    expect(question).toMatchObject({
      said: 'Anna',
      name: 'Anna',
      face: wrong!.id,
      place: { face: right!.id },
    });
    await holds(question, { kind: 'change' }, () => on('a'), ['Anna', null]);
  });
});

describe('names without a place', () => {
  beforeEach(async () => {
    put('a', ['anna', 'ben']);
    google('a', ['Anna', 'Ben']);
    await read();
  });

  it('go to the face that is chosen, and the name that is left to the face that is left', async () => {
    const [first, second] = (await asked()) as Extract<NameQuestion, { why: 'unplaced' }>[];
    expect([first!.name, second!.name]).toEqual(['Anna', 'Ben']);
    const right = first!.faces.toSorted((a, b) => a.box.x - b.box.x).at(-1);
    const { entry } = await answer(first!, { kind: 'face', face: right!.face! });
    expect(await on('a')).toEqual(['Ben', 'Anna']);
    expect(await asked()).toEqual([]);
    await app.call('journal.undo', { entry: entry! });
    expect(await on('a')).toEqual([null, null]);
    expect(await asked()).toEqual([first, second]);
    await answer(second!, { kind: 'face', face: right!.face! });
    expect(await on('a')).toEqual(['Anna', 'Ben']);
  });

  it('that are not on the photo are dropped, and remembered', async () => {
    const [first, second] = await asked();
    await answer(first!, { kind: 'none' });
    expect(await asked()).toEqual([second]);
    await holds(second!, { kind: 'none' }, () => on('a'), [null, null]);
    put('b', ['cleo', 'dan']);
    google('b', ['Anna']);
    await read();
    expect(await only('unplaced')).toMatchObject({ name: 'Anna', path: 'b.jpg' });
  });

  it('are listed where every face of the photo has a name', async () => {
    const ids = (await asked()).flatMap((one) =>
      one.why === 'unplaced' ? one.faces.map(({ face }) => face!) : [],
    );
    await app.call('name', { faces: [ids[0]!], name: 'Emma' });
    await app.call('name', { faces: [ids[1]!], name: 'Finn' });
    const { questions, total, faceless } = await app.call('names.open', {});
    expect({ questions, total }).toEqual({ questions: [], total: 0 });
    expect(faceless).toMatchObject([{ name: 'Anna' }, { name: 'Ben' }]);
  });
});

describe('a person whom the user calls otherwise since', () => {
  beforeEach(async () => {
    put('a', ['anna', 'ben'], [[0, 'Anna']]);
    put('b', ['anna']);
    google('b', ['Anna']);
    await read();
    expect(await on('b')).toEqual(['Anna']);
  });
  const anna = async () => (await app.call('people.search', { text: 'Anna' }))[0]!.id;

  it('is not asked about, and gets what a file says by the former name', async () => {
    await app.call('people.rename', { id: await anna(), name: 'Annie' });
    await app.call('people.rename', {
      id: (await app.call('people.search', { text: 'Annie' }))[0]!.id,
      name: 'Änne',
    });
    expect(await asked()).toEqual([]);
    put('c', ['cleo', 'dan'], [[1, 'Anna']]);
    expect((await read()).people).toMatchObject([{ name: 'Änne', known: true }]);
    expect(await on('c')).toEqual([null, 'Änne']);
  });

  it('is asked about where another person has that name now', async () => {
    const id = await anna();
    await app.call('people.rename', { id, name: 'Annie' });
    put('c', ['cleo']);
    await app.call('folder.group', { path: place.folder });
    const { items } = await app.call('photos.list', {});
    const [face] = (await app.call('photos.get', { id: items.find(({ name }) => name === 'c.jpg')!.id }))
      .faces;
    await app.call('name', { faces: [face!.id], name: 'Anna' });
    expect((await asked()).map(({ why }) => why)).toContain('said');
    const other = (await app.call('people.search', { text: 'Anna' })).find(({ name }) => name === 'Anna')!;
    await app.call('people.merge', { from: [other.id], into: id });
    expect(await asked()).toEqual([]);
  });
});

describe('questions', () => {
  it('come with the use of the names, and go with its undo', async () => {
    put('a', ['anna', 'ben', 'cleo'], [[2, 'Ben']]);
    google('a', ['Anna']);
    const told: string[] = [];
    app.on((event) => {
      if (event.kind === 'changed') told.push(...event.what);
    });
    await app.call('folder.group', { path: place.folder });
    await expect.poll(() => told).toContain('names');
    expect(await app.call('names.offer', {})).toEqual({ names: 1, faces: 1 });
    expect(await app.call('names.open', {})).toMatchObject({ total: 0, isNew: false });
    const { entry } = await app.call('names.use', {});
    expect(await app.call('names.open', { limit: 0 })).toMatchObject({
      total: 1,
      questions: [],
      isNew: false,
    });
    await app.call('journal.undo', { entry: entry! });
    expect(await asked()).toEqual([]);
    await app.call('journal.redo', { entry: entry! });
    expect(await asked()).toHaveLength(1);
  });

  it('come by themselves where no name is certain', async () => {
    put('a', ['anna', 'ben']);
    google('a', ['Anna']);
    await read();
    expect(await app.call('names.offer', {})).toBeNull();
    expect(await app.call('names.open', {})).toMatchObject({ total: 1, isNew: true });
    await app.call('names.later', {});
    expect(await app.call('names.open', {})).toMatchObject({ total: 1, isNew: false });
  });

  it('that are settled elsewhere, or of another kind than the answer, are refused and nothing is done', async () => {
    put('a', ['anna', 'ben']);
    google('a', ['Anna']);
    await read();
    const question = await only('unplaced');
    await expect(answer(question, { kind: 'both' })).rejects.toMatchObject({ code: 'bad-request' });
    await expect(answer(question, { kind: 'face', face: 999 as never })).rejects.toMatchObject({
      code: 'bad-request',
    });
    await app.call('name', { faces: [question.faces[0]!.face!], name: 'Anna' });
    await expect(answer(question, { kind: 'none' })).rejects.toMatchObject({ code: 'changed-meanwhile' });
    expect((await app.call('journal.list', {})).items[0]!.action).toBe('name');
  });

  it('say that a face can’t be drawn where its photo can’t be read, and stay open', async () => {
    put(
      'a',
      ['anna'],
      [
        [3, 'Anna'],
        [3, 'Annette'],
      ],
    );
    await read();
    const question = await only('two-names');
    expect(question.place.face).toBeNull();
    await expect(answer(question, { kind: 'name', name: 'Anna' })).rejects.toMatchObject({
      code: 'file-missing',
    });
    expect(await asked()).toEqual([question]);
  });
});
