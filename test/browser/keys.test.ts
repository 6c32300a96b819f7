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

test('Ctrl+Y redoes, and keys are told in words', async ({ page }) => {
  const wire = await kith.wire();
  const names = async () => (await wire.call('people.list', {})).items.map(({ name }) => name);
  await page.goto(kith.address);
  await expect(page.getByRole('list', { name: 'People' }).getByRole('link').first()).toBeVisible();
  const before = await names();
  await wire.call('people.rename', {
    id: (await wire.call('people.list', {})).items[0]!.id,
    name: 'Renamed',
    merge: false,
  });
  await page.keyboard.press('Control+z');
  await expect.poll(names).toEqual(before);
  await page.keyboard.press('Control+y');
  await expect.poll(names).toContain('Renamed');
  await page.keyboard.press('Control+z');
  await expect.poll(names).toEqual(before);
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('option', { name: 'Undo Control Z' })).toBeVisible();
  for (const screen of ['people', 'history', 'settings', 'photos']) {
    await page.goto(`${new URL(kith.address).origin}/#/${screen}`);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    expect(await page.locator('body').ariaSnapshot()).not.toContain('$mod');
    expect(await page.locator('[aria-keyshortcuts*="$"]').count()).toBe(0);
  }
  wire.socket.close();
});

test('somebody who is hidden is suggested nowhere, and found by the whole name', async () => {
  const wire = await kith.wire();
  await wire.call('settings.set', { ask: 0.01 });
  // Name single faces until Kith has a question about somebody.
  const doubtful = async () => (await wire.call('people.list', {})).items.find(({ ask }) => ask > 0);
  for (const [at, { id }] of (await wire.call('groups.alone', {})).items.entries()) {
    if (await doubtful()) break;
    await wire.call('name', { faces: [id], name: `Somebody ${at}` });
  }
  const asked = (await doubtful())!;
  const questions = async () => (await wire.call('library.overview', {})).questions;
  const before = await questions();
  await wire.call('people.rename', { id: asked.id, name: 'Quentin Quill', merge: false });
  const found = async (text: string) => (await wire.call('people.search', { text })).map(({ id }) => id);
  expect(await found('Quent')).toEqual([asked.id]);
  await wire.call('people.hide', { ids: [asked.id], hidden: true });
  expect(await found('Quent')).toEqual([]);
  expect(await found('Quentin Quill')).toEqual([asked.id]);
  expect(await questions()).toBeLessThan(before);
  const cards = (await wire.call('groups.list', {})).items;
  expect(cards.map(({ maybe }) => maybe?.id)).not.toContain(asked.id);
  const { question } = await wire.call('review.next', {});
  expect(JSON.stringify(question)).not.toContain('Quentin');
  await wire.call('people.hide', { ids: [asked.id], hidden: false });
  expect(await questions()).toBe(before);
  wire.socket.close();
});
