import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { FaceId, PersonId } from '../../electron/contract/ids.ts';
import { openLibrary } from '../../electron/library/open.ts';
import type { App } from '../../electron/service/app/app.ts';
import { createApp } from '../../electron/service/app/create.ts';
import { doubtfulFaces } from '../fixtures/doubtful-faces.ts';
import { recordFaces } from '../fixtures/recorded-faces.ts';

// Where the review ends: Anna has two faces, and three more may be hers, each rather not.

let folder: string;
let app: App;
let ids: FaceId[];
let anna: PersonId;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kith-review-end-'));
  const file = join(folder, 'library.kith');
  const library = openLibrary(file);
  const { known, count, ...faces } = doubtfulFaces();
  ids = recordFaces(library, { ...faces, people: Array.from({ length: count }, (_, at) => at) });
  library.groups.replace([ids.slice(0, known)], { encoder: 'dlib', method: 'made' }, library.groups.state());
  library.close();
  app = await createApp({ libraryFile: file, detector: 'ssd', encoder: 'dlib' });
  const named = await app.call('name', { faces: ids.slice(0, known), name: 'Anna' });
  if (named.kind !== 'named') throw new Error('Expected a new name');
  anna = named.ledger.person.id;
});
afterEach(async () => {
  await app.close();
  rmSync(folder, { recursive: true });
});

it('asks nothing that rather names nobody, and counts what is left', async () => {
  const asked = (await app.call('people.faces', { id: anna, status: 'ask' })).items;
  expect(asked.map(({ probability }) => probability! < 0.5)).toEqual([true, true, true]);
  expect(await app.call('review.next', {})).toMatchObject({ question: null, unlikely: 3 });
});

it('lists what is left by person, the likeliest first, with faces to compare', async () => {
  const asked = (await app.call('people.faces', { id: anna, status: 'ask' })).items;
  const [hers, ...others] = await app.call('review.unlikely', {});
  expect(others).toEqual([]);
  expect(hers).toMatchObject({ person: { id: anna, name: 'Anna' } });
  expect(new Set(hers!.references)).toEqual(new Set(ids.slice(0, 2)));
  const likeliest = asked.toSorted((a, b) => b.probability! - a.probability!);
  expect(hers!.units.map(({ face }) => face.id)).toEqual(likeliest.map(({ id }) => id));
  expect(hers!.units.map(({ faces }) => faces)).toEqual(likeliest.map(({ id }) => [id]));
});

it('leaves the others where some of them are said to be her', async () => {
  const [hers] = await app.call('review.unlikely', {});
  const [one, ...rest] = hers!.units;
  await app.call('faces.confirm', { faces: one!.faces, person: anna });
  const cards = await app.call('faces.get', { ids: [one!.face.id, ...rest.map(({ face }) => face.id)] });
  expect(cards[0]).toMatchObject({ status: 'confirmed', person: { name: 'Anna' } });
  for (const { status } of cards.slice(1)) expect(['ask', 'none', 'sure']).toContain(status);
});

it('asks nothing more where Kith may ask about ever less likely faces', async () => {
  await app.call('settings.set', { ask: 0.01 });
  const { question, unlikely } = await app.call('review.next', {});
  expect(question).toBeNull();
  expect(unlikely).toBeGreaterThan(3);
});
