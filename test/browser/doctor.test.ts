import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from '@playwright/test';
import { scanSamples } from './album.ts';
import { type Kith, openKith, settle } from './host.ts';

let kith: Kith;

test.beforeEach(async () => {
  kith = await openKith(await settle(await mkdtemp(join(tmpdir(), 'kith doctor '))));
  await scanSamples(kith);
});
test.afterEach(async () => {
  await kith.stop();
  await rm(kith.folder, { recursive: true });
});

test('a damaged library is checked and repaired, with a copy first', async ({ page }) => {
  await kith.stop();
  const database = new DatabaseSync(kith.library);
  database.exec('INSERT INTO groups (id) VALUES (90001), (90002)');
  database.close();
  kith = await openKith(kith);
  await page.goto(kith.address);
  await page.goto(`${new URL(page.url()).origin}/#/settings`);
  const check = page.getByRole('button', { name: 'Check now' });
  await check.click();
  const finding = page.getByRole('listitem').filter({ hasText: 'Groups without a face' });
  await expect(finding).toContainText('2');
  await page.getByRole('button', { name: 'Repair' }).click();
  await expect(page.getByText('What could be repaired is repaired.')).toBeVisible();
  await expect(finding).toHaveCount(0);
  await expect(page.getByText('before a repair')).toBeVisible();
  await check.click();
  await expect(page.getByText('Everything is in order.')).toBeVisible();
});
