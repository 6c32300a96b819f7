import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Params, RequestName } from '../../electron/contract/api.ts';
import type { FaceId, GroupId, PersonId, PhotoId } from '../../electron/contract/ids.ts';
import type { App } from '../../electron/service/app/app.ts';
import { createApp } from '../../electron/service/app/create.ts';
import { calibrationOf } from '../../electron/service/encoder.ts';
import { groupLibrary } from '../../electron/service/group.ts';
import { makeLibrary } from '../fixtures/made-library.ts';
import { makePlace, withLibrary } from './support/place.ts';

// A page may name what another page has taken away. It is told so, and nothing is done, not even for what is still there.

const place = makePlace();
let app: App;
const gone = 4711;
const there = 1;

beforeAll(async () => {
  await makeLibrary(place.file, { faces: 200, encoder: 'dlib' });
  await withLibrary(place.file, (library) =>
    groupLibrary({ library, encoder: 'dlib', calibration: calibrationOf('dlib') }),
  );
  app = await createApp({ libraryFile: place.file, detector: 'ssd', encoder: 'dlib' });
  await app.call('name', { faces: [there as FaceId], name: 'Anna' });
});
afterAll(async () => {
  await app.close();
  place.remove();
});

const face = gone as FaceId;
const faces = [there as FaceId, face];
const groups = [there as GroupId, gone as GroupId];
const person = there as PersonId;
const nobody = gone as PersonId;
type Request = { [N in RequestName]: [name: N, params: Params<N>, what: string] }[RequestName];
const requests: Request[] = [
  ['faces.mark', { faces, as: 'ignored' }, 'face'],
  ['faces.mark', { faces, as: 'nothing' }, 'face'],
  ['faces.confirm', { faces, person }, 'face'],
  ['faces.confirm', { faces: [there as FaceId], person: nobody }, 'person'],
  ['faces.refuse', { faces, person }, 'face'],
  ['faces.refuse', { faces: [there as FaceId], person: nobody }, 'person'],
  ['name', { faces, name: 'Anna', merge: true }, 'face'],
  ['name', { faces, name: 'Cleo' }, 'face'],
  ['name', { groups, name: 'Cleo' }, 'group'],
  ['groups.merge', { groups }, 'group'],
  ['groups.move', { faces, to: null }, 'face'],
  ['groups.move', { faces: [there as FaceId], to: gone as GroupId }, 'group'],
  ['groups.hide', { groups, hidden: true }, 'group'],
  ['groups.mark', { groups, as: 'ignored' }, 'group'],
  ['people.get', { id: nobody }, 'person'],
  ['people.cover', { id: person, face }, 'face'],
  ['people.merge', { from: [person], into: nobody }, 'person'],
  ['people.merge', { from: [nobody], into: person }, 'person'],
  ['people.remove', { ids: [person, nobody] }, 'person'],
  ['people.hide', { ids: [person, nobody], hidden: true }, 'person'],
  ['people.split', { faces }, 'face'],
  ['photos.get', { id: gone as PhotoId }, 'photo'],
  ['photos.several', { id: gone as PhotoId, several: true }, 'photo'],
  ['photos.shot', { id: gone as PhotoId }, 'photo'],
  ['compare.faces', { a: there as FaceId, b: face }, 'face'],
  ['review.answer', { question: `${gone}:${there}`, answer: { kind: 'no' } }, 'face'],
];

describe('What is not there any more', () => {
  it.each(requests)('is named by the refusal: %s %j', async (name, params, what) => {
    const before = await app.call('journal.list', {});
    await expect(app.call(name, params)).rejects.toMatchObject({
      code: 'not-found',
      detail: `${what} ${gone}`,
    });
    expect(await app.call('journal.list', {})).toEqual(before);
  });
});

describe('A request that asks for nothing', () => {
  it('is refused: to name no face, and to merge a person with themselves', async () => {
    await expect(app.call('name', { name: 'Dora' })).rejects.toMatchObject({ code: 'bad-request' });
    await expect(app.call('people.merge', { from: [person], into: person })).rejects.toMatchObject({
      code: 'bad-request',
    });
    for (const id of ['__proto__', 'constructor', 'toString']) {
      await expect(app.call('models.remove', { id })).rejects.toMatchObject({ code: 'bad-request' });
    }
    expect(await app.call('people.search', { text: 'Dora' })).toEqual([]);
  });

  it('is told that a group has been named meanwhile', async () => {
    const [group] = (await app.call('groups.list', {})).items;
    await app.call('name', { groups: [group!.id], name: 'Eva' });
    await expect(app.call('name', { groups: [group!.id], name: 'Eva', merge: true })).rejects.toMatchObject({
      code: 'changed-meanwhile',
    });
    await expect(app.call('name', { groups: [group!.id], name: 'Fritz' })).rejects.toMatchObject({
      code: 'changed-meanwhile',
    });
    expect(await app.call('people.search', { text: 'Fritz' })).toEqual([]);
  });
});

it('What is named twice in one list counts once.', async () => {
  const twice = [5, 6, 5].map((id) => id as FaceId);
  const named = await app.call('name', { faces: twice, name: 'Gerd' });
  expect(named).toMatchObject({ kind: 'named', ledger: { examples: 2 } });
  await app.call('faces.mark', { faces: twice, as: 'ignored' });
  expect((await app.call('faces.get', { ids: twice })).map(({ status }) => status)).toContain('ignored');
});
