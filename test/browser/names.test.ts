import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import type { FaceId } from '../../electron/contract/ids.ts';
import type { Page as Wire } from '../e2e/page.ts';
import { scanSamples } from './album.ts';
import { type Kith, openKith, settle } from './host.ts';

// What Enter takes in a field for a name: the completion that fits best, or the name as it was typed.

let kith: Kith;
let wire: Wire;
/** Faces that are nobody's; on one photo both. */
let faces: FaceId[];
let photo: number;

test.beforeEach(async () => {
  kith = await openKith(await settle(await mkdtemp(join(tmpdir(), 'kith names '))));
  await scanSamples(kith);
  wire = await kith.wire();
  const { items } = await wire.call('groups.alone', {});
  const first = items[0]!;
  await wire.call('name', { faces: [first.id], name: 'Dad' });
  photo = items.find((face) => face.photo !== first.photo)!.photo;
  faces = items.filter((face) => face.photo === photo).map(({ id }) => id);
});
test.afterEach(async () => {
  wire.socket.close();
  await kith.stop();
  await rm(kith.folder, { recursive: true });
});

async function openFace(page: Page): Promise<void> {
  await page.goto(kith.address);
  await page.goto(`${new URL(page.url()).origin}/#/photo/${photo}`);
  await page.locator(`[data-face="${faces[0]}"]`).click();
  await expect(page.getByRole('dialog', { name: 'Face without a name' })).toBeVisible();
}

const nameOf = async () =>
  (await wire.call('faces.get', { ids: faces.slice(0, 1) }))[0]!.person?.name ?? null;

test('a face is clicked, two letters are typed, and Enter takes who begins so', async ({ page }) => {
  await openFace(page);
  await page.keyboard.type('Da');
  const options = page.getByRole('option');
  await expect(options).toHaveCount(2);
  await expect(options.first()).toContainText('Dad');
  await expect(options.nth(1)).toContainText('New person: Da');
  await page.keyboard.press('Enter');
  await expect.poll(nameOf).toBe('Dad');
});

test('an exact name comes before a longer one of somebody with more faces', async ({ page }) => {
  const alone = (await wire.call('groups.alone', {})).items.filter(({ id }) => !faces.includes(id));
  const [ann, ...annas] = alone.slice(0, 3).map(({ id }) => id);
  await wire.call('name', { faces: annas, name: 'Anna' });
  await wire.call('name', { faces: [ann!], name: 'Ann' });
  await openFace(page);
  await page.keyboard.type('Ann');
  await expect(page.getByRole('option').first()).toContainText(/Ann(?!a)/);
  await page.keyboard.press('Enter');
  await expect.poll(nameOf).toBe('Ann');
});

test('Enter waits for the completion of what was typed', async ({ page }) => {
  await openFace(page);
  await page.keyboard.type('Da');
  await page.keyboard.press('Enter');
  await expect.poll(nameOf).toBe('Dad');
});

test('a new name is one key away, by Ctrl Enter or as the second entry', async ({ page }) => {
  await openFace(page);
  await page.keyboard.type('Da');
  await expect(page.getByRole('option')).toHaveCount(2);
  await page.keyboard.press('Control+Enter');
  await expect.poll(nameOf).toBe('Da');
  await wire.call('journal.undo', {});
  await openFace(page);
  await page.keyboard.type('Da');
  await expect(page.getByRole('option')).toHaveCount(2);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect.poll(nameOf).toBe('Da');
});

test('a name that nobody’s begins with is taken as it is', async ({ page }) => {
  await openFace(page);
  await page.keyboard.type('Dora');
  await expect(page.getByRole('option').first()).toContainText('New person: Dora');
  await page.keyboard.press('Enter');
  await expect.poll(nameOf).toBe('Dora');
});
