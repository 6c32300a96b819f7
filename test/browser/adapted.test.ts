import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { FaceId, GroupId } from '../../electron/contract/ids.ts';
import { openLibrary } from '../../electron/library/open.ts';
import { importModel } from '../../models/import.ts';
import type { Page as Wire } from '../e2e/page.ts';
import { makeAlbum, scan } from './album.ts';
import { type Kith, openKith, type Place, settle } from './host.ts';

// Faces are compared in another way than when the groups were made: what changes is told once, is in the history, and can
// be undone; what the user has arranged or named holds still. The real engine, on real photos.

let place: Place;
let kith: Kith;
let wire: Wire;

test.beforeEach(async () => {
  place = await settle(await mkdtemp(join(tmpdir(), 'kith adapted ')));
  await open();
});
test.afterEach(async () => {
  await close();
  await rm(place.folder, { recursive: true });
});

async function open(): Promise<void> {
  kith = await openKith(place);
  wire = await kith.wire();
}

async function close(): Promise<void> {
  wire.socket.close();
  await kith.stop();
}

/** The group of each face of the library, by face. */
async function groups(): Promise<Map<FaceId, GroupId | null>> {
  const { faces } = await wire.call('library.overview', {});
  const ids = Array.from({ length: faces }, (_, i) => (i + 1) as FaceId);
  return new Map((await wire.call('faces.get', { ids })).map(({ id, group }) => [id, group]));
}

const told = /Kith compares faces in a new way: \d+ groups? changed/;

test('groups of a former version of Kith are made anew by a scan, which Undo and the history take back', async ({
  page,
}) => {
  const album = await makeAlbum(join(place.folder, 'album'));
  await scan(wire, album);
  const [first] = (await wire.call('groups.list', {})).items.map(({ id }) => id);
  await wire.call('name', { groups: [first!], name: 'Anna' });
  const [second, third] = (await wire.call('groups.list', {})).items.map(({ id }) => id);
  const now = await groups();
  await close();

  // As an earlier Kith might have left it: it took two people for one, and one whom it knew for nobody's.
  const library = openLibrary(place.library);
  const inGroup = (group: GroupId) => [...now].filter(([, of]) => of === group).map(([face]) => face);
  const [alone] = inGroup(second!);
  const joined = inGroup(third!).map((face) => ({ face, from: third!, to: { group: second! } }));
  library.groups.rearrange(
    [{ face: alone!, from: second!, to: null }, ...joined],
    null,
    library.groups.state(),
  );
  const method = library.settings.get('grouped')!;
  library.settings.put('grouped', method.replace(/^dlib \d+ /, 'dlib 1 '));
  library.close();

  await open();
  const former = await groups();
  expect(former).not.toEqual(now);
  await page.goto(kith.address);
  await page.getByRole('list', { name: 'Who is this?' }).getByRole('textbox').first().waitFor();
  await scan(wire, album);
  const notice = page.locator('[data-sonner-toast]').filter({ hasText: told });
  await expect(notice).toHaveCount(1);
  const [entry] = (await wire.call('journal.list', { limit: 1 })).items;
  expect(entry).toMatchObject({ action: 'adapt', by: 'kith' });
  await expect(notice).toContainText(`${entry!.detail.groups} group`);
  const after = await groups();
  expect(together(after)).toEqual(together(now));
  for (const face of inGroup(first!)) expect(after.get(face)).toBe(first);

  await notice.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('Taken back: Compared faces in a new way')).toBeVisible();
  expect(await groups()).toEqual(former);

  await page.goto(`${new URL(kith.address).origin}/#/history`);
  const row = page.locator('.entry').filter({ hasText: /Compared faces in a new way: \d+ groups? changed/ });
  await expect(row).toContainText('by Kith');
  await row.getByRole('button', { name: /^Redo/ }).click();
  await expect(page.getByText('Done again: Compared faces in a new way')).toBeVisible();
  expect(await groups()).toEqual(after);
});

test('a library goes over to FaceNet, and Undo gives the former groups back (KITH_SHARED)', async ({
  page,
}) => {
  const shared = process.env.KITH_SHARED;
  test.skip(!shared, 'FaceNet’s weights are in no package');
  const album = await makeAlbum(join(place.folder, 'album'));
  await scan(wire, album);
  const [first] = (await wire.call('groups.list', {})).items;
  await wire.call('name', { groups: [first!.id], name: 'Anna' });
  await close();
  const models = join(place.folder, 'models');
  const facenet = join(shared!, 'models/facenet');
  await importModel([join(facenet, 'model.json'), join(facenet, 'model.h5')], { folder: models });
  place.env.KITH_MODELS_DIR = models;
  await open();
  const former = await groups();

  await page.goto(kith.address);
  await page.goto(`${new URL(kith.address).origin}/#/settings`);
  await page
    .getByRole('listitem')
    .filter({ hasText: 'FaceNet and dlib' })
    .getByRole('button', { name: 'Use' })
    .click();
  await expect(page.locator('[data-sonner-toast]')).toHaveCount(1);
  await scan(wire, album);
  const notice = page.locator('[data-sonner-toast]').filter({ hasText: told });
  await expect(notice).toHaveCount(1);
  const after = await groups();
  expect(after).not.toEqual(former);
  for (const [face, group] of former) if (group === first!.id) expect(after.get(face)).toBe(group);

  await notice.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('Taken back: Compared faces in a new way')).toBeVisible();
  expect(await groups()).toEqual(former);
  // It stays a library of both, and another scan leaves what was taken back as it is.
  expect(await wire.call('calibration.get', {})).toMatchObject({ encoder: 'facenet-512+dlib' });
  await scan(wire, album);
  for (const [face, group] of former) if (group !== null) expect((await groups()).get(face)).toBe(group);
});

/** Who is with whom, whatever the groups are called. */
function together(of: ReadonlyMap<FaceId, GroupId | null>): string[] {
  const all = Map.groupBy(of, ([face, group]) => (group === null ? `alone ${face}` : group));
  return [...all.values()].map((faces) => faces.map(([face]) => face).join(' ')).sort();
}
