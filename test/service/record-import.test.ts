import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { App } from '../../electron/service/app/app.ts';
import { createApp } from '../../electron/service/app/create.ts';
import { madePhoto, madePool } from './support/made-pool.ts';
import { makePlace } from './support/place.ts';

// One library exports a record, and another takes names from it.

// A machine that is busy with other tests takes its time.
vi.setConfig({ testTimeout: 60_000 });

type Place = ReturnType<typeof makePlace>;
const open = ({ file }: Place, pool = madePool()) =>
  createApp({
    ...{ libraryFile: file, detector: 'ssd', encoder: 'dlib', poolSize: 1 },
    startPool: () => pool,
  });

/** A line for a face that the other user drew, on the last photo of the record. */
function drawn(name: string, x: number): string {
  const photos = readFileSync(join(record, 'photos.jsonl'), 'utf8').trimEnd().split('\n');
  const { id } = JSON.parse(photos.at(-1)!) as { id: number };
  return `${JSON.stringify({ photo: id, box: [x, 0.6, 0.1, 0.1], label: { name, by: 'hand' } })}\n`;
}

let [here, there]: Place[] = [];
let record: string;
let app: App;

beforeEach(async () => {
  [here, there] = [makePlace(), makePlace()];
  const other = await open(there);
  for (const name of ['one', 'two', 'three']) there.put(`${name}.jpg`, madePhoto(['anna', 'ben'], name));
  there.put('gone.jpg', madePhoto(['anna'], 'gone'));
  await other.call('folder.group', { path: there.folder });
  const { items } = await other.call('groups.list', {});
  const { id: first } = items[0]!;
  await other.call('name', { groups: [first], name: 'Anna' });
  record = join(there.folder, '..', 'record');
  await other.call('export.record', { format: 'jsonl', folder: record });
  await other.close();
  app = await open(here);
  // The same photos by other names, in another folder.
  for (const name of ['one', 'two', 'three']) here.put(`IMG_${name}.jpg`, madePhoto(['anna', 'ben'], name));
  await app.call('folder.group', { path: here.folder });
});
afterEach(async () => {
  await app.close();
  for (const place of [here!, there!]) place.remove();
});

const people = async () =>
  (await app.call('people.list', {})).items.map(({ name, confirmed }) => [name, confirmed]);

test('Names come over by the content of photos, as one command that is undone as one.', async () => {
  const plan = await app.call('record.import', { path: record, dry: true });
  expect(plan).toMatchObject({ photos: 3, faces: 3, drawn: 0, missing: 1, entry: null });
  expect(plan.people).toEqual([{ name: 'Anna', faces: 3, known: false }]);
  expect(await people()).toEqual([]);
  const taken = await app.call('record.import', { path: record });
  expect(taken).toMatchObject({ faces: 3, missing: 1, contradictions: [], entry: expect.any(Number) });
  expect(await people()).toEqual([['Anna', 3]]);
  const [entry] = (await app.call('journal.list', {})).items;
  expect(entry).toMatchObject({ action: 'record-import', detail: { faces: 3 } });
  // The same again changes nothing.
  expect(await app.call('record.import', { path: record })).toMatchObject({
    faces: 0,
    already: 3,
    entry: null,
  });
  await app.call('journal.undo', {});
  expect(await people()).toEqual([]);
});

/** A line for each relation of the record, and for each of its people. */
function said(people: readonly string[], ...relations: [number, string, number][]): void {
  const lined = (all: unknown[]) => all.map((row) => `${JSON.stringify(row)}\n`).join('');
  writeFileSync(join(record, 'people.jsonl'), lined(people.map((name, id) => ({ id, name }))));
  writeFileSync(
    join(record, 'relations.jsonl'),
    lined(relations.map(([person, is, of]) => ({ person, is, of }))),
  );
}

test('Relations come along where both people are here, within the same entry; what is said here stays.', async () => {
  const family = async (name: string) => {
    const { id } = (await app.call('people.search', { text: name }))[0]!;
    return (await app.call('people.relations', { id })).map(({ is, name: of }) => `${is} ${of}`);
  };
  const [photo] = (await app.call('photos.list', {})).items;
  const { faces } = await app.call('photos.get', { id: photo!.id });
  // Bert was called Ben, as the record has him.
  await app.call('name', { faces: [faces[1]!.id], name: 'Ben' });
  const ben = (await app.call('people.search', { text: 'Ben' }))[0]!.id;
  await app.call('people.rename', { id: ben, name: 'Bert' });
  said(['Anna', 'Ben', 'Zoe'], [0, 'parent', 1], [0, 'partner', 2]);
  const before = await app.call('record.import', { path: record, dry: true });
  expect(before.relations).toEqual({ taken: 1, left: 1 });
  expect(await family('Bert')).toEqual([]);

  const taken = await app.call('record.import', { path: record });
  expect(taken.relations).toEqual({ taken: 1, left: 1 });
  expect(await family('Bert')).toEqual(['parent Anna']);
  expect((await app.call('record.import', { path: record })).relations).toEqual({ taken: 0, left: 1 });
  await app.call('journal.undo', { entry: taken.entry! });
  expect(await family('Bert')).toEqual([]);
  await app.call('journal.redo', { entry: taken.entry! });

  // Something else, and what would make somebody their own ancestor.
  said(['Anna', 'Bert'], [0, 'sibling', 1], [1, 'parent', 0], [0, 'partner', 0]);
  expect((await app.call('record.import', { path: record })).relations).toEqual({ taken: 0, left: 3 });
  expect(await family('Anna')).toEqual(['child Bert']);
});

test('A record from before there were relations is read as well.', async () => {
  rmSync(join(record, 'relations.jsonl'));
  rmSync(join(record, 'people.jsonl'));
  expect(await app.call('record.import', { path: record })).toMatchObject({
    ...{ faces: 3, relations: { taken: 0, left: 0 } },
  });
});

test('What was said here stands above it, and is listed.', async () => {
  const [photo] = (await app.call('photos.list', {})).items;
  const { faces } = await app.call('photos.get', { id: photo!.id });
  for (const { id } of faces) await app.call('name', { faces: [id], name: `Not ${id}` });
  const taken = await app.call('record.import', { path: record });
  expect(taken.faces).toBe(2);
  expect(taken.contradictions).toMatchObject([
    { why: 'said', name: 'Anna', said: expect.stringMatching(/^Not \d+$/) },
  ]);
  expect(await people()).toContainEqual(['Anna', 2]);
});

test('A face that can not be drawn, since its photo can not be read now, leaves its name without a place.', async () => {
  appendFileSync(join(record, 'faces.jsonl'), drawn('Cleo', 0.7));
  const unplaced = [{ name: 'Cleo' }];
  const plan = await app.call('record.import', { path: record, dry: true });
  expect(plan).toMatchObject({ faces: 4, drawn: 1, unplaced: [] });
  expect(await app.call('record.import', { path: record })).toMatchObject({ faces: 3, drawn: 0, unplaced });
  expect(await app.call('record.import', { path: record })).toMatchObject({
    ...{ faces: 0, unplaced, entry: null },
  });
});

test('People who were put on photos without a face come over too, with the same command, and once.', async () => {
  const other = await open(there!);
  const items = (await other.call('photos.list', {})).items.filter(({ name }) => name !== 'gone.jpg');
  for (const name of ['Cleo', 'Dora']) await other.call('photos.putPerson', { id: items[0]!.id, name });
  await other.call('photos.putPerson', { id: items[1]!.id, name: 'Cleo' });
  await other.call('export.record', { format: 'jsonl', folder: record });
  await other.close();
  const put = async () => {
    const all = (await app.call('photos.list', {})).items.map(({ id }) => app.call('photos.get', { id }));
    return (await Promise.all(all)).flatMap(({ withoutFace }) => withoutFace.map(({ name }) => name)).sort();
  };
  expect(await app.call('record.import', { path: record, dry: true })).toMatchObject({ faces: 3, put: 3 });
  expect(await put()).toEqual([]);
  expect(await app.call('record.import', { path: record })).toMatchObject({
    ...{ faces: 3, put: 3, unplaced: [], contradictions: [] },
  });
  expect(await put()).toEqual(['Cleo', 'Cleo', 'Dora']);
  expect(await app.call('record.import', { path: record })).toMatchObject({ faces: 0, put: 0, entry: null });
  await app.call('journal.undo', {});
  expect([await put(), await people()]).toEqual([[], []]);
  // A record from before people could be put on photos has no file of them.
  rmSync(join(record, 'presences.jsonl'));
  expect(await app.call('record.import', { path: record })).toMatchObject({ faces: 3, put: 0 });
});

test('Two places of one person on a mirror or a collage are two faces.', async () => {
  await app.close();
  const pool = madePool();
  const found = { landmarks: null, score: 1, quality: 0.8, crop: Buffer.from(''), chip: Buffer.from('') };
  pool.draw = async ({ box }) => ({ ...found, box, embedding: new Float32Array(16).fill(0.25) });
  app = await open(here!, pool);
  for (const { id } of (await app.call('photos.list', {})).items) {
    await app.call('photos.several', { id, several: true });
  }
  appendFileSync(join(record, 'faces.jsonl'), drawn('Cleo', 0.5) + drawn('Cleo', 0.7));
  expect(await app.call('record.import', { path: record })).toMatchObject({
    ...{ faces: 5, drawn: 2, unplaced: [] },
  });
  expect(await people()).toContainEqual(['Cleo', 2]);
});

test('A record is read as editors on Windows leave it: with a byte order mark, and lines that end in CRLF.', async () => {
  for (const name of ['manifest.json', 'photos.jsonl', 'faces.jsonl']) {
    const text = readFileSync(join(record, name), 'utf8');
    writeFileSync(join(record, name), `\uFEFF${text.replaceAll('\n', '\r\n')}`);
  }
  expect(await app.call('record.import', { path: record, dry: true })).toMatchObject({ faces: 3 });
});

test('A folder that is no record, a damaged one and one of a newer version are refused in words.', async () => {
  const refused = (path: string) =>
    app.call('record.import', { path }).then(
      () => null,
      ({ code, detail }) => ({ code, detail }),
    );
  expect(await refused(here!.folder)).toEqual({
    code: 'not-a-record',
    detail: `${join(here!.folder, 'manifest.json')}: there is no such file`,
  });
  const faces = join(record, 'faces.jsonl');
  writeFileSync(faces, '{"photo": 1, "box": [0, 0, 1, 1], "label": null}\n{"photo": 1, "bo');
  expect(await refused(record)).toEqual({ code: 'not-a-record', detail: `${faces}, line 2` });
  // The same in another format has the manifest and none of the lines.
  rmSync(faces);
  expect(await refused(record)).toEqual({ code: 'not-a-record', detail: `${faces}: there is no such file` });
  writeFileSync(join(record, 'manifest.json'), '{"schema": "kith-record", "version": 2}');
  expect(await refused(record)).toMatchObject({
    code: 'not-a-record',
    detail: expect.stringContaining('newer'),
  });
  expect(await people()).toEqual([]);
});
