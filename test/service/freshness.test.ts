import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Params, RequestName, Result } from '../../electron/contract/api.ts';
import type { FaceId, GroupId, PersonId } from '../../electron/contract/ids.ts';
import { openLibrary } from '../../electron/library/open.ts';
import type { App } from '../../electron/service/app/app.ts';
import { createApp } from '../../electron/service/app/create.ts';
import { madeFaces } from '../fixtures/embeddings.ts';
import { recordFaces } from '../fixtures/recorded-faces.ts';

// Two pages on one library, each of which knows only what it has been told.

let folder: string;
let app: App;
let ids: FaceId[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kith-freshness-'));
  const libraryFile = join(folder, 'library.kith');
  const library = openLibrary(libraryFile);
  const { vectors, size, person, quality } = madeFaces([4, 4], { spread: 0.1, seed: 7 });
  ids = recordFaces(library, { vectors, size, quality, people: person });
  const groups = [ids.slice(0, 4), ids.slice(4)];
  library.groups.replace(groups, { encoder: 'dlib', method: 'made' }, library.groups.state());
  library.close();
  app = await createApp({ libraryFile, detector: 'ssd', encoder: 'dlib' });
});
afterEach(async () => {
  await app.close();
  rmSync(folder, { recursive: true });
});

/** A page: what it is told with an answer it has seen. */
function page(sender: string) {
  let seen = app.position;
  return {
    look() {
      seen = app.position;
    },
    async call<N extends RequestName>(name: N, params: Params<N>): Promise<Result<N>> {
      const result = await app.call(name, params, { sender, seen });
      seen = app.position;
      return result;
    },
  };
}

const group = (number: number) => number as GroupId;
const people = async () => (await app.call('people.list', {})).items;

it('A name that another sender gave meanwhile is not replaced until this sender has seen it.', async () => {
  const [one, other] = [page('one'), page('other')];
  await one.call('name', { groups: [group(1)], name: 'Anna' });
  const late = { groups: [group(1)], name: 'Ben' };
  await expect(other.call('name', late)).rejects.toMatchObject({ code: 'changed-meanwhile' });
  expect((await people()).map(({ name }) => name)).toEqual(['Anna']);
  other.look();
  await other.call('faces.mark', { faces: [ids[0]!], as: 'ignored' });
});

it('Changes of other things by another sender block no command, nor do a sender’s own changes.', async () => {
  const [one, other] = [page('one'), page('other')];
  await one.call('name', { groups: [group(1)], name: 'Anna' });
  await other.call('name', { groups: [group(2)], name: 'Ben' });
  const [anna] = await people();
  // Sent before the answer to the one before it has come.
  const seen = 0;
  await app.call('people.rename', { id: anna!.id, name: 'Ann' }, { sender: 'one', seen });
  await app.call('people.birth', { id: anna!.id, birth: '2001-02-03' }, { sender: 'one', seen });
  expect((await people()).find(({ id }) => id === anna!.id)).toMatchObject({ birth: '2001-02-03' });
});

it('A merge of a person who was renamed meanwhile is refused, also where the renaming was undone.', async () => {
  const [one, other] = [page('one'), page('other')];
  await one.call('name', { groups: [group(1)], name: 'Anna' });
  await one.call('name', { groups: [group(2)], name: 'Ben' });
  other.look();
  const [a, b] = (await people()).map(({ id }) => id) as [PersonId, PersonId];
  const { entry } = (await one.call('people.birth', { id: a, birth: '2001-02-03' })) as { entry: number };
  const merge = { from: [a], into: b };
  await expect(other.call('people.merge', merge)).rejects.toMatchObject({ code: 'changed-meanwhile' });
  other.look();
  await one.call('journal.undo', { entry: entry as never });
  await expect(other.call('people.merge', merge)).rejects.toMatchObject({ code: 'changed-meanwhile' });
  other.look();
  await other.call('people.merge', merge);
  expect(await people()).toHaveLength(1);
});

it('Whoever shows nothing that could be old is never refused.', async () => {
  await page('one').call('name', { groups: [group(1)], name: 'Anna' });
  const [anna] = await people();
  await app.call('people.rename', { id: anna!.id, name: 'Ann' }, { sender: 'command line' });
  expect((await people())[0]!.name).toBe('Ann');
});
