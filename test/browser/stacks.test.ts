import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import sharp from 'sharp';
import type { Page as Wire } from '../e2e/page.ts';
import { samples } from '../golden/models-reference.ts';
import { scan } from './album.ts';
import { type Kith, openKith, settle } from './host.ts';

// Versions of one photo, as phones and messengers make them, are one tile.

let kith: Kith;
let wire: Wire;
/** Faces on the photo; each is a group of its versions and its mirror picture. */
const PEOPLE = samples[0]!.people;
const VERSIONS = 5;

/** One photo in five versions, and its mirror picture, which is no version: it looks like another from afar. */
async function makeVersions(folder: string): Promise<string> {
  const { path } = samples[0]!;
  await mkdir(folder, { recursive: true });
  const { width, height } = await sharp(path).metadata();
  const rim = { left: Math.round(width * 0.02), top: Math.round(height * 0.02) };
  const versions = {
    original: sharp(path),
    light: sharp(path).modulate({ brightness: 1.1 }),
    messenger: sharp(path)
      .resize(Math.round(width * 0.8))
      .jpeg({ quality: 70 }),
    cut: sharp(path).extract({ ...rim, width: width - 2 * rim.left, height: height - 2 * rim.top }),
    warm: sharp(path).modulate({ saturation: 1.3 }),
    mirrored: sharp(path).flop().modulate({ brightness: 0.8 }),
  };
  for (const [name, version] of Object.entries(versions)) await version.toFile(join(folder, `${name}.jpg`));
  return folder;
}

test.beforeEach(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kith stacks '));
  kith = await openKith(await settle(folder));
  wire = await kith.wire();
  await scan(wire, await makeVersions(join(folder, 'photos')));
});
test.afterEach(async () => {
  wire.socket.close();
  await kith.stop();
  await rm(kith.folder, { recursive: true });
});

async function openAt(page: Page, hash: string): Promise<void> {
  await page.goto(kith.address);
  await page.goto(`${new URL(page.url()).origin}/#/${hash}`);
  await expect(page.locator('main h1').first()).toBeVisible();
}

const stackOf = (page: Page) => page.getByRole('button', { name: /and 4 more versions of this photo$/ });
const members = (page: Page) => page.getByRole('link', { name: /\(version \d of 5 of this photo\)$/ });

test('a stack opens in place by the keyboard and closes again', async ({ page }) => {
  const groups = (await wire.call('groups.list', {})).items;
  expect(groups.map(({ size }) => size)).toEqual(Array(PEOPLE).fill(VERSIONS + 1));
  await openAt(page, `group/${groups[0]!.id}`);
  await expect(page.getByText('6 faces')).toBeVisible();
  const tiles = page.getByRole('list', { name: 'Faces' }).getByRole('listitem');
  await expect(tiles).toHaveCount(2);
  await expect(stackOf(page)).toHaveAttribute('aria-expanded', 'false');

  await stackOf(page).focus();
  await page.keyboard.press('Enter');
  await expect(members(page)).toHaveCount(VERSIONS);
  await expect(tiles).toHaveCount(VERSIONS + 1);
  await expect(members(page).first()).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await expect(members(page).nth(1)).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(tiles).toHaveCount(2);
  await expect(stackOf(page)).toBeFocused();

  await page.getByRole('button', { name: 'Show all 5 versions of this photo' }).click();
  await expect(members(page)).toHaveCount(VERSIONS);
  await page.getByRole('button', { name: 'Show these versions as one' }).click();
  await expect(tiles).toHaveCount(2);
});

test('a closed stack is named in one go, and nobody has a name once that is undone', async ({ page }) => {
  const [group] = (await wire.call('groups.list', {})).items;
  await openAt(page, `group/${group!.id}`);
  await stackOf(page).focus();
  await page.keyboard.press('x');
  await expect(page.getByText('5 faces selected')).toBeVisible();
  // An open one is selected face by face.
  await page.keyboard.press('Enter');
  await members(page).nth(2).focus();
  await page.keyboard.press('x');
  await expect(page.getByText('4 selected')).toBeVisible();
  await page.keyboard.press('x');
  await page.getByRole('button', { name: 'Show these versions as one' }).click();
  await expect(page.getByText('5 faces selected')).toBeVisible();

  await page.keyboard.press('n');
  await page.keyboard.type('Anna');
  await page.keyboard.press('Enter');
  const ledger = page.getByRole('status').filter({ hasText: 'Anna is now on' });
  await expect(ledger).toBeVisible();
  const [anna] = (await wire.call('people.list', {})).items;
  expect(anna).toMatchObject({ name: 'Anna', confirmed: VERSIONS });
  await openAt(page, `person/${anna!.id}?tab=faces`);
  await expect(
    page.getByRole('button', { name: 'Face of Anna and 4 more versions of this photo' }),
  ).toBeVisible();

  await page.keyboard.press('Control+z');
  await expect(page.getByText('Taken back: Named Anna')).toBeVisible();
  expect((await wire.call('people.list', {})).items).toEqual([]);
  expect(await wire.call('groups.get', { id: group!.id })).toMatchObject({ size: VERSIONS + 1 });
});
