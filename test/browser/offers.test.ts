import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import type { FaceId } from '../../electron/contract/ids.ts';
import { openLibrary } from '../../electron/library/open.ts';
import type { Page as Wire } from '../e2e/page.ts';
import { madeFaces } from '../fixtures/embeddings.ts';
import { recordFaces } from '../fixtures/recorded-faces.ts';
import { type Kith, openKith, settle } from './host.ts';

// "Include these too?" in a real browser: one person's faces in four groups, on a record that is made, so that what is
// offered is known.

/** Sizes of her groups, and of somebody else's. */
const SIZES = [12, 6, 3, 3];
const OTHERS = 4;

let kith: Kith;
let wire: Wire;
/** Her groups, the largest first. */
let groups: FaceId[][];

test.beforeEach(async () => {
  const place = await settle(await mkdtemp(join(tmpdir(), 'kith offers ')));
  const hers = SIZES.reduce((sum, size) => sum + size, 0);
  const { vectors, size, person, quality } = madeFaces([hers, OTHERS, 1, 1, 1], { spread: 0.25, seed: 3 });
  const library = openLibrary(place.library);
  const ids = recordFaces(library, { vectors, size, quality, people: person });
  groups = [...SIZES, OTHERS].map((count) => ids.splice(0, count));
  library.groups.replace(groups, { encoder: 'dlib', method: 'made' }, library.groups.state());
  library.close();
  kith = await openKith(place);
  wire = await kith.wire();
});
test.afterEach(async () => {
  wire.socket.close();
  await kith.stop();
  await rm(kith.folder, { recursive: true });
});

async function open(page: Page): Promise<void> {
  await page.goto(kith.address);
  await page.goto(`${new URL(page.url()).origin}/#/review`);
  await expect(page.getByRole('heading', { name: 'Who is this?' })).toBeVisible();
}

const offers = (page: Page) => page.getByRole('button', { name: /^Include number \d/ });

async function give(page: Page, name: string): Promise<void> {
  await page.keyboard.press('e');
  await expect(page.getByRole('dialog', { name: 'Who is this?' })).toBeVisible();
  await page.keyboard.type(name);
  await page.keyboard.press('Enter');
}

/** The name that the user gave to each group; null where all of it is as it was. */
async function names(): Promise<(string | null)[]> {
  const cards = await wire.call('faces.get', { ids: groups.flat() });
  const said = new Map(
    cards.map(({ id, status, person }) => [id, status === 'confirmed' ? person!.name : null]),
  );
  return groups.map((group) => {
    const [one = null, ...others] = new Set(group.map((id) => said.get(id)!));
    if (others.length > 0) throw new Error('Expected one name for a group but there are several');
    return one;
  });
}

test('nothing is included before somebody ticks it, and a name goes to that alone', async ({ page }) => {
  await open(page);
  await expect(offers(page)).toHaveCount(3);
  for (const offer of await offers(page).all()) {
    await expect(offer).toHaveAttribute('aria-pressed', 'false');
    await expect(offer.locator('img')).toHaveCount(3);
  }
  await expect(page.getByText('Your answer is about 12 faces')).toBeVisible();
  await give(page, 'Anna');
  await expect.poll(names).toEqual(['Anna', null, null, null, null]);
});

test('digits tick, A ticks all, arrows and space go over them, and the count follows', async ({ page }) => {
  await open(page);
  const [one, two, three] = await offers(page).all();
  const isTicked = (which: typeof one, on: boolean) =>
    expect(which!).toHaveAttribute('aria-pressed', String(on));
  const about = (count: number) =>
    expect(page.getByText(`Your answer is about ${count} faces`)).toBeVisible();
  await page.keyboard.press('2');
  await isTicked(two, true);
  await page.keyboard.press('2');
  await isTicked(two, false);
  await about(12);
  await page.keyboard.press('a');
  for (const each of [one, two, three]) await isTicked(each, true);
  await about(24);
  await one!.focus();
  await page.keyboard.press('ArrowRight');
  await expect(two!).toBeFocused();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await expect(three!).toBeFocused();
  await page.keyboard.press('Space');
  await isTicked(three, false);
  const label = await three!.getAttribute('aria-label');
  const left = Number(/(\d+) faces$/.exec(label!)![1]);
  await about(24 - left);
  await give(page, 'Anna');
  await expect.poll(names).toContain('Anna');
  const said = await names();
  expect(said.filter((name) => name === null)).toHaveLength(2);
  expect([...SIZES, OTHERS].filter((_, at) => said[at] === null)).toEqual([left, OTHERS]);
  await page.keyboard.press('z');
  await expect.poll(names).toEqual([null, null, null, null, null]);
});

test('faces that are not shown are counted in words, which open and show them', async ({ page }) => {
  await open(page);
  // The face, eight more of its group, and three.
  await page.getByRole('button', { name: 'and 3 more like these' }).first().click();
  const all = page.getByRole('dialog', { name: 'All 12 faces that your answer is about' });
  await expect(all.getByRole('listitem')).toHaveCount(12);
  await page.keyboard.press('Escape');
  await expect(all).toHaveCount(0);
  const offered = page.getByRole('group', { name: 'Include these too?' });
  await offered.getByRole('button', { name: 'and 3 more like these' }).click();
  await expect(page.getByRole('dialog').getByRole('listitem')).toHaveCount(6);
});
