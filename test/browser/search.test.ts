import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import type { Query } from '../../electron/contract/search.ts';
import type { Page as Wire } from '../e2e/page.ts';
import { scanSamples } from './album.ts';
import { type Kith, openKith, settle } from './host.ts';

// Searching for photos from the page, and albums that fill themselves; held against what the service finds.

let kith: Kith;
let wire: Wire;
const people: Record<string, number> = {};

test.beforeAll(async () => {
  kith = await openKith(await settle(await mkdtemp(join(tmpdir(), 'kith search '))));
  await scanSamples(kith);
  wire = await kith.wire();
  const { items } = await wire.call('photos.list', {});
  const crowded = items.filter(({ faces }) => faces > 2);
  // Anna is on three photos, on one of them with Ben, and Carl is on another.
  for (const [at, names] of [['Anna', 'Ben'], ['Anna', 'Carl'], ['Anna']].entries()) {
    const { faces } = await wire.call('photos.get', { id: crowded[at]!.id });
    for (const [place, name] of names.entries()) {
      const given = await wire.call('name', { faces: [faces[place]!.id], name, merge: true });
      if (given.kind === 'named') people[name] = given.ledger.person.id;
    }
  }
});
test.afterAll(async () => {
  wire.socket.close();
  await kith.stop();
  await rm(kith.folder, { recursive: true });
});

const is = (...names: string[]) => ({
  not: false,
  any: names.map((name) => ({ kind: 'person' as const, person: people[name] as never })),
});
const without = (...names: string[]) => ({ ...is(...names), not: true });
const found = async (query: Query) => (await wire.call('search.photos', { query })).items;

const field = (page: Page) => page.getByRole('combobox', { name: 'Search photos' });
const chips = (page: Page) => page.getByRole('list', { name: 'What is searched for' }).getByRole('listitem');
const photos = (page: Page) => page.getByRole('list', { name: 'Photos that were found' }).getByRole('link');
const title = (page: Page) => page.getByRole('heading', { level: 1 });
const at = (page: Page) => decodeURIComponent(new URL(page.url()).hash);

async function open(page: Page, hash = '#/people'): Promise<void> {
  await page.goto(kith.address);
  await page.goto(`${new URL(kith.address).origin}/${hash}`);
  await expect(title(page)).toBeVisible();
  // It comes once it is known that there are photos; a key that is pressed before goes nowhere.
  await expect(field(page)).toBeVisible();
}

/** Holds back what can be searched for, until it is resolved. */
async function holdNames(page: Page): Promise<PromiseWithResolvers<void>> {
  const known = Promise.withResolvers<void>();
  await page.routeWebSocket(/./, (socket) => {
    const server = socket.connectToServer();
    socket.onMessage(async (message) => {
      if (String(message).includes('search.vocabulary')) await known.promise;
      server.send(message);
    });
  });
  return known;
}

test('a sentence becomes chips as it is typed, stands readable in the address, and survives a reload and Back', async ({
  page,
}) => {
  await open(page);
  await page.keyboard.press('/');
  await expect(field(page)).toBeFocused();
  await page.keyboard.type('Anna and Ben, without Carl');
  await expect(chips(page)).toHaveText(['Anna', 'Ben']);
  const query: Query = [is('Anna'), is('Ben'), without('Carl')];
  const total = (await found(query)).length;
  expect(total).toBeGreaterThan(0);
  await page.keyboard.press('Enter');
  await expect(chips(page)).toHaveText(['Anna', 'Ben', 'without Carl']);
  await page.keyboard.press('Enter');
  await expect(title(page)).toHaveText('Anna and Ben, without Carl');
  await expect(title(page)).toBeFocused();
  await expect(photos(page)).toHaveCount(total);
  expect(at(page)).toBe('#/search?q=Anna,+Ben,+without+Carl');
  await page.reload();
  await expect(chips(page)).toHaveText(['Anna', 'Ben', 'without Carl']);
  await expect(photos(page)).toHaveCount(total);
  await page.goBack();
  await expect(chips(page)).toHaveText(['Anna', 'Ben']);
  await expect(title(page)).toHaveText('Anna and Ben');
  await page.goBack();
  await page.goBack();
  await expect(title(page)).toHaveText('People');
  await expect(chips(page)).toHaveCount(0);
});

test('what is typed before it is known who there is becomes chips as soon as it is known', async ({
  page,
}) => {
  const known = await holdNames(page);
  await open(page);
  await page.keyboard.press('/');
  await page.keyboard.type('Anna and Ben, without Ca');
  await expect(field(page)).toHaveValue('Anna and Ben, without Ca');
  await expect(chips(page)).toHaveCount(0);
  known.resolve();
  await expect(chips(page)).toHaveText(['Anna', 'Ben']);
  await expect(field(page)).toHaveValue('without Ca');
  await page.keyboard.type('rl');
  await page.keyboard.press('Enter');
  await expect(chips(page)).toHaveText(['Anna', 'Ben', 'without Carl']);
});

test('Enter before it is known who there is finds who was meant, and no file of that name', async ({
  page,
}) => {
  const known = await holdNames(page);
  await open(page);
  await page.keyboard.press('/');
  await page.keyboard.type('Anna and Ben');
  await page.keyboard.press('Enter');
  await expect(chips(page)).toHaveCount(0);
  known.resolve();
  await expect(title(page)).toHaveText('Anna and Ben');
  expect(at(page)).toBe('#/search?q=Anna,+Ben');
});

test('chips are removed by their buttons and by Backspace, and all at once', async ({ page }) => {
  await open(page, '#/search?q=Anna,+Ben,+2019,+alone');
  await expect(chips(page)).toHaveText(['Anna', 'Ben', '2019', 'alone']);
  await field(page).click();
  await page.getByRole('button', { name: 'Remove Ben' }).click();
  await expect(chips(page)).toHaveText(['Anna', '2019', 'alone']);
  await expect(field(page)).toBeFocused();
  await page.keyboard.press('Backspace');
  await expect(chips(page)).toHaveText(['Anna', '2019']);
  await page.keyboard.type('x');
  await page.keyboard.press('Backspace');
  await expect(chips(page)).toHaveText(['Anna', '2019']);
  await page.getByRole('button', { name: 'Clear the search' }).click();
  await expect(chips(page)).toHaveCount(0);
  expect(at(page)).toBe('#/search');
});

test('the completion is used from the keyboard, and counts what Enter would find', async ({ page }) => {
  await open(page);
  await page.keyboard.press('/');
  await page.keyboard.type('an');
  const options = page.getByRole('listbox', { name: 'What it may mean' }).getByRole('option');
  await expect(options.first()).toHaveText('Anna');
  await expect(options.first()).toHaveAttribute('aria-selected', 'true');
  const anna = (await found([is('Anna')])).length;
  await expect(page.getByRole('search').getByRole('status')).toHaveText(`${anna} photos`);
  const id = await options.first().getAttribute('id');
  await expect(field(page)).toHaveAttribute('aria-activedescendant', id!);
  await page.keyboard.press('ArrowUp');
  await expect(options.last()).toHaveAttribute('aria-selected', 'true');
  await expect(options.last()).toHaveText('Files and folders called “an”');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(chips(page)).toHaveText(['Anna']);
  await expect(field(page)).toHaveAttribute('aria-expanded', 'false');
  // "or" joins what comes to the chip before.
  await page.keyboard.type('or car');
  await expect(options.first()).toHaveText('Carl');
  await page.keyboard.press('Enter');
  await expect(chips(page)).toHaveText(['Anna or Carl']);
  await expect(photos(page)).toHaveCount((await found([is('Anna', 'Carl')])).length);
  // The first Escape takes what is typed away, the second leaves the field.
  await page.keyboard.type('so');
  await page.keyboard.press('Escape');
  await expect(field(page)).toHaveValue('');
  await expect(field(page)).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(field(page)).not.toBeFocused();
  await expect(chips(page)).toHaveText(['Anna or Carl']);
});

test('dates, words and file names are offered in both languages', async ({ page }) => {
  await open(page);
  await page.keyboard.press('/');
  const options = page.getByRole('listbox').getByRole('option');
  for (const [typed, first] of [
    ['summer 2019', 'summer 2019'],
    ['Sommer 2019', 'summer 2019'],
    ['märz 2020', 'March 2020'],
    ['allein', 'alone'],
    ['mindestens 3', 'at least 3 people'],
    ['ohne Namen', 'without a name'],
    ['2-4 people', '2 to 4 people'],
    ['sample1', 'Files and folders called “sample1”'],
  ] as const) {
    await field(page).fill(typed);
    await expect(options.first()).toHaveText(first);
  }
  await page.keyboard.press('Enter');
  await expect(photos(page)).toHaveCount(1);
  await expect(title(page)).toHaveText('“sample1”');
});

test('the faces that were searched for are marked, and turning photos over stays within what was found', async ({
  page,
}) => {
  await open(page, '#/search?q=Anna');
  const expected = await found([is('Anna')]);
  await expect(photos(page)).toHaveCount(expected.length);
  const marks = await page.locator('[data-matched]').evaluateAll((all) =>
    all.map((mark) => {
      const tile = mark.closest('a')!.getBoundingClientRect();
      const { left, top, right, bottom } = mark.getBoundingClientRect();
      const isWithin =
        left >= tile.left - 1 && top >= tile.top - 1 && right <= tile.right + 1 && bottom <= tile.bottom + 1;
      return { face: Number((mark as HTMLElement).dataset.matched), isWithin };
    }),
  );
  expect(marks).toEqual(
    expected.flatMap(({ matched }) => matched.map(({ id }) => ({ face: id, isWithin: true }))),
  );
  await photos(page).first().click();
  await expect.poll(() => at(page)).toBe(`#/photo/${expected[0]!.id}?q=Anna`);
  for (const { id } of expected.slice(1)) {
    await expect(page.getByRole('link', { name: 'Next photo' })).toBeAttached();
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => at(page)).toBe(`#/photo/${id}?q=Anna`);
  }
  await expect(page.getByRole('link', { name: 'Previous photo' })).toBeAttached();
  await expect(page.getByRole('link', { name: 'Next photo' })).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(title(page)).toHaveText('Anna');
  await expect(photos(page)).toHaveCount(expected.length);
});

test('the only photo that is found has no neighbours', async ({ page }) => {
  await open(page, '#/search?q=Ben');
  await expect(photos(page)).toHaveCount(1);
  await photos(page).first().click();
  await expect(page.locator('main img').first()).toBeVisible();
  await expect(page.getByRole('link', { name: 'Next photo' })).toHaveCount(0);
  await expect(page.getByRole('link', { name: 'Previous photo' })).toHaveCount(0);
});

test('where nothing is found it says so, and what there would be without a part', async ({ page }) => {
  await open(page, '#/search?q=Ben,+Carl');
  await expect(page.getByRole('heading', { name: 'No photo shows Ben and Carl together' })).toBeVisible();
  const carl = (await found([is('Carl')])).length;
  await page.getByRole('link', { name: `Leave out Ben: ${carl} photo` }).click();
  await expect(chips(page)).toHaveText(['Carl']);
  await expect(photos(page)).toHaveCount(carl);
});

test('a search is saved as an album that fills itself, renamed, removed, and taken back', async ({
  page,
}) => {
  await open(page, '#/search?q=Anna');
  const anna = async () => (await found([is('Anna')])).length;
  await page.getByRole('button', { name: 'Save as an album' }).click();
  const name = page.getByRole('dialog').getByRole('textbox', { name: 'Name of the album' });
  await expect(name).toHaveValue('Anna');
  await name.fill('Our Anna');
  await page.keyboard.press('Enter');
  await expect(page.getByText('Saved the album “Our Anna”')).toBeVisible();
  await expect(title(page)).toHaveText('Our Anna');

  await page.keyboard.press('Control+2');
  const albums = page.getByRole('list', { name: 'Albums' }).getByRole('link');
  await expect(albums).toHaveAccessibleName(`Our Anna, ${await anna()} photos`);
  // Another photo of hers is in it at once.
  const { items } = await wire.call('photos.list', {});
  const has = new Set((await found([is('Anna')])).map(({ id }) => id));
  const other = items.find(({ id, faces }) => faces > 0 && !has.has(id))!;
  const { faces } = await wire.call('photos.get', { id: other.id });
  await wire.call('name', { faces: [faces.at(-1)!.id], name: 'Anna', merge: true });
  await expect(albums).toHaveAccessibleName(`Our Anna, ${await anna()} photos`);
  await albums.click();
  await expect(title(page)).toHaveText('Our Anna');
  await expect(chips(page)).toHaveText(['Anna']);
  await expect(photos(page)).toHaveCount(await anna());

  await page.getByRole('button', { name: 'More about the album Our Anna' }).click();
  await page.getByRole('menuitem', { name: 'Rename the album' }).click();
  await page.getByRole('dialog').getByRole('textbox').fill('Anna’s');
  await page.keyboard.press('Enter');
  await expect(title(page)).toHaveText('Anna’s');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.keyboard.press('Control+Z');
  await expect(title(page)).toHaveText('Our Anna');

  await page.getByRole('button', { name: 'More about the album Our Anna' }).click();
  await page.getByRole('menuitem', { name: 'Remove the album' }).click();
  await expect(page.getByText('Removed the album “Our Anna”. Its photos stay.')).toBeVisible();
  await expect(title(page)).toHaveText('Anna');
  await page.keyboard.press('Control+Z');
  await expect(title(page)).toHaveText('Our Anna');
  // The empty field offers albums.
  await page.getByRole('button', { name: 'Clear the search' }).click();
  const options = page.getByRole('listbox').getByRole('option');
  await expect(options).toHaveText([/Our Anna/]);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(title(page)).toHaveText('Our Anna');
});

test('what is found is exported: photos copied, with a list of who is on each', async ({ page }) => {
  await open(page, '#/search?q=Ben');
  await page.getByRole('link', { name: 'Export' }).click();
  await expect(title(page)).toHaveText('Export what was found');
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  const total = (await found([is('Ben')])).length;
  await expect(page.getByText(`${total} photo${total === 1 ? ' was' : 's were'} exported.`)).toBeVisible();
  const said = await page.getByText('They are in ').textContent();
  const folder = said!.trim().replace(/^They are in /, '');
  expect(readdirSync(folder).filter((name) => name.endsWith('.jpg'))).toHaveLength(total);
  expect(readFileSync(join(folder, 'names.csv'), 'utf8')).toContain('Ben');
  await page.getByRole('button', { name: 'Export something else' }).click();
  await page.getByRole('radio', { name: 'The faces, cut out' }).click();
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  await expect(page.getByText(/^\d+ faces? (was|were) written\.$/)).toBeVisible({ timeout: 60_000 });
  await rm(folder, { recursive: true });
});

test('it fits a phone and a dark room, and breaks no rule of accessibility', async ({ page }) => {
  for (const [width, scheme] of [
    [320, 'light'],
    [1280, 'dark'],
  ] as const) {
    await page.setViewportSize({ width, height: 720 });
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await open(page, '#/search?q=Anna+or+Ben,+at+least+2+people');
    await expect(photos(page).first()).toBeVisible();
    const check = async () => {
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => `${id} ${nodes.map(({ html }) => html).join(' ')}`)).toEqual(
        [],
      );
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(wide).toBeLessThanOrEqual(0);
    };
    await check();
    await field(page).click();
    await page.keyboard.type('c');
    await expect(page.getByRole('listbox').getByRole('option').first()).toBeVisible();
    await check();
  }
});
