import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FaceId, PersonId } from '../../electron/contract/ids.ts';
import type { Question } from '../../electron/contract/people.ts';
import { normalise } from '../../electron/grouping/similarity.ts';
import { openLibrary } from '../../electron/library/open.ts';
import type { App } from '../../electron/service/app/app.ts';
import { createApp } from '../../electron/service/app/create.ts';
import { gaussian, random } from '../fixtures/random.ts';
import { recordFaces } from '../fixtures/recorded-faces.ts';

// "Emma or Lina?" on a real SQLite file, through the application's requests: two sisters who look like each other, and
// others who do not.

const SIZE = 128;
/** Angles of faces: Emma's example, Lina's, a group of three in between, nearer to Emma, and a face that is hers. */
const ANGLES = [0, 0.2, 0.085, 0.09, 0.095, 0.01];
const [EMMA, LINA, ONE, TWO, THREE, SURE] = [0, 1, 2, 3, 4, 5];

let folder: string;
let app: App;
let ids: FaceId[];
let emma: PersonId;
let lina: PersonId;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kith-either-'));
  const file = join(folder, 'library.kith');
  const library = openLibrary(file);
  const normal = gaussian(random(5));
  const sisters = ANGLES.map((angle) => {
    const vector = new Float32Array(SIZE);
    vector[0] = Math.cos(angle);
    vector[1] = Math.sin(angle);
    return vector;
  });
  const others = Array.from({ length: 6 }, () => normalise(Float32Array.from({ length: SIZE }, normal)));
  const all = [...sisters, ...others];
  const vectors = new Float32Array(all.length * SIZE);
  all.forEach((vector, row) => {
    vectors.set(vector, row * SIZE);
  });
  const quality = new Float32Array(all.length).fill(1);
  ids = recordFaces(library, { vectors, size: SIZE, quality, people: all.map((_, at) => at) });
  const group = [ONE, TWO, THREE].map((row) => ids[row!]!);
  library.groups.replace([group], { encoder: 'dlib', method: 'made' }, library.groups.state());
  library.close();
  app = await createApp({ libraryFile: file, detector: 'ssd', encoder: 'dlib' });
  emma = await named(EMMA!, 'Emma');
  lina = await named(LINA!, 'Lina');
});
afterEach(async () => {
  await app.close();
  rmSync(folder, { recursive: true });
});

async function named(row: number, name: string): Promise<PersonId> {
  await app.call('name', { faces: [ids[row]!], name });
  return (await app.call('people.search', { text: name }))[0]!.id;
}

type Either = Extract<Question, { kind: 'either' }>;

async function asked(): Promise<Either> {
  const { question } = await app.call('review.next', {});
  expect(question?.kind).toBe('either');
  return question as Either;
}

/** The name of each of the group's faces; its status where it has none. */
async function group(): Promise<string[]> {
  const cards = await app.call('faces.get', { ids: [ONE, TWO, THREE].map((row) => ids[row!]!) });
  return cards.map(({ status, person }) => (person && status === 'confirmed' ? person.name : status));
}

/** People for whom the first face of the group was refused. */
function refused(): PersonId[] {
  const library = openLibrary(join(folder, 'library.kith'));
  const people = library.labels
    .refusals()
    .flatMap(({ face, person }) => (face === ids[ONE!] ? [person] : []));
  library.close();
  return people;
}

describe('Emma or Lina?', () => {
  it('is asked of faces that may be either, with both people’s faces and chances, and none of them is sure', async () => {
    const question = await asked();
    expect(question).toMatchObject({ faces: 3, also: [] });
    expect(question.people.map(({ name }) => name)).toEqual(['Emma', 'Lina']);
    expect(question.people[0].references[0]).toBe(ids[EMMA!]);
    expect(question.people[1].references).toEqual([ids[LINA!]]);
    const [first, second] = question.people.map(({ probability }) => probability);
    expect(first).toBeGreaterThan(second!);
    expect(second).toBeGreaterThan(0.01);
    expect(first! + second!).toBeLessThanOrEqual(1 + 1e-9);
    // A face that is clearly nearer to one of them gets that name without a question.
    const [card] = await app.call('faces.get', { ids: [ids[SURE!]!] });
    expect(card).toMatchObject({ status: 'sure', person: { name: 'Emma' } });
  });

  it('takes back what Kith said before the sister had a name, and no more; undoing her name gives it again', async () => {
    await app.call('journal.undo', {});
    expect(await group()).toEqual(['sure', 'sure', 'sure']);
    const { entry } = (await app.call('journal.redo', {})) as { entry: object };
    expect(entry).toMatchObject({ detail: { name: 'Lina' } });
    expect(await group()).toEqual(['ask', 'ask', 'ask']);
  });

  it('is one of them, and then not the other; one entry, undone as one', async () => {
    const question = await asked();
    const answer = { kind: 'one' as const, person: lina };
    const { entry, ledger } = await app.call('review.answer', { question: question.id, answer });
    expect(ledger).toMatchObject({ entry, person: { name: 'Lina' }, photos: 4 });
    expect(await group()).toEqual(['Lina', 'Lina', 'Lina']);
    expect(refused()).toEqual([emma]);
    const [done] = (await app.call('journal.list', {})).items;
    expect(done).toMatchObject({
      id: entry,
      action: 'answer',
      detail: { name: 'Lina', other: 'Emma', answer: 'one' },
    });
    await app.call('journal.undo', {});
    expect(await group()).not.toContain('Lina');
    expect(refused()).toEqual([]);
    expect((await asked()).id).toBe(question.id);
  });

  it('is neither of them: both are refused, it is not asked again, and all of it is undone as one', async () => {
    const { id } = await asked();
    const { next } = await app.call('review.answer', { question: id, answer: { kind: 'no' } });
    expect(next?.id).not.toBe(id);
    expect(next?.kind).not.toBe('either');
    expect(refused()).toEqual([emma, lina]);
    expect(await group()).toEqual(['none', 'none', 'none']);
    expect((await app.call('journal.list', {})).items[0]!.detail).toEqual({
      ...{ name: 'Emma', other: 'Lina', answer: 'neither' },
    });
    await app.call('journal.undo', {});
    expect(refused()).toEqual([]);
    expect((await asked()).id).toBe(id);
  });

  it('is left for later where nobody can tell, and changes nothing', async () => {
    const { id } = await asked();
    const { next, entry } = await app.call('review.answer', { question: id, answer: { kind: 'skip' } });
    expect(entry).toBeNull();
    expect(next?.id).not.toBe(id);
    expect(refused()).toEqual([]);
  });

  it('is somebody else: a name, and neither of both', async () => {
    const { id } = await asked();
    await app.call('review.answer', { question: id, answer: { kind: 'other', name: 'Mia' } });
    expect(await group()).toEqual(['Mia', 'Mia', 'Mia']);
    expect(refused()).toEqual([emma, lina]);
  });

  it('takes no yes, and nobody whom it does not name; nothing is done then', async () => {
    const { id: question } = await asked();
    const mia = await named(7, 'Mia');
    for (const answer of [{ kind: 'yes' as const }, { kind: 'one' as const, person: mia }]) {
      await expect(app.call('review.answer', { question, answer })).rejects.toMatchObject({
        code: 'bad-request',
      });
    }
    expect(refused()).toEqual([]);
  });

  it('is a question about one person again once the other was refused', async () => {
    await asked();
    await app.call('faces.refuse', { faces: [ONE, TWO, THREE].map((row) => ids[row!]!), person: lina });
    const { question } = await app.call('review.next', {});
    // Or nothing is left to ask.
    expect(question === null || question.kind === 'is' || question.kind === 'who').toBe(true);
  });

  it('is understood after a restart, by its id alone', async () => {
    const { id } = await asked();
    await app.close();
    app = await createApp({
      ...{ libraryFile: join(folder, 'library.kith'), detector: 'ssd', encoder: 'dlib' },
    });
    await app.call('review.answer', { question: id, answer: { kind: 'one', person: emma } });
    expect(await group()).toEqual(['Emma', 'Emma', 'Emma']);
    expect(refused()).toEqual([lina]);
  });
});
