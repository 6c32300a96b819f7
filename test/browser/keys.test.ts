import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { scanSamples } from './album.ts';
import { type Kith, openKith, settle } from './host.ts';

let kith: Kith;

test.beforeAll(async () => {
  kith = await openKith(await settle(await mkdtemp(join(tmpdir(), 'kith keys '))));
  await scanSamples(kith);
});
test.afterAll(async () => {
  await kith.stop();
  await rm(kith.folder, { recursive: true });
});

test('single keys can be switched off, and nothing is told of them then', async ({ page }) => {
  const wire = await kith.wire();
  // Who the group is remains a question.
  const [alone] = (await wire.call('groups.alone', {})).items;
  await wire.call('name', { faces: [alone!.id], name: 'Anna' });
  const entries = async () => (await wire.call('journal.list', {})).total;
  const before = await entries();
  const off = page
    .getByRole('radiogroup', { name: 'Single keys' })
    .getByRole('radio', { name: 'Off', exact: true });
  const on = page
    .getByRole('radiogroup', { name: 'Single keys' })
    .getByRole('radio', { name: 'On', exact: true });
  const skip = page.getByRole('button', { name: 'Skip' });
  const context = page.getByRole('button', { name: 'Show the whole photo' });

  await page.goto(kith.address);
  await expect(page.getByRole('list', { name: 'People' }).getByText('Anna')).toBeVisible();
  await page.keyboard.press('Control+,');
  await expect(on).toBeChecked();
  await off.click();
  await expect(off).toBeChecked();
  await expect.poll(async () => (await wire.call('settings.get', {})).keys).toBe(false);

  await test.step('no letter does anything', async () => {
    await page.keyboard.press('Control+3');
    await expect(skip).toBeVisible();
    await expect(context).toBeVisible();
    for (const key of ['y', 'n', 'e', 's', 'i', 'p', 'z', 'Shift+?']) await page.keyboard.press(key);
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await expect(context).toHaveAttribute('aria-expanded', 'false');
    expect(await entries()).toBe(before);
    await page.keyboard.press('Control+1');
    await page.getByRole('list', { name: 'People' }).getByRole('link').first().focus();
    await page.keyboard.press('x');
    await expect(page.getByText('1 selected')).toHaveCount(0);
    await page.keyboard.press(' ');
    await expect(page.getByText('1 selected')).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(page.getByText('1 selected')).toHaveCount(0);
  });

  await test.step('no button and no list names one', async () => {
    await page.keyboard.press('Control+3');
    await expect(skip).toBeVisible();
    await expect(page.locator('main kbd')).toHaveCount(0);
    await expect(page.locator('main [aria-keyshortcuts]')).toHaveCount(0);
    await page.keyboard.press('Control+K');
    await page.keyboard.type('Show the keys');
    await page.keyboard.press('Enter');
    const list = page.getByRole('dialog', { name: 'Keys' });
    await expect(list).toContainText('Single keys are switched off in Settings.');
    await expect(list.getByText('Control Z', { exact: true })).toHaveCount(1);
    await expect(list.getByText('Skip')).toHaveCount(0);
    await page.keyboard.press('Escape');
    await expect(list).toHaveCount(0);
  });

  await test.step('they are there again once they are switched on', async () => {
    await page.keyboard.press('Control+,');
    await on.click();
    await page.keyboard.press('Control+3');
    await expect(skip).toHaveAttribute('aria-keyshortcuts', 'S');
    await page.keyboard.press('Shift+?');
    const list = page.getByRole('dialog', { name: 'Keys' });
    await expect(list.getByText('Question mark', { exact: true })).toHaveCount(1);
    await page.keyboard.press('Escape');
    await expect(list).toHaveCount(0);
    await page.keyboard.press('p');
    await expect(context).toHaveAttribute('aria-expanded', 'true');
  });
  wire.socket.close();
});
