import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { makeAlbum, scan } from './album.ts';
import { type Kith, openKith, settle } from './host.ts';

// What can be done with an item, by the right button or the key for it: what the bar of the selection offers.

let kith: Kith;

test.beforeAll(async () => {
  kith = await openKith(await settle(await mkdtemp(join(tmpdir(), 'kith menu '))));
  const wire = await kith.wire();
  await scan(wire, await makeAlbum(join(kith.folder, 'album')));
  wire.socket.close();
});
test.afterAll(async () => {
  await kith.stop();
  await rm(kith.folder, { recursive: true });
});

const menu = (page: Page) => page.getByRole('menu');
const lines = (page: Page) => menu(page).getByRole('menuitem').allTextContents();
const chosen = (page: Page) => page.locator('[data-select].selected');

test('a photo, and several', async ({ page }) => {
  await page.goto(kith.address);
  await page.getByRole('link', { name: 'Photos', exact: true }).click();
  const photos = page.locator('[data-select^="photo:"]');

  await photos.nth(3).click({ button: 'right' });
  expect(await lines(page)).toEqual(['Open', 'Export', 'Show only these']);
  await expect(chosen(page)).toHaveCount(1);
  await page.keyboard.press('Escape');
  await expect(menu(page)).toBeHidden();
  // The menu is closed by that key, and nothing else happens.
  await expect(chosen(page)).toHaveCount(1);

  await photos
    .nth(1)
    .getByRole('link')
    .click({ modifiers: ['Shift'] });
  await photos
    .nth(4)
    .getByRole('link')
    .click({ modifiers: ['ControlOrMeta'] });
  const several = await chosen(page).count();
  expect(several).toBeGreaterThan(1);
  await photos.nth(4).click({ button: 'right' });
  await expect(chosen(page)).toHaveCount(several);
  await menu(page).getByRole('menuitem', { name: 'Show only these' }).click();
  await expect(page.locator('[data-select^="photo:"]')).toHaveCount(several);

  await page.goBack();
  await photos.nth(0).getByRole('link').focus();
  await page.keyboard.press('Shift+F10');
  await expect(menu(page)).toBeVisible();
  await page.keyboard.press('Home');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/#\/photo\/\d+/);
});

test('a group: named and hidden from its menu; a field keeps the menu of the browser', async ({ page }) => {
  await page.goto(kith.address);
  await page.getByRole('link', { name: 'People', exact: true }).click();
  const group = page.locator('[data-select^="group:"]').first();
  const which = await group.getAttribute('data-select');
  await group.getByRole('textbox').click({ button: 'right' });
  await expect(menu(page)).toBeHidden();

  await group.locator('a').click({ button: 'right' });
  expect(await lines(page)).toEqual(['Open', 'Name', 'Stranger: don’t ask again', 'Not a face', 'Hide']);
  await menu(page).getByRole('menuitem', { name: 'Hide' }).click();
  await expect(page.locator(`[data-select="${which}"]`)).toHaveCount(0);
  await page.keyboard.press('Control+Z');
  await expect(page.locator(`[data-select="${which}"]`)).toHaveCount(1);

  await page.locator(`[data-select="${which}"] a`).click({ button: 'right' });
  await menu(page).getByRole('menuitem', { name: 'Name' }).click();
  // The field gets the focus once the menu has closed: a letter that is typed before that is none of the name.
  await expect(page.locator('input:focus')).toBeVisible();
  await page.keyboard.type('Anna');
  await page.keyboard.press('Enter');
  const anna = page.locator('[data-select^="person:"]');
  await expect(anna).toHaveCount(1);
  await anna.locator('a').click({ button: 'right' });
  expect(await lines(page)).toEqual(['Open', 'Hide']);
  await menu(page).getByRole('menuitem', { name: 'Open' }).click();
  await expect(page.getByRole('heading', { name: 'Anna' })).toBeVisible();
});
