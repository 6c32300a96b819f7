import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { UnitBox } from '../../electron/contract/geometry.ts';
import type { FaceId, GroupId, PersonId, PhotoId } from '../../electron/contract/ids.ts';
import type { FaceCard } from '../../electron/contract/people.ts';
import type { App } from '../../electron/service/app/app.ts';
import { createApp } from '../../electron/service/app/create.ts';
import { sixPhotos } from '../fixtures/sample-faces.ts';
import { scanAll } from '../fixtures/scan.ts';

// Everything that a person may put right, each undone after a restart, done again, and undone after another.

let home: string;
let app: App;
const open = () => createApp({ libraryFile: join(home, 'library.kith'), detector: 'ssd', encoder: 'dlib' });

/** What the record has before each correction. */
interface Scene {
  anna: PersonId;
  ben: PersonId;
  annas: FaceId[];
  /** Faces that are nobody's, and the group of the first of them that has one. */
  loose: FaceCard[];
  group: GroupId;
  others: GroupId;
  photo: PhotoId;
}
let scene: Scene;

async function everyFace(): Promise<FaceCard[]> {
  const { items } = await app.call('photos.list', {});
  const photos = await Promise.all(items.map(({ id }) => app.call('photos.get', { id })));
  return photos.flatMap(({ faces }) => faces);
}

/** All that a hand or Kith has decided. What Kith would ask is made anew at will. */
async function decided(): Promise<unknown> {
  const faces = (await everyFace()).map(({ probability: _, ...face }) =>
    face.status === 'ask' ? { ...face, status: 'none', person: null } : face,
  );
  const { items } = await app.call('photos.list', {});
  const several = await Promise.all(
    items.map(async ({ id }) => (await app.call('photos.get', { id })).several),
  );
  const people = await Promise.all([false, true].map((hidden) => app.call('people.list', { hidden })));
  const groups = await Promise.all([false, true].map((hidden) => app.call('groups.list', { hidden })));
  return {
    ...{ faces, several },
    people: people.map(({ items: all }) => all.map(({ ask: _, ...person }) => person)),
    groups: groups.map(({ items: all }) => all.map(({ maybe: _, ...group }) => group)),
  };
}

async function restart(): Promise<void> {
  await app.close();
  app = await open();
}

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'kith-corrections-'));
  app = await open();
  await scanAll(app, await sixPhotos(home));
  const [first] = (await app.call('groups.list', {})).items;
  const named = await app.call('name', { groups: [first!.id], name: 'Anna' });
  if (named.kind !== 'named') throw new Error('Expected a ledger');
  const anna = named.ledger.person.id;
  const stranger = (await everyFace()).find(({ status }) => status === 'none')!;
  const other = await app.call('name', { faces: [stranger.id], name: 'Ben' });
  if (other.kind !== 'named') throw new Error('Expected a ledger');
  // Two groups of their own, out of faces that nobody has named.
  const none = (await everyFace()).filter(({ status }) => status === 'none' || status === 'ask');
  await app.call('groups.move', { faces: none.slice(0, 2).map(({ id }) => id), to: null });
  await app.call('groups.move', { faces: none.slice(2, 4).map(({ id }) => id), to: null });
  const faces = await everyFace();
  const now = (id: FaceId) => faces.find((face) => face.id === id)!;
  scene = {
    anna,
    ben: other.ledger.person.id,
    annas: faces
      .filter(({ person, status }) => status === 'confirmed' && person?.id === anna)
      .map(({ id }) => id),
    loose: none.map(({ id }) => now(id)),
    group: now(none[0]!.id).group!,
    others: now(none[2]!.id).group!,
    photo: faces[0]!.photo,
  };
}, 120_000);
afterAll(async () => {
  await app.close();
  await rm(home, { recursive: true });
});

const loose = (count: number) => scene.loose.slice(-count).map(({ id }) => id);

const corrections: Record<string, () => Promise<unknown>> = {
  'naming faces, several at once': () => app.call('name', { faces: loose(3), name: 'Carl' }),
  'naming a group': () => app.call('name', { groups: [scene.group], name: 'Carl' }),
  confirming: () => app.call('faces.confirm', { faces: loose(2), person: scene.ben }),
  renaming: () => app.call('people.rename', { id: scene.anna, name: 'Anne' }),
  'giving a name that somebody has': async () => {
    const asked = await app.call('people.rename', { id: scene.anna, name: 'ben' });
    expect(asked).toMatchObject({ kind: 'exists', person: { id: scene.ben } });
    return app.call('people.rename', { id: scene.anna, name: 'ben', merge: true, evenIfTogether: true });
  },
  'merging people': () =>
    app.call('people.merge', { from: [scene.ben], into: scene.anna, evenIfTogether: true }),
  'splitting faces off a person': () => app.call('people.split', { faces: scene.annas.slice(0, 1) }),
  'moving faces to another group': () => app.call('groups.move', { faces: loose(2), to: scene.group }),
  'moving faces to a new group': () => app.call('groups.move', { faces: loose(3), to: null }),
  'merging groups': () => app.call('groups.merge', { groups: [scene.group, scene.others] }),
  '"not this person"': () => app.call('faces.refuse', { faces: scene.annas.slice(0, 1), person: scene.anna }),
  'ignoring strangers': () => app.call('faces.mark', { faces: loose(3), as: 'ignored' }),
  'ignoring a group': () => app.call('groups.mark', { groups: [scene.group], as: 'ignored' }),
  '"not a face"': () => app.call('faces.mark', { faces: loose(2), as: 'not-a-face' }),
  'hiding a person': () => app.call('people.hide', { ids: [scene.anna, scene.ben], hidden: true }),
  'hiding groups': () => app.call('groups.hide', { groups: [scene.group, scene.others], hidden: true }),
  'a birth date': () => app.call('people.birth', { id: scene.anna, birth: '1990-02-03' }),
  'a cover': async () => {
    const { cover } = await app.call('people.get', { id: scene.anna });
    return app.call('people.cover', { id: scene.anna, face: scene.annas.find((id) => id !== cover)! });
  },
  'a mirror or a collage': () => app.call('photos.several', { id: scene.photo, several: true }),
  'drawing a face that was missed': () =>
    app.call('faces.draw', {
      photo: scene.photo,
      box: { x: 0.4, y: 0.3, width: 0.1, height: 0.12 } as UnitBox,
    }),
  'deleting people': () => app.call('people.remove', { ids: [scene.anna, scene.ben] }),
  'grouping anew': () => app.call('groups.regroup', {}),
};

describe.each(Object.entries(corrections))('%s', (_, correct) => {
  it('is undone after a restart, done again, and undone after another', async () => {
    const before = await decided();
    await correct();
    const after = await decided();
    expect(after).not.toEqual(before);
    await restart();
    expect(await decided()).toEqual(after);
    await app.call('journal.undo', {});
    expect(await decided()).toEqual(before);
    await app.call('journal.redo', {});
    expect(await decided()).toEqual(after);
    await restart();
    await app.call('journal.undo', {});
    expect(await decided()).toEqual(before);
  }, 60_000);
});
