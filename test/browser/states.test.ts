import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { scanSamples } from './album.ts';
import { type Kith, openKith, settle } from './host.ts';
import { expectMissed, expectTree, steady } from './looks.ts';
import { rest } from './screens.ts';

// What screens show where there is nothing yet, where what was asked for is not there, and where something fails.

let kith: Kith;

test.beforeEach(async ({ page }) => {
  kith = await openKith(await settle(await mkdtemp(join(tmpdir(), 'kith states '))));
  await page.goto(kith.address);
});
test.afterEach(async () => {
  await kith.stop();
  await rm(kith.folder, { recursive: true });
});

/** Goes to an address of the page, and holds what is there against the tree of this name. */
async function look(page: Page, name: string, hash?: string): Promise<void> {
  if (hash !== undefined) await page.goto(`${new URL(kith.address).origin}/${hash}`);
  await page.locator('main h1').first().waitFor();
  await rest(page);
  await steady(page, kith.folder);
  await expectTree(page, name);
}

test('an empty library: each screen says what to do, or that there is nothing', async ({ page }) => {
  for (const screen of [
    'people',
    'photos',
    'review',
    'compare',
    'export',
    'history',
    'unreadable',
    'welcome',
  ])
    await look(page, `empty-${screen}`, `#/${screen}`);
  expect(await expectMissed(page, 'empty-welcome', null)).toBe(true);
});

test('nobody has a name yet, and nothing that was asked for is there', async ({ page }) => {
  await scanSamples(kith);
  await look(page, 'unnamed-people', '#/people');
  await look(page, 'unnamed-review', '#/review');
  for (const screen of ['person', 'group', 'photo']) await look(page, `gone-${screen}`, `#/${screen}/9999`);
});

test('a copy that is not there, and a host that has gone', async ({ page }) => {
  await page.goto(`${new URL(kith.address).origin}/#/settings`);
  await page.getByRole('textbox', { name: 'Path of the copy', exact: true }).fill('/nowhere/library.kith');
  await page.getByRole('button', { name: 'Look inside' }).click();
  await page.getByRole('alert').waitFor();
  await look(page, 'refused-copy');
  await kith.stop();
  await page.getByRole('alert').filter({ hasText: 'The connection to Kith is lost' }).waitFor();
  await look(page, 'lost-connection');
});

test('a scan that has looked at everything', async ({ page }) => {
  await page.getByRole('button', { name: 'Try the sample photos' }).click();
  await page.getByRole('heading', { name: 'Everything was looked at' }).waitFor({ timeout: 90_000 });
  await page.getByRole('link', { name: 'See the people' }).waitFor();
  await look(page, 'scan-done');
});
