import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { FaceId } from '../../electron/contract/ids.ts';
import type { Page as Wire } from '../e2e/page.ts';
import { samples } from '../golden/models-reference.ts';
import { makeAlbum, scan } from './album.ts';
import { type Kith, openKith, settle } from './host.ts';

// What new photos make of the groups that were there is told once, with a way back. The real engine, on real photos: those
// that come first are small and soft, so some faces are put into other groups once better pictures of them come.

let kith: Kith;
let wire: Wire;

test.beforeEach(async () => {
  kith = await openKith(await settle(await mkdtemp(join(tmpdir(), 'kith grown '))));
  wire = await kith.wire();
});
test.afterEach(async () => {
  wire.socket.close();
  await kith.stop();
  await rm(kith.folder, { recursive: true });
});

/** Which of these faces are together in a group. */
async function together(faces: FaceId[]): Promise<FaceId[][]> {
  const cards = await wire.call('faces.get', { ids: faces });
  const groups = Map.groupBy(
    cards.filter(({ group }) => group !== null),
    ({ group }) => group,
  );
  return [...groups.values()].map((some) => some.map(({ id }) => id)).filter(({ length }) => length > 1);
}

test('new photos that join or split groups say so once, and Undo gives the groups back for good', async ({
  page,
}) => {
  const album = await makeAlbum(join(kith.folder, 'album'));
  const photos = join(kith.folder, 'photos');
  await mkdir(photos);
  for (const at of samples.keys())
    await copyFile(join(album, `phone${at + 1}.jpg`), join(photos, `${at}.jpg`));
  await scan(wire, photos);
  const faces = Array.from(
    { length: (await wire.call('library.overview', {})).faces },
    (_, i) => (i + 1) as FaceId,
  );
  const before = await together(faces);
  expect(before.length).toBeGreaterThan(1);

  await page.goto(kith.address);
  await page.getByRole('list', { name: 'Who is this?' }).getByRole('textbox').first().waitFor();
  for (const { path } of samples) await copyFile(path, join(photos, basename(path)));
  await scan(wire, photos);
  const told = page.locator('[data-sonner-toast]').filter({ hasText: 'New photos joined or split' });
  await expect(told).toHaveCount(1);
  const [entry] = (await wire.call('journal.list', { limit: 1 })).items;
  expect(entry).toMatchObject({ action: 'grow', by: 'kith' });
  await expect(told).toContainText(`split ${entry!.detail.groups} group`);
  expect(await together(faces)).not.toEqual(before);

  await told.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText(/^Taken back: /)).toBeVisible();
  expect(await together(faces)).toEqual(before);

  // Neither another scan nor its new photos change again what was taken back; other groups may change.
  const back = before.filter((group) => group.some((face) => entry!.faces.includes(face)));
  expect(back.length).toBeGreaterThan(0);
  await copyFile(join(album, 'evening1.jpg'), join(photos, 'evening.jpg'));
  await scan(wire, photos);
  expect(await together(faces)).toEqual(expect.arrayContaining(back));
});
