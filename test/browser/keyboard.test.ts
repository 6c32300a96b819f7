import { readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { sixPhotos } from '../fixtures/sample-faces.ts';
import { type Kith, openKith, settle } from './host.ts';

let kith: Kith;

test.beforeAll(async () => {
  kith = await openKith(await settle(await mkdtemp(join(tmpdir(), 'kith keyboard '))));
  // Hardly anybody on the six photos is like anybody else, so Kith would ask nothing.
  const wire = await kith.wire();
  await wire.call('settings.set', { ask: 0.01 });
  wire.socket.close();
});
test.afterAll(async () => {
  await kith.stop();
  await rm(kith.folder, { recursive: true });
});

/** Presses Tab until the focus is on what is called so. */
async function tabTo(page: Page, called: RegExp): Promise<void> {
  for (let presses = 0; presses < 80; presses++) {
    await page.keyboard.press('Tab');
    const name = await page.evaluate(() => {
      const { activeElement: at } = document;
      return at?.getAttribute('aria-label') ?? at?.textContent?.trim() ?? '';
    });
    if (called.test(name)) return;
  }
  throw new Error(`Expected Tab to come to ${called}`);
}

/** The latest entry of the journal. */
async function lastAction(): Promise<string | undefined> {
  const wire = await kith.wire();
  const { items } = await wire.call('journal.list', {});
  wire.socket.close();
  return items[0]?.action;
}

test('from welcome to exported faces without a mouse', async ({ page }) => {
  const ledger = page.getByRole('status').filter({ hasText: 'is now on' });
  await page.goto(kith.address);
  await expect(page.getByRole('heading', { name: 'Drop a folder of photos' })).toBeVisible();
  await tabTo(page, /^Choose a folder$/);
  await page.keyboard.press('Enter');
  await tabTo(page, /^Path of the folder$/);
  await page.keyboard.press('Control+A');
  await page.keyboard.type(await sixPhotos(kith.folder));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Everything was looked at' })).toBeVisible({
    timeout: 90_000,
  });
  await tabTo(page, /^See the people$/);
  await page.keyboard.press('Enter');

  await expect(page.getByRole('heading', { name: 'People' })).toBeVisible();
  await tabTo(page, /^Somebody without a name, 2 faces$/);
  await page.keyboard.type('Anna');
  await page.keyboard.press('Enter');
  await expect(ledger).toContainText('Anna is now on 2 photos');
  await page.keyboard.press('Control+Z');
  await expect(page.getByText('Taken back: Named Anna')).toBeVisible();
  await page.keyboard.press('Control+Shift+Z');
  await expect(page.getByText('Done again: Named Anna')).toBeVisible();

  await tabTo(page, /^Show 20 faces$/);
  await page.keyboard.press('Enter');
  await tabTo(page, /^Face without a name$/);
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('x');
  await expect(page.getByText('1 selected')).toBeVisible();
  await page.keyboard.press('n');
  await page.keyboard.type('Bella');
  await page.keyboard.press('Enter');
  await expect(ledger).toContainText('Bella is now on 1 photo');

  await page.keyboard.press('Control+3');
  // On six photos nobody else is rather one of both: what is left is looked over.
  await expect(page.getByRole('heading', { name: /^Done\. / })).toBeVisible();
  await page.keyboard.press('l');
  await tabTo(page, /^(Anna|Bella)\? /);
  await page.keyboard.press('Space');
  await expect(page.getByRole('button', { pressed: true })).toHaveCount(1);
  await page.keyboard.press('Enter');
  await expect.poll(lastAction).toBe('confirm');
  await page.keyboard.press('Control+Z');
  await expect(page.getByText(/^Taken back: /)).toBeVisible();
  await page.keyboard.press('Shift+?');
  await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);

  await page.keyboard.press('Control+K');
  await expect(page.getByRole('dialog', { name: 'Find an action' })).toBeVisible();
  await page.keyboard.type('Export');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Export', exact: true })).toBeVisible();
  await tabTo(page, /^Export$/);
  await page.keyboard.press('Enter');
  await expect(page.getByText('3 faces were written.')).toBeVisible({ timeout: 60_000 });
  const said = await page.getByText('They are in ').textContent();
  const folder = said!.trim().replace(/^They are in /, '');
  expect(readdirSync(join(folder, 'Anna'))).toHaveLength(2);
  expect(readdirSync(join(folder, 'Bella'))).toHaveLength(1);
});
