import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { FaceId } from '../../electron/contract/ids.ts';
import type { App } from '../../electron/service/app/app.ts';
import { createApp } from '../../electron/service/app/create.ts';
import { makeSampleAlbum, SAMPLE_ALBUM } from '../../electron/service/app/sample-album.ts';
import { SAMPLE_PHOTOS } from '../fixtures/sample-faces.ts';
import { scan } from '../fixtures/scan.ts';

// What every newcomer sees first, by the engine as it is delivered: groups to name, one to correct, faces to be asked about.

let home: string;
let folder: string;
let app: App;
/** Who each face is: a face of the six photos. */
const who = new Map<FaceId, string>();

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'kith-sample-album-'));
  folder = join(home, 'photos');
  await makeSampleAlbum(folder);
  app = await createApp({ libraryFile: join(home, 'library.kith'), detector: 'ssd', encoder: 'dlib' });
  expect(await scan(app, folder)).toMatchObject({ phase: 'done', failure: null });
  for (const { id } of (await app.call('photos.list', { limit: 200 })).items) {
    const { faces, files } = await app.call('photos.get', { id });
    for (const face of faces) who.set(face.id, await whose(basename(files[0]!), face.box));
  }
}, 120_000);
afterAll(async () => {
  await app.close();
  rmSync(home, { recursive: true });
});

/** The face of the six photos that lies where this one does, by the changes that made the photo. */
async function whose(
  name: string,
  box: { x: number; y: number; width: number; height: number },
): Promise<string> {
  const { original, made } = SAMPLE_ALBUM.find((photo) => photo.name === name)!;
  const at = SAMPLE_PHOTOS.findIndex(([face]) => basename(face!.path) === original);
  const { width, height } = await sharp(SAMPLE_PHOTOS[at]![0]!.path).metadata();
  const [left, top, wide, high] = made?.part ?? [0, 0, 1, 1];
  const across = made?.mirrored ? 1 - box.x - box.width / 2 : box.x + box.width / 2;
  const [x, y] = [(left + across * wide) * width, (top + (box.y + box.height / 2) * high) * height];
  const found = SAMPLE_PHOTOS[at]!.findIndex(
    ({ rect: [from, above, w, h] }) => x > from && x < from + w && y > above && y < above + h,
  );
  // One woman is on two of the six photos.
  return at === 2 && found === 2 ? '0 2' : `${at} ${found}`;
}

it('is 24 photos, whole, and made once', async () => {
  const seen = () =>
    readdirSync(folder)
      .toSorted()
      .map((name) => [name, statSync(join(folder, name)).mtimeMs]);
  const before = seen();
  expect(before.map(([name]) => name)).toEqual(SAMPLE_ALBUM.map(({ name }) => name).toSorted());
  await makeSampleAlbum(folder);
  expect(seen()).toEqual(before);
  // One of the six that was cut off is put right.
  const { name } = SAMPLE_ALBUM[0]!;
  const bytes = readFileSync(join(folder, name));
  truncateSync(join(folder, name), 1000);
  await makeSampleAlbum(folder);
  expect(readFileSync(join(folder, name)).equals(bytes)).toBe(true);
});

it('shows nearly everybody as a group, one group that is of two people, and faces that are left alone', async () => {
  expect([...who.values()].filter((person) => person.endsWith('-1'))).toEqual([]);
  const { items: groups } = await app.call('groups.list', { limit: 100 });
  const people = await Promise.all(
    groups.map(async ({ id }) => {
      const { items } = await app.call('groups.faces', { id, limit: 100 });
      return [...new Set(items.map((face) => who.get(face.id)!))];
    }),
  );
  const alike = people.filter(({ length }) => length === 1);
  expect(new Set(alike.flat()).size).toBeGreaterThanOrEqual(18);
  expect(people.filter(({ length }) => length > 1)).toHaveLength(1);
  expect(groups[0]!.size).toBeGreaterThanOrEqual(6);
  expect((await app.call('groups.alone', { limit: 100 })).items.length).toBeGreaterThanOrEqual(5);
});

it('has something to ask once a few have a name, and nothing is named wrongly by Kith', async () => {
  for (let named = 0; named < 4; named++) {
    const [group] = (await app.call('groups.list', { limit: 1 })).items;
    const { items } = await app.call('groups.faces', { id: group!.id });
    await app.call('name', { groups: [group!.id], name: who.get(items[0]!.id)! });
  }
  const { question } = await app.call('review.next', {});
  expect(question).not.toBeNull();
  const faces = await app.call('faces.get', { ids: [...who.keys()] });
  const sure = faces.filter(({ status }) => status === 'sure');
  expect(sure.filter(({ id, person }) => person!.name !== who.get(id))).toEqual([]);
});
