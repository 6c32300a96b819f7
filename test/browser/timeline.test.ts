import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { makeLibrary } from '../fixtures/made-library.ts';
import { type Kith, openKith, settle } from './host.ts';

// Many photos by date: the month that one is in, the way through the years, and how large photos are.

let kith: Kith;

test.beforeAll(async () => {
  const place = await settle(await mkdtemp(join(tmpdir(), 'kith timeline ')));
  await makeLibrary(place.library, { faces: 3000, encoder: 'dlib' });
  kith = await openKith(place);
});
test.afterAll(async () => {
  await kith.stop();
  await rm(kith.folder, { recursive: true });
});

const way = (page: Page) => page.getByRole('slider', { name: 'Go to a month' });
const size = (page: Page) => page.getByRole('slider', { name: 'Size of the photos' });
const photos = (page: Page) => page.getByRole('list', { name: 'Photos' });
/** The month that stays in sight, where its heading does not. */
const month = (page: Page) => page.locator('.month');

async function open(page: Page): Promise<void> {
  await page.goto(kith.address);
  await page.goto(`${new URL(kith.address).origin}/#/photos`);
  await expect(page.getByRole('heading', { level: 1, name: 'Photos' })).toBeVisible();
  await expect(way(page)).toBeAttached();
}

/** The heading of a month is below the bar, and at the top of what can be seen. */
async function expectUppermost(page: Page, title: string): Promise<void> {
  const heading = page.getByRole('heading', { level: 2, name: title, exact: true });
  await expect(heading).toBeInViewport();
  await expect.poll(async () => Math.round((await heading.boundingBox())!.y)).toBeLessThan(56 + 60);
  expect((await heading.boundingBox())!.y).toBeGreaterThanOrEqual(56);
}

/** How many photos are beside each other in the first row. */
const columns = (page: Page) =>
  photos(page)
    .getByRole('link')
    .evaluateAll((all) => {
      const top = all[0]?.getBoundingClientRect().top;
      return all.filter((one) => one.getBoundingClientRect().top === top).length;
    });

test('the arrow keys lead from month to month, the pages from year to year', async ({ page }) => {
  await open(page);
  await way(page).focus();
  await expect(way(page)).toHaveAttribute('aria-valuetext', 'January 2010');
  await page.keyboard.press('ArrowDown');
  await expect(way(page)).toHaveAttribute('aria-valuetext', 'February 2010');
  await expectUppermost(page, 'February 2010');
  await page.keyboard.press('PageDown');
  await expect(way(page)).toHaveAttribute('aria-valuetext', 'January 2011');
  await expectUppermost(page, 'January 2011');
  await page.keyboard.press('ArrowUp');
  await expect(way(page)).toHaveAttribute('aria-valuetext', 'December 2010');
  await page.keyboard.press('PageUp');
  await expect(way(page)).toHaveAttribute('aria-valuetext', 'December 2010');
  await page.keyboard.press('Home');
  await expect(way(page)).toHaveAttribute('aria-valuetext', 'January 2010');
});

test('the way through the years is drawn with the pointer, and says where it leads', async ({ page }) => {
  await open(page);
  const { x, y, width, height } = (await way(page).boundingBox())!;
  const middle = x + width / 2;
  await page.mouse.move(middle, y + 1);
  await expect(way(page)).toHaveCSS('opacity', '1');
  await expect(way(page).getByText('January 2010')).toBeVisible();
  await page.mouse.down();
  await page.mouse.move(middle, y + height / 2, { steps: 4 });
  await expect(way(page)).toHaveAttribute('aria-valuetext', /2017/);
  await page.mouse.up();
  await expect(photos(page).getByRole('link').first()).toBeVisible();
  await page.mouse.move(middle - 400, y + height / 2);
  await expect(way(page)).toHaveCSS('opacity', '0');
});

test('the month stays in sight where its heading is scrolled away', async ({ page }) => {
  await page.setViewportSize({ width: 900, height: 700 });
  await open(page);
  await expect(month(page)).toHaveCSS('opacity', '0');
  const heading = page.getByRole('heading', { level: 2, name: 'January 2010' });
  const { y } = (await heading.boundingBox())!;
  await page.mouse.move(400, 400);
  await page.mouse.wheel(0, y + 60);
  await expect(month(page)).toHaveText('January 2010');
  await expect(month(page)).toHaveCSS('opacity', '1');
});

test('photos are as large as one wants, by slider and by key, and stay so', async ({ page }) => {
  await open(page);
  await expect.poll(() => columns(page)).toBe(7);
  await page.keyboard.press('-');
  await expect.poll(() => columns(page)).toBe(8);
  await page.keyboard.press('+');
  await page.keyboard.press('+');
  await expect(size(page)).toHaveValue('208');
  await expect.poll(() => columns(page)).toBe(5);
  await size(page).fill('96');
  await expect.poll(() => columns(page)).toBe(8);
  await size(page).dispatchEvent('change');
  const wire = await kith.wire();
  await expect.poll(async () => (await wire.call('settings.get', {})).tile).toBe(96);
  await page.reload();
  await expect(size(page)).toHaveValue('96');
  await wire.call('settings.set', { tile: 164 });
  await expect(size(page)).toHaveValue('164');
  wire.socket.close();
});

test('photos are selected by click, range, key and rectangle, and are a search of their own', async ({
  page,
}) => {
  await open(page);
  const links = photos(page).getByRole('link');
  const bar = page.getByRole('toolbar', { name: 'What to do with what is selected' });
  await links.nth(1).hover();
  await photos(page).getByRole('checkbox').nth(1).click();
  await expect(bar).toContainText('1 selected');
  await links.nth(4).click({ modifiers: ['Shift'] });
  await expect(bar).toContainText('4 selected');
  await links.nth(2).click({ modifiers: ['ControlOrMeta'] });
  await expect(bar).toContainText('3 selected');
  await links.nth(2).focus();
  await page.keyboard.press('x');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press(' ');
  await expect(bar).toContainText('5 selected');
  await page.keyboard.press('Escape');
  await expect(bar).toHaveCount(0);

  // From the empty place behind the last photo of the month, over the photos above it.
  const second = (await links.nth(1).boundingBox())!;
  await page.mouse.move(second.x + 40, second.y + second.height + 60);
  await page.mouse.down();
  await page.mouse.move(second.x + 60, second.y + 60, { steps: 6 });
  await page.mouse.up();
  await expect(bar).toContainText(/[12] selected/);
  await page.keyboard.press('Escape');

  // A range that reaches beyond what has been looked at.
  await links.nth(0).focus();
  await page.keyboard.press('x');
  await way(page).focus();
  await page.keyboard.press('End');
  const last = photos(page)
    .getByRole('listitem')
    .filter({ has: page.getByRole('link') })
    .last();
  await expect.poll(async () => Number(await last.getAttribute('aria-posinset'))).toBeGreaterThan(1000);
  const place = Number(await last.getAttribute('aria-posinset'));
  const far = photos(page).locator(`[aria-posinset="${place}"]`).getByRole('link');
  await far.click({ modifiers: ['Shift'] });
  await expect(bar).toContainText(`${place.toLocaleString('en')} selected`);
  await page.keyboard.press('Escape');

  await page.keyboard.press('Home');
  await way(page).focus();
  await page.keyboard.press('Home');
  await links.nth(0).click({ modifiers: ['ControlOrMeta'] });
  await links.nth(3).click({ modifiers: ['ControlOrMeta'] });
  const files = [await links.nth(0).getAttribute('title'), await links.nth(3).getAttribute('title')];
  await bar.getByRole('link', { name: 'Show only these' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('2 photos that were chosen');
  const found = page.getByRole('list', { name: 'Photos that were found' }).getByRole('link');
  await expect(found).toHaveCount(2);
  expect(await found.evaluateAll((all) => all.map((one) => (one as HTMLElement).title))).toEqual(files);
  await page.reload();
  await expect(found).toHaveCount(2);
  await expect(page.getByRole('button', { name: 'Save as an album' })).toBeVisible();
});

test('a wide window is filled, and months that would leave it empty become years', async ({ page }) => {
  await page.setViewportSize({ width: 3840, height: 1600 });
  await open(page);
  await expect(page.getByRole('heading', { level: 2, name: '2010', exact: true })).toBeVisible();
  const { width } = (await photos(page).boundingBox())!;
  expect(width).toBeGreaterThan(3700);
  expect(await columns(page)).toBeGreaterThan(20);
});

test('it breaks no rule of accessibility, and fits a phone', async ({ page }) => {
  await open(page);
  await way(page).focus();
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme });
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  }
  await page.setViewportSize({ width: 320, height: 640 });
  await expect.poll(() => columns(page)).toBeGreaterThan(2);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
});
