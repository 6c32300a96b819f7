import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import sharp from 'sharp';
import { filesOf, listedIn } from '../fixtures/exports.ts';
import { scanSamples } from './album.ts';
import { exportInto } from './export-into.ts';
import { type Kith, openKith, settle } from './host.ts';

// What the Export screen makes, seen on the disk.

let kith: Kith;
test.beforeAll(async () => {
  kith = await openKith(await settle(await mkdtemp(join(tmpdir(), 'kith export '))));
  await scanSamples(kith);
  const wire = await kith.wire();
  const { items } = await wire.call('photos.list', {});
  for (const [at, name] of ['Anna', 'Bella', 'Clara'].entries()) {
    const { faces } = await wire.call('photos.get', { id: items[at]!.id });
    await wire.call('name', { faces: [faces[0]!.id], name });
  }
  wire.socket.close();
});
test.afterAll(async () => {
  await kith.stop();
  await rm(kith.folder, { recursive: true });
});

async function open(page: Page, hash = '#/export'): Promise<void> {
  await page.goto(kith.address);
  await page.goto(`${new URL(page.url()).origin}/${hash}`);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
}

const exportTo = (page: Page, name: string) => exportInto(page, join(kith.folder, name));

test('a preset, a format, a pattern and a contact sheet are chosen, and that is what is written', async ({
  page,
}) => {
  await open(page);
  await page.getByRole('radio', { name: 'Passport' }).click();
  await expect(page.getByText('413 × 531 pixels')).toBeVisible();
  // A size is only asked for where the preset has none.
  await expect(page.getByRole('radiogroup', { name: 'Size in pixels' })).toHaveCount(0);
  await page.getByText('More', { exact: true }).click();
  await page.getByRole('radio', { name: 'PNG' }).click();
  const pattern = page.getByRole('textbox', { name: 'Names of the files' });
  await pattern.fill('{who}');
  await expect(page.getByText(/Only \{person\}/)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Export', exact: true })).toBeDisabled();
  await pattern.fill('{person} {number}');
  await expect(page.getByText('For example Anna 1.png')).toBeVisible();
  await page.getByRole('checkbox', { name: /^One PDF for each person/ }).check();
  const folder = await exportTo(page, 'passports');
  await expect(page.getByText('3 faces were written.')).toBeVisible();
  expect(readdirSync(join(folder, 'Anna')).toSorted()).toEqual(['Anna 1.png', 'contact sheet.pdf']);
  const { width, height, format } = await sharp(join(folder, 'Anna', 'Anna 1.png')).metadata();
  expect({ width, height, format }).toEqual({ width: 413, height: 531, format: 'png' });
  expect(readFileSync(join(folder, 'manifest.csv'), 'utf8')).toContain('Anna/Anna 1.png');
});

test('photos are copied with everybody hidden but the chosen', async ({ page }) => {
  await open(page);
  await page.getByRole('radio', { name: 'Photos, others hidden' }).click();
  await expect(page.getByRole('button', { name: 'Export', exact: true })).toBeDisabled();
  await page.getByRole('checkbox', { name: 'Anna' }).click();
  const folder = await exportTo(page, 'private');
  await expect(page.getByText('1 photo was exported.')).toBeVisible();
  await expect(page.getByText(/^\d faces are hidden on (it|them)\.$/)).toBeVisible();
  expect(filesOf(folder)).toHaveLength(1);
  expect((await sharp(join(folder, filesOf(folder)[0]!)).metadata()).exif).toBeUndefined();
});

test('a training set has train, val and test, aligned for an encoder', async ({ page }) => {
  await open(page);
  await page.getByRole('radio', { name: 'Training set' }).click();
  await expect(page.getByRole('radio', { name: '112' })).toBeChecked();
  await page.getByRole('radio', { name: 'Everybody, groups without a name too' }).click();
  await page.getByRole('radio', { name: '60 / 20 / 20' }).click();
  const folder = await exportTo(page, 'training');
  const files = filesOf(folder);
  expect(listedIn(folder)).toEqual(files);
  expect(files.every((file) => /^(train|val|test)\/[^/]+\/[^/]+\.jpg$/.test(file))).toBe(true);
  expect((await sharp(join(folder, files[0]!)).metadata()).width).toBe(112);
});

test('what a search finds is copied with everybody hidden whom it does not name', async ({ page }) => {
  await open(page, '#/export?q=Bella');
  await page.getByRole('radio', { name: 'The photos, others hidden' }).click();
  const folder = await exportTo(page, 'found');
  expect(filesOf(folder)).toHaveLength(1);
  await expect(page.getByText(/are hidden on/)).toBeVisible();
});

test('it fits a phone and a dark room, and breaks no rule of accessibility', async ({ page }) => {
  for (const [width, scheme] of [
    [390, 'light'],
    [390, 'dark'],
    [1280, 'light'],
    [1280, 'dark'],
  ] as const) {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme: scheme });
    await open(page);
    await page.getByText('More', { exact: true }).click();
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(wide).toBeLessThanOrEqual(0);
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
  }
});
