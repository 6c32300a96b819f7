import { readdirSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { NO_PERL } from '../metadata/perl.ts';
import { openWithAnna } from './album.ts';
import type { Kith } from './host.ts';

let kith: Kith;
let photos: string;

test.beforeEach(async () => {
  ({ kith, photos } = await openWithAnna('kith metadata '));
});
test.afterEach(async () => {
  await kith.stop();
  await rm(kith.folder, { recursive: true });
});

const sidecars = () => readdirSync(photos).filter((name) => name.endsWith('.xmp'));

test('names are shown before they are written beside the photos, and taken back', async ({ page }) => {
  test.skip(NO_PERL !== null, NO_PERL ?? '');
  await page.goto(kith.address);
  await page.goto(`${new URL(page.url()).origin}/#/export`);
  await page.getByRole('radio', { name: 'Names, into the photos' }).click();
  const section = page.getByRole('main');
  await section.getByRole('radio', { name: 'Immich and PhotoPrism' }).click();
  await section.getByRole('button', { name: 'Show what would change' }).click();
  await expect(section.getByText(/files? would be written/)).toBeVisible();
  expect(sidecars()).toEqual([]);
  await section.getByText('File by file').click();
  await expect(section.getByRole('listitem').first()).toContainText('.jpg.xmp');
  await expect(section.getByRole('listitem').first()).toContainText('Anna');
  const listed = await section.getByRole('listitem').count();

  await section.getByRole('button', { name: 'Write the names' }).click();
  await expect(section.getByText(/files? (was|were) written/)).toBeVisible();
  expect(sidecars()).toHaveLength(listed);
  const text = await readFile(join(photos, sidecars()[0]!), 'utf8');
  expect(text).toContain('<mwg-rs:Name>Anna</mwg-rs:Name>');
  expect(text).not.toContain('TagsList');

  // The same again: nothing to do.
  await section.getByRole('button', { name: 'Write the names' }).click();
  await expect(section.getByText('Nothing to do')).toBeVisible();

  await page.goto(`${new URL(page.url()).origin}/#/history`);
  await expect(page.getByText('Wrote names into the metadata of photos').first()).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).first().click();
  await expect.poll(sidecars).toEqual([]);
});
