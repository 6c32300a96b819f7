import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, test } from '@playwright/test';
import { makeAlbum, scan } from './album.ts';
import { type Kith, openKith, settle } from './host.ts';

// Folders that leave the library, and come back.

let kith: Kith;
let folder: string;

test.beforeAll(async () => {
  kith = await openKith(await settle(await mkdtemp(join(tmpdir(), 'kith folders '))));
  const wire = await kith.wire();
  const all = await makeAlbum(join(kith.folder, 'photos', 'Team days'));
  folder = join(kith.folder, 'photos', 'Phone');
  await mkdir(folder);
  for (const at of [1, 2, 3]) await rename(join(all, `phone${at}.jpg`), join(folder, `phone${at}.jpg`));
  await scan(wire, all);
  await scan(wire, folder);
  wire.socket.close();
});
test.afterAll(async () => {
  await kith.stop();
  await rm(kith.folder, { recursive: true });
});

test('a folder is taken out after a question, and all that was said of it is back with it', async ({
  page,
}) => {
  const wire = await kith.wire();
  const photos = async () => (await wire.call('photos.list', { limit: 100 })).items.map(({ name }) => name);
  const before = await photos();
  const { id } = (await wire.call('photos.list', { limit: 100 })).items.find(
    ({ name }) => name === 'phone1.jpg',
  )!;
  const { faces } = await wire.call('photos.get', { id });
  await wire.call('name', { faces: [faces[0]!.id], name: 'Dora' });
  await wire.call('faces.mark', { faces: [faces[1]!.id], as: 'ignored' });
  const said = async () =>
    (await wire.call('photos.get', { id })).faces.map(({ id, status, person }) => [id, status, person?.name]);
  const known = await said();
  await page.goto(kith.address);
  await page.goto(`${new URL(kith.address).origin}/#/welcome`);
  await page.getByRole('button', { name: `Take ${basename(folder)} out of the library` }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('Your files stay untouched');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  expect(await photos()).toEqual(before);
  await page.getByRole('button', { name: `Take ${basename(folder)} out of the library` }).click();
  await dialog.getByRole('button', { name: 'Take it out' }).click();
  await expect(page.getByText('Phone is out of the library, with 3 photos')).toBeVisible();
  expect(await photos()).toEqual(before.filter((name) => !/^phone[123]\.jpg$/.test(name)));
  expect((await wire.call('folders.list', {})).map(({ path }) => path)).not.toContain(folder);
  await page.getByRole('button', { name: 'Add it again' }).click();
  await expect(page.getByRole('heading', { name: 'Everything was looked at' })).toBeVisible({
    timeout: 60_000,
  });
  expect((await photos()).sort()).toEqual(before.sort());
  expect(await said()).toEqual(known);
  wire.socket.close();
});
