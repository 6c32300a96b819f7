import { copyFile, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { samples } from '../golden/models-reference.ts';
import { scan } from './album.ts';
import { type Kith, openKith, settle } from './host.ts';

// Photos as one looks at them, and what is put right on them, in a real browser; held against the record.

let kith: Kith;
let folder: string;

test.beforeAll(async () => {
  const place = await settle(await mkdtemp(join(tmpdir(), 'kith photos ')));
  folder = join(place.folder, 'photos');
  await mkdir(folder);
  for (const { path } of samples) await copyFile(path, join(folder, basename(path)));
  kith = await openKith(place);
  const wire = await kith.wire();
  await scan(wire, folder);
  wire.socket.close();
});
test.afterAll(async () => {
  await kith.stop();
  await rm(kith.folder, { recursive: true });
});

async function facesOf(id: number) {
  const wire = await kith.wire();
  const { faces } = await wire.call('photos.get', { id: id as never });
  wire.socket.close();
  return faces;
}

/** Opens the page at a photo, and waits until it can be seen. */
async function look(page: Page, id: number) {
  await page.goto(kith.address);
  await page.goto(`${new URL(kith.address).origin}/#/photo/${id}`);
  const picture = page.locator('main img').first();
  await expect(picture).toBeVisible();
  return picture;
}

test('photos are opened, turned over from the keyboard, and left where one was', async ({ page }) => {
  await page.goto(kith.address);
  await expect(page.getByRole('heading', { name: 'People' })).toBeVisible();
  await page.keyboard.press('Control+2');
  const photos = page.getByRole('list', { name: 'Photos' }).getByRole('link');
  await expect(photos).toHaveCount(6);
  await photos.nth(1).click();
  const title = page.getByRole('heading', { level: 1 });
  // The list stays until the photo is there.
  await expect(title).not.toHaveText('Photos');
  const first = await title.textContent();
  await expect(title).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await expect(title).not.toHaveText(first!);
  await expect(title).toBeFocused();
  await page.keyboard.press('ArrowLeft');
  await expect(title).toHaveText(first!);
  await page.keyboard.press('Escape');
  await expect(photos).toHaveCount(6);
});

test('a photo is zoomed from the keyboard, by double click and by wheel, and never smaller than its window', async ({
  page,
}) => {
  const picture = await look(page, 1);
  const width = async () => Math.round((await picture.boundingBox())!.width);
  const fitting = await width();
  await page.keyboard.press('-');
  await page.keyboard.press('+');
  await expect.poll(width).toBeGreaterThan(fitting * 1.3);
  await page.keyboard.press('0');
  await expect.poll(width).toBe(fitting);
  const { x, y } = (await picture.boundingBox())!;
  await page.mouse.move(x + 10, y + 10);
  await page.mouse.wheel(0, -200);
  await expect.poll(width).toBeGreaterThan(fitting);
  await page.keyboard.press('0');
  await expect.poll(width).toBe(fitting);
  await page.mouse.dblclick(x + 10, y + 10);
  await expect.poll(width).toBe(Math.round(fitting * 2.5));
  // However far it is dragged, it stays within its window.
  await page.mouse.down();
  await page.mouse.move(x + 700, y + 500, { steps: 5 });
  await page.mouse.up();
  const after = (await picture.boundingBox())!;
  expect(after.x).toBeLessThan(x + 700);
  expect(after.x + after.width).toBeGreaterThan(x);
  await page.keyboard.press('0');
  await expect.poll(async () => Math.round((await picture.boundingBox())!.x)).toBe(Math.round(x));
});

test('a face is named, ignored and counted again where it is on the photo', async ({ page }) => {
  await look(page, 2);
  const [face] = await facesOf(2);
  const now = async () => (await facesOf(2)).find(({ id }) => id === face!.id)!;
  const box = page.locator(`[data-face="${face!.id}"]`);
  await box.click();
  await page.keyboard.type('Dora');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('status').filter({ hasText: 'Dora is now on' })).toBeVisible();
  expect(await now()).toMatchObject({ status: 'confirmed', person: { name: 'Dora' } });
  await expect(box).toHaveAccessibleName('Face of Dora');
  await expect(box).toBeFocused();
  await page.keyboard.press('Enter');
  const about = page.getByRole('dialog', { name: 'Face of Dora' });
  await about.getByRole('button', { name: 'Not Dora' }).click();
  await expect.poll(now).toMatchObject({ person: null });
  await box.click();
  await page.getByRole('dialog').getByRole('button', { name: 'Stranger: don’t ask again' }).click();
  await expect.poll(now).toMatchObject({ status: 'ignored' });
  await box.click();
  await page.getByRole('dialog').getByRole('button', { name: 'Count it again' }).click();
  await expect.poll(now).toMatchObject({ status: 'none' });
});

test('a missed face is drawn with the pointer or from the keyboard, and taken back', async ({ page }) => {
  const picture = await look(page, 3);
  const before = await facesOf(3);
  const { box } = before[0]!;
  const { x, y, width, height } = (await picture.boundingBox())!;
  await page.keyboard.press('d');
  await expect(page.getByRole('heading', { name: 'Draw a box around the face' })).toBeVisible();
  await page.mouse.move(x + (box.x + 0.01) * width, y + box.y * height);
  await page.mouse.down();
  await page.mouse.move(x + (box.x + box.width) * width, y + (box.y + box.height) * height, { steps: 3 });
  await page.mouse.up();
  // Its name is asked for at once.
  await expect(page.getByRole('dialog').getByRole('combobox')).toBeVisible({ timeout: 30_000 });
  const after = await facesOf(3);
  expect(after).toHaveLength(before.length + 1);
  const drawn = after.find(({ id }) => !before.some((face) => face.id === id))!;
  expect(drawn.box.x).toBeCloseTo(box.x + 0.01, 2);
  expect(drawn.box.width).toBeCloseTo(box.width - 0.01, 2);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+z');
  await expect.poll(() => facesOf(3)).toHaveLength(before.length);

  await page.keyboard.press('d');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await expect.poll(() => facesOf(3), { timeout: 30_000 }).toHaveLength(before.length + 1);
  await expect(page.getByRole('dialog').getByRole('combobox')).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+z');
  await expect.poll(() => facesOf(3)).toHaveLength(before.length);
});

test('faces are moved out of a group, and the group is named', async ({ page }) => {
  const wire = await kith.wire();
  const alone = (await wire.call('groups.alone', {})).items;
  // Nobody is on a photo twice, so they are of three.
  const faces = [...new Map(alone.map(({ photo, id }) => [photo, id])).values()].slice(0, 3);
  await wire.call('groups.move', { faces, to: null });
  const [moved] = await wire.call('faces.get', { ids: faces });
  await page.goto(kith.address);
  await page.goto(`${new URL(kith.address).origin}/#/group/${moved!.group}`);
  await expect(page.getByText('3 faces', { exact: true })).toBeVisible();
  await page.getByRole('list', { name: 'Faces' }).getByRole('link').first().focus();
  await page.keyboard.press('x');
  await page.keyboard.press('s');
  await expect(page.getByText('2 faces', { exact: true })).toBeVisible();
  await page.getByRole('combobox', { name: 'Somebody without a name, 2 faces' }).fill('Emil');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Emil' })).toBeVisible();
  const [emil] = await wire.call('people.search', { text: 'Emil' });
  wire.socket.close();
  expect(emil!.confirmed).toBe(2);
});

test('a photo whose file has gone says so, and is shown again when it is back', async ({ page }) => {
  const path = join(folder, basename(samples[5]!.path));
  const wire = await kith.wire();
  const { items } = await wire.call('photos.list', {});
  wire.socket.close();
  const { id } = items.find(({ name }) => name === basename(path))!;
  await rename(path, `${path}.away`);
  await page.goto(kith.address);
  await page.goto(`${new URL(kith.address).origin}/#/photo/${id}`);
  await expect(page.getByRole('heading', { name: 'This photo can’t be shown' })).toBeVisible();
  await rename(`${path}.away`, path);
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.locator('main img').first()).toBeVisible();
});
