import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import type { PhotoId } from '../../electron/contract/ids.ts';
import type { Page as Wire } from '../e2e/page.ts';
import { scanSamples } from './album.ts';
import { type Kith, openKith, settle } from './host.ts';

// Somebody without a visible face is put on a photo, found, and taken off again, from the keyboard; held against the record.

let kith: Kith;
let wire: Wire;
const ADD = 'Add somebody without a visible face';

test.beforeEach(async () => {
  kith = await openKith(await settle(await mkdtemp(join(tmpdir(), 'kith without face '))));
  await scanSamples(kith);
  wire = await kith.wire();
  const { faces } = await wire.call('photos.get', { id: 2 as PhotoId });
  await wire.call('name', { faces: [faces[0]!.id], name: 'Dora Maar' });
});
test.afterEach(async () => {
  wire.socket.close();
  await kith.stop();
  await rm(kith.folder, { recursive: true });
});

const on = async (id: number) =>
  (await wire.call('photos.get', { id: id as PhotoId })).withoutFace.map(({ name }) => name);

async function look(page: Page, id: number) {
  await page.goto(kith.address);
  await page.goto(`${new URL(kith.address).origin}/#/photo/${id}`);
  await expect(page.locator('main img').first()).toBeVisible();
  return page.getByRole('region', { name: 'People without a visible face' });
}

test('a name is typed and completed, stands below the photo, and is taken off and put back', async ({
  page,
}) => {
  const row = await look(page, 1);
  await expect(row).toHaveCount(0);
  await page.keyboard.press('a');
  const field = row.getByRole('combobox', { name: ADD });
  await expect(field).toBeFocused();
  await field.fill('Dora');
  await expect(page.getByRole('option').first()).toContainText('Dora Maar');
  await page.keyboard.press('Enter');
  await expect(page.getByText('Added Dora Maar to this photo')).toBeVisible();
  await expect(row.getByRole('link', { name: 'Dora Maar' })).toBeVisible();
  expect(await on(1)).toEqual(['Dora Maar']);

  // The keyboard is where the next one is added; a new name is a new person.
  await expect(row.getByRole('button', { name: ADD })).toBeFocused();
  await page.keyboard.press('Enter');
  await page.keyboard.type('Émile');
  await page.keyboard.press('Enter');
  await expect(row.getByRole('listitem')).toHaveText(['Dora Maar', 'Émile']);
  expect(await on(1)).toEqual(['Dora Maar', 'Émile']);

  await row.getByRole('button', { name: 'Take Dora Maar off this photo' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByText('Took Dora Maar off this photo')).toBeVisible();
  expect(await on(1)).toEqual(['Émile']);
  const notice = page.locator('[data-sonner-toast]').filter({ hasText: 'Took Dora Maar' });
  await notice.getByRole('button', { name: 'Undo', exact: true }).click();
  await expect(row.getByRole('listitem')).toHaveText(['Dora Maar', 'Émile']);
  expect(await on(1)).toEqual(['Dora Maar', 'Émile']);

  await page.keyboard.press('i');
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes[0]!.html])).toEqual([]);
});

test('who is on the photo by a face is not put there too, and that is said; Escape leaves the field', async ({
  page,
}) => {
  const row = await look(page, 2);
  await page.getByRole('button', { name: ADD }).click();
  await row.getByRole('combobox').fill('dora maar');
  await page.keyboard.press('Enter');
  await expect(page.getByText('one of the faces has the name')).toBeVisible();
  expect(await on(2)).toEqual([]);
  await expect(row.getByRole('combobox')).toHaveValue('dora maar');
  await row.getByRole('combobox').press('Escape');
  await expect(row).toHaveCount(0);
  await expect(page.getByRole('button', { name: ADD })).toBeFocused();
});

test('the person’s page, a search and the history have the photo', async ({ page }) => {
  const { person } = await wire.call('photos.putPerson', { id: 1 as PhotoId, name: 'Émile' });
  await wire.call('photos.putPerson', { id: 3 as PhotoId, name: 'Émile' });
  await look(page, 1);
  await page.getByRole('link', { name: 'Émile' }).first().click();
  await expect(page.getByRole('heading', { level: 1, name: 'Émile' })).toBeVisible();
  await expect(page.getByRole('list', { name: 'Photos' }).getByRole('link')).toHaveCount(2);
  const origin = new URL(kith.address).origin;
  await page.goto(`${origin}/#/search?q=${encodeURIComponent(`person:"#${person.id}"`)}`);
  await expect(page.getByRole('list', { name: 'Photos that were found' }).getByRole('link')).toHaveCount(2);
  await page.goto(`${origin}/#/history`);
  const latest = page.locator('.entry').first();
  await expect(latest).toContainText('Added Émile to a photo');
  await expect(latest.locator('img')).toHaveAttribute('src', /photo\/3/);
  await latest.getByRole('button', { name: /^Undo/ }).click();
  await expect.poll(() => on(3)).toEqual([]);
});
