import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import sharp from 'sharp';
import type { Page as Wire } from '../e2e/page.ts';
import { samples } from '../golden/models-reference.ts';
import { scan } from './album.ts';
import { type Kith, openKith, settle } from './host.ts';

// One person with two names: two photos of the same people, named one by one.

let kith: Kith;
let wire: Wire;

test.beforeEach(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kith alike '));
  kith = await openKith(await settle(folder));
  wire = await kith.wire();
  const photos = join(folder, 'photos');
  await mkdir(photos);
  await sharp(samples[0]!.path).toFile(join(photos, 'one.jpg'));
  await sharp(samples[0]!.path).flop().modulate({ brightness: 0.85 }).toFile(join(photos, 'two.jpg'));
  await scan(wire, photos);
  const { items } = await wire.call('groups.list', {});
  for (const [at, names] of [
    ['Anna', 'Annie'],
    ['Bella', 'Belle'],
  ].entries()) {
    const faces = (await wire.call('groups.faces', { id: items[at]!.id })).items;
    for (const [i, name] of names.entries()) {
      await wire.call('name', { faces: [faces[i]!.id], name });
    }
  }
});
test.afterEach(async () => {
  wire.socket.close();
  await kith.stop();
  await rm(kith.folder, { recursive: true });
});

test('two names of one person are joined, or told apart for good, with one key each', async ({ page }) => {
  await page.goto(kith.address);
  await page.getByRole('link', { name: '2 pairs may be the same person' }).click();
  await expect(page.getByRole('heading', { name: 'The same person?' })).toBeVisible();
  const pairs = page.getByRole('main').getByRole('listitem');
  await expect(pairs).toHaveCount(2);
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations).toEqual([]);

  const first = await pairs.first().getAttribute('aria-label');
  await page.keyboard.press('n');
  await expect(page.getByText(/ are two people$/)).toBeVisible();
  await expect(pairs).toHaveCount(1);
  expect(await pairs.first().getAttribute('aria-label')).not.toBe(first);
  await page.keyboard.press('y');
  await expect(page.getByRole('heading', { name: 'Everybody has one name' })).toBeVisible();
  expect((await wire.call('people.list', {})).items).toHaveLength(3);

  await page.keyboard.press('Control+z');
  await expect(pairs).toHaveCount(1);
  await expect(page.getByText(/^Taken back: Merged/)).toBeVisible();
  await page.keyboard.press('Control+z');
  await expect(pairs).toHaveCount(2);
});
