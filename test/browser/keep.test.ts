import { readdirSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { NO_PERL } from '../metadata/perl.ts';
import { openWithAnna } from './album.ts';
import type { Kith } from './host.ts';

// The switch that keeps the names in a folder's metadata up to date.

let kith: Kith;
let photos: string;

test.beforeEach(async () => {
  ({ kith, photos } = await openWithAnna('kith keep '));
});
test.afterEach(async () => {
  await kith.stop();
  await rm(kith.folder, { recursive: true });
});

const sidecars = () => readdirSync(photos).filter((name) => name.endsWith('.xmp'));

test('names are kept up to date by a switch, worked by keys alone, and taken out after it is off', async ({
  page,
}) => {
  test.skip(NO_PERL !== null, NO_PERL ?? '');
  await page.goto(kith.address);
  await page.goto(`${new URL(page.url()).origin}/#/settings`);
  const section = page.locator('section', {
    has: page.getByRole('heading', { name: 'Names in the photos’ metadata' }),
  });
  const group = section.getByRole('radiogroup', { name: `Keep the names in ${basename(photos)} up to date` });
  await expect(group.getByRole('radio', { name: 'Off' })).toBeChecked();

  // Nothing is written before the choices are made.
  await group.getByRole('radio', { name: 'Off' }).focus();
  await page.keyboard.press('ArrowLeft');
  await expect(group.getByRole('radio', { name: 'On' })).toBeChecked();
  await expect(section.getByRole('button', { name: 'Keep them up to date' })).toBeVisible();
  expect((await new AxeBuilder({ page }).include('main').analyze()).violations).toEqual([]);
  expect(sidecars()).toEqual([]);
  await page.keyboard.press('Tab');
  await expect(section.getByRole('radio', { name: 'All programs' })).toBeFocused();
  for (let at = 0; at < 3; at++) await page.keyboard.press('ArrowDown');
  await expect(section.getByRole('radio', { name: 'Immich and PhotoPrism' })).toBeChecked();
  await section.getByRole('button', { name: 'Keep them up to date' }).press('Enter');

  await expect(section.getByText('Up to date', { exact: true })).toBeVisible({ timeout: 20_000 });
  await expect(section.getByText('Beside the photos · Immich and PhotoPrism')).toBeVisible();
  expect(sidecars().length).toBeGreaterThan(0);
  const text = await readFile(join(photos, sidecars()[0]!), 'utf8');
  expect(text).toContain('<mwg-rs:Name>Anna</mwg-rs:Name>');
  expect(text).not.toContain('TagsList');
  expect((await new AxeBuilder({ page }).include('main').analyze()).violations).toEqual([]);

  // A new name follows by itself, and the page says how far that is.
  const wire = await kith.wire();
  const [anna] = await wire.call('people.search', { text: 'Anna' });
  await wire.call('people.rename', { id: anna!.id, name: 'Hanna' });
  wire.socket.close();
  await expect(section.getByText('Waiting', { exact: true })).toBeVisible();
  await expect(section.getByText('Up to date', { exact: true })).toBeVisible({ timeout: 40_000 });
  expect(await readFile(join(photos, sidecars()[0]!), 'utf8')).toContain('<mwg-rs:Name>Hanna</mwg-rs:Name>');

  await group.getByRole('radio', { name: 'On' }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(page.getByText('The names stay in the metadata')).toBeVisible();
  await expect(group.getByRole('radio', { name: 'Off' })).toBeChecked();
  expect(sidecars().length).toBeGreaterThan(0);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(sidecars).toEqual([]);
});
