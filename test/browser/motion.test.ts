import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { sixPhotos } from '../fixtures/sample-faces.ts';
import { scan } from './album.ts';
import { type Kith, openKith, settle } from './host.ts';

// Pictures fly to where they are from now on, and for nobody who wants less motion.

let kith: Kith;

test.beforeAll(async () => {
  kith = await openKith(await settle(await mkdtemp(join(tmpdir(), 'kith motion '))));
  const wire = await kith.wire();
  await scan(wire, await sixPhotos(kith.folder));
  wire.socket.close();
});
test.afterAll(async () => {
  await kith.stop();
  await rm(kith.folder, { recursive: true });
});

interface Flight {
  from: number;
  to: number;
}

/** Notes the width of each flying picture where it begins and where it ends. */
async function watch(page: Page): Promise<() => Promise<Flight[]>> {
  await page.evaluate(() => {
    const flights: Flight[] = [];
    Object.assign(window, { flights });
    new MutationObserver((changes) => {
      for (const node of changes.flatMap(({ addedNodes }) => [...addedNodes])) {
        if (!(node instanceof HTMLImageElement) || node.dataset.flight === undefined) continue;
        // The animation begins after the element was put in.
        queueMicrotask(() => {
          const effect = node.getAnimations()[0]!.effect as KeyframeEffect;
          const [from, to] = effect.getKeyframes().map(({ width }) => Number.parseFloat(String(width)));
          flights.push({ from: from!, to: to! });
        });
      }
    }).observe(document.body, { childList: true });
  });
  return () => page.evaluate(() => (window as unknown as { flights: Flight[] }).flights);
}

const flying = (page: Page) => page.locator('[data-flight]');

test('a photo comes out of its tile and goes back into it; faces go to whoever gets the name', async ({
  page,
}) => {
  await page.goto(kith.address);
  await page.getByRole('link', { name: 'Photos', exact: true }).click();
  const tile = page.locator('[data-select^="photo:"]').first();
  await expect(tile.locator('img.here')).toBeVisible();
  const width = await tile.evaluate((element) => element.getBoundingClientRect().width);
  const flights = await watch(page);

  await tile.getByRole('link').click();
  await expect.poll(async () => (await flights()).length).toBe(1);
  const [opening] = await flights();
  expect(opening!.from).toBeCloseTo(width, 0);
  expect(opening!.to).toBeGreaterThan(2 * width);
  await expect(flying(page)).toHaveCount(0);
  await expect(page.locator('.stage img')).toBeVisible();

  await page.keyboard.press('Escape');
  await expect.poll(async () => (await flights()).length).toBe(2);
  const closing = (await flights())[1]!;
  expect(closing.from).toBeCloseTo(opening!.to, 0);
  expect(closing.to).toBeCloseTo(width, 0);
  await expect(flying(page)).toHaveCount(0);

  await page.getByRole('link', { name: 'People', exact: true }).click();
  await page.getByRole('textbox', { name: 'Somebody without a name, 2 faces' }).click();
  await page.keyboard.type('Anna');
  await page.keyboard.press('Enter');
  // The cover and the other face of the group.
  await expect.poll(async () => (await flights()).length).toBe(4);
  await expect(flying(page)).toHaveCount(0);
  await expect(page.getByRole('link', { name: /^Anna/ }).locator('img')).toBeVisible();
});

test('nothing flies where somebody wants less motion', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto(kith.address);
  await page.getByRole('link', { name: 'Photos', exact: true }).click();
  const tile = page.locator('[data-select^="photo:"]').first();
  await expect(tile.locator('img.here')).toBeVisible();
  const flights = await watch(page);
  await tile.getByRole('link').click();
  await expect(page.locator('.stage img')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(tile).toBeVisible();
  expect(await flights()).toEqual([]);
});
