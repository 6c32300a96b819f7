import { copyFile, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, test } from '@playwright/test';
import sharp from 'sharp';
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

test('an empty folder, one without faces, and copies are told as they are, and old warnings once', async ({
  page,
}) => {
  const wire = await kith.wire();
  const place = async (name: string) => {
    const path = join(kith.folder, 'said', name);
    await mkdir(path, { recursive: true });
    return path;
  };
  const empty = await place('empty');
  const sky = await place('sky');
  await sharp({ create: { width: 400, height: 300, channels: 3, background: '#7ab' } })
    .jpeg()
    .toFile(join(sky, 'sky.jpg'));
  const twice = await place('twice');
  for (const name of ['one.jpg', 'two.jpg', 'three.jpg'])
    await copyFile(join(folder, 'phone1.jpg'), join(twice, name));
  await writeFile(join(twice, 'broken.jpg'), '');
  await page.goto(kith.address);
  await page.goto(`${new URL(kith.address).origin}/#/welcome`);
  // Until then the page hears of no scan.
  await expect(page.getByRole('heading', { name: 'Drop a folder of photos' })).toBeVisible();
  const warning = page.getByText('1 file could not be read');
  for (const [path, said, warns] of [
    [empty, 'There are no photos in this folder.', 0],
    [sky, '1 photo, and no face on it', 0],
    [twice, /4 files, 1 photo, 2 copies · \d+ faces/, 1],
    [sky, '1 photo, and no face on it', 0],
    [twice, /4 files, 1 photo, 2 copies · \d+ faces/, 0],
  ] as const) {
    await scan(wire, path);
    await expect(page.getByText(said)).toBeVisible();
    await expect(warning).toHaveCount(warns);
  }
  wire.socket.close();
});
