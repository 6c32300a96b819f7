import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { makeAlbum, scan, scanSamples } from './album.ts';
import { type Kith, openKith, settle } from './host.ts';

// The guide through the first folder: each step is over when it was done, and none of it comes again.

let kith: Kith;

test.beforeAll(async () => {
  kith = await openKith(await settle(await mkdtemp(join(tmpdir(), 'kith guide '))));
});
test.afterAll(async () => {
  await kith.stop();
  await rm(kith.folder, { recursive: true });
});

test('leads from the first name to a question and to how mistakes are corrected, once', async ({ page }) => {
  const wire = await kith.wire();
  await scan(wire, await makeAlbum(join(kith.folder, 'album')));
  wire.socket.close();
  await page.goto(kith.address);
  const guide = page.getByRole('region', { name: 'First steps' });
  const next = guide.locator('[aria-current=step]').getByRole('heading');
  await expect(next).toHaveText('Name somebody');
  await expect(guide.getByRole('heading')).toHaveCount(3);
  const nobody = page.getByText('Nobody is named yet.');

  await test.step('a name', async () => {
    await page.getByRole('list', { name: 'Who is this?' }).getByRole('textbox').first().click();
    await page.keyboard.type('Anna');
    await page.keyboard.press('Enter');
    await expect(next).toHaveText('Answer a question');
    await expect(guide.getByRole('heading', { name: 'Name somebody (done)' })).toBeVisible();
  });

  await test.step('taken back, it stays learnt', async () => {
    await page.keyboard.press('Control+Z');
    await expect(nobody).toBeVisible();
    await expect(next).toHaveText('Answer a question');
    await page.keyboard.press('Control+Shift+Z');
    await expect(nobody).toBeHidden();
  });

  await test.step('a question', async () => {
    await guide.getByRole('link', { name: 'Show me a question' }).click();
    await page.getByRole('button', { name: /Stranger/ }).click();
    await page.goBack();
    await expect(next).toHaveText('Correct what is wrong');
    await expect(guide).toContainText('Ctrl+Z takes back');
  });

  await test.step('and no more of it, on another visit either', async () => {
    await guide.getByRole('button', { name: 'Got it' }).click();
    await expect(guide).toBeHidden();
    await page.reload();
    await expect(page.getByRole('heading', { name: 'Who is this?' })).toBeVisible();
    await expect(guide).toBeHidden();
  });
});

test('says nothing of questions where there are none, and is closed for good by whoever wants none', async ({
  page,
}) => {
  const other = await openKith(await settle(await mkdtemp(join(tmpdir(), 'kith guide '))));
  const guide = page.getByRole('region', { name: 'First steps' });
  try {
    await scanSamples(other);
    await page.goto(other.address);
    await page.getByRole('textbox', { name: 'Somebody without a name, 2 faces' }).click();
    await page.keyboard.type('Anna');
    await page.keyboard.press('Enter');
    await expect(guide.locator('[aria-current=step]')).toContainText('Correct what is wrong');
    await page.getByRole('button', { name: 'No guide, thanks' }).click();
    await expect(guide).toBeHidden();
    await page.reload();
    await expect(page.getByRole('link', { name: /^Anna/ })).toBeVisible();
    await expect(guide).toBeHidden();
  } finally {
    await other.stop();
    await rm(other.folder, { recursive: true });
  }
});
