import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import type { FaceId, PersonId } from '../../electron/contract/ids.ts';
import type { Page as Wire } from '../e2e/page.ts';
import { scanSamples } from './album.ts';
import { type Kith, openKith, settle } from './host.ts';

// Nobody becomes somebody else unasked, whichever way two people are made one.

let kith: Kith;
let wire: Wire;
let anna: PersonId;
let ben: PersonId;

test.beforeEach(async ({ page }) => {
  kith = await openKith(await settle(await mkdtemp(join(tmpdir(), 'kith merge '))));
  await scanSamples(kith);
  wire = await kith.wire();
  const { items } = await wire.call('groups.alone', {});
  const first = items[0]!;
  const beside = items.find(({ id, photo }) => id !== first.id && photo === first.photo)!;
  anna = await person('Anna', first.id);
  ben = await person('Ben', beside.id);
  await wire.call('people.birth', { id: ben, birth: '1990-05-01' });
  await page.goto(kith.address);
});
test.afterEach(async () => {
  wire.socket.close();
  await kith.stop();
  await rm(kith.folder, { recursive: true });
});

async function person(name: string, face: FaceId): Promise<PersonId> {
  await wire.call('name', { faces: [face], name });
  return (await wire.call('people.search', { text: name }))[0]!.id;
}

const names = async () => (await wire.call('people.list', {})).items.map(({ name }) => name).sort();
const question = (page: Page) => page.getByRole('dialog', { name: 'Are these the same person?' });

async function expectAsked(page: Page): Promise<void> {
  const asked = question(page);
  await expect(
    asked.getByText('They are on a photo together, so they are probably two people.'),
  ).toBeVisible();
  await expect(asked).toContainText('born May 1, 1990');
  // Both faces, and how they stand on that photo.
  await expect(asked.locator('figure img')).toHaveCount(2);
  await expect(asked.locator('.pairs img')).toHaveCount(2);
}

test('by selecting both', async ({ page }) => {
  const list = page.getByRole('list', { name: 'People' });
  for (const name of ['Anna', 'Ben']) await list.getByRole('checkbox', { name: `Select ${name}` }).click();
  await page.keyboard.press('m');
  await expectAsked(page);
  await question(page).getByRole('button', { name: 'Cancel' }).click();
  await expect(question(page)).toHaveCount(0);
  expect(await names()).toEqual(['Anna', 'Ben']);
  await expect(page.getByText('2 selected')).toBeVisible();

  await page.getByRole('button', { name: 'Merge' }).click();
  await question(page).getByRole('button', { name: 'Yes, the same person' }).click();
  await expect(page.getByText('2 selected')).toHaveCount(0);
  const [left] = (await wire.call('people.list', {})).items;
  expect(await names()).toHaveLength(1);
  expect(left).toMatchObject({ birth: '1990-05-01', confirmed: 2 });
  await page.getByRole('status').getByRole('button', { name: 'Undo' }).click();
  await expect.poll(names).toEqual(['Anna', 'Ben']);
  expect((await wire.call('people.get', { id: anna })).birth).toBeNull();
});

test('by a name that somebody has, and by choosing whom', async ({ page }) => {
  const { origin } = new URL(page.url());
  await page.goto(`${origin}/#/person/${ben}`);
  await page.getByRole('button', { name: 'Rename' }).click();
  const field = page.getByRole('combobox', { name: 'Rename Ben' });
  await field.fill('Anna');
  await page.keyboard.press('Enter');
  await expectAsked(page);
  await question(page).getByRole('button', { name: 'Cancel' }).click();
  await expect(question(page)).toHaveCount(0);
  // What was typed stays.
  await expect(field).toHaveValue('Anna');
  expect(await names()).toEqual(['Anna', 'Ben']);
  await page.getByRole('button', { name: 'Cancel' }).click();

  await page.getByRole('button', { name: 'Merge' }).click();
  await page.getByRole('combobox', { name: 'Who is the same person?' }).fill('Anna');
  await page.getByRole('option', { name: /^Anna/ }).click();
  await expectAsked(page);
  await question(page).getByRole('button', { name: 'Yes, the same person' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Anna' })).toBeVisible();
  expect(await names()).toEqual(['Anna']);
  expect((await wire.call('people.get', { id: anna })).birth).toBe('1990-05-01');
});

test('by selecting groups that nobody has named', async ({ page }) => {
  const alone = (await wire.call('groups.alone', {})).items.map(({ id }) => id);
  await wire.call('groups.move', { faces: alone.slice(0, 2), to: null });
  await wire.call('groups.move', { faces: alone.slice(2, 4), to: null });
  const sizes = async () => (await wire.call('groups.list', {})).items.map(({ size }) => size);
  const before = await sizes();
  await page.reload();
  const list = page.getByRole('list', { name: 'Who is this?' });
  const ticks = list.getByRole('checkbox');
  await ticks.nth(0).click();
  await ticks.nth(1).click();
  await page.keyboard.press('m');
  await expect(question(page).locator('figure img')).toHaveCount(2);
  const { width } = (await question(page).locator('figure img').first().boundingBox())!;
  expect(width).toBeGreaterThanOrEqual(160);
  await page.keyboard.press('Escape');
  await expect(question(page)).toHaveCount(0);
  expect(await sizes()).toEqual(before);
  await page.keyboard.press('m');
  await question(page).getByRole('button', { name: 'Yes, the same person' }).click();
  await expect.poll(async () => (await sizes()).length).toBe(before.length - 1);
});
