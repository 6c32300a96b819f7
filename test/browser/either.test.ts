import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import type { FaceId } from '../../electron/contract/ids.ts';
import type { Question } from '../../electron/contract/people.ts';
import type { Page as Wire } from '../e2e/page.ts';
import { sixPhotos } from '../fixtures/sample-faces.ts';
import { makeAlbum, scan } from './album.ts';
import { type Kith, openKith, settle } from './host.ts';
import { expectMissed, expectTree, steady } from './looks.ts';
import { rest } from './screens.ts';

// "Emma or Lina?" with the real engine on real photos. Nobody on the samples has a sister there, so that one woman's photos
// are given two names: two people cannot be nearer to each other.

/** Questions that may come before the one that is looked for: one for each of the others on the samples, and more. */
const MOST_SKIPPED = 60;

let kith: Kith;
let wire: Wire;
/** The other faces of her group. */
let group: FaceId[];

test.beforeEach(async () => {
  test.setTimeout(240_000);
  const folder = await mkdtemp(join(tmpdir(), 'kith either '));
  kith = await openKith(await settle(folder));
  wire = await kith.wire();
  await scan(wire, await sixPhotos(folder));
  await scan(wire, await makeAlbum(join(folder, 'photos', 'Team days')));
  const groups = (await wire.call('groups.list', {})).items;
  const one = groups.find(({ size }) => size === 4)!;
  const [first, second, ...others] = (await wire.call('groups.faces', { id: one.id })).items;
  await wire.call('name', { faces: [first!.id], name: 'Emma' });
  await wire.call('name', { faces: [second!.id], name: 'Lina' });
  group = others.map(({ id }) => id);
});
test.afterEach(async () => {
  wire.socket.close();
  await kith.stop();
  await rm(kith.folder, { recursive: true });
});

type Either = Extract<Question, { kind: 'either' }>;

/** Skips questions until one is about both and her group. */
async function asked(): Promise<Either> {
  let { question } = await wire.call('review.next', {});
  for (let skipped = 0; question && skipped < MOST_SKIPPED; skipped++) {
    if (question.kind === 'either' && group.includes(question.face.id)) return question;
    const answer = { question: question.id, answer: { kind: 'skip' as const } };
    question = (await wire.call('review.answer', answer)).next;
  }
  throw new Error('Expected a question about both but there is none');
}

async function open(page: Page): Promise<void> {
  await page.goto(kith.address);
  await page.goto(`${new URL(page.url()).origin}/#/review`);
  await expect(page.getByRole('heading', { name: 'Emma or Lina?' })).toBeVisible();
}

/** The names that the user gave these faces. */
async function names(): Promise<string[]> {
  const cards = await wire.call('faces.get', { ids: group });
  return [...new Set(cards.map(({ status, person }) => (status === 'confirmed' ? person!.name : 'nobody')))];
}

const newest = async () => (await wire.call('journal.list', {})).items[0]!;

test('is answered by one key, taken back, answered by pointer, and taken back in the history', async ({
  page,
}) => {
  await asked();
  await open(page);
  for (const name of ['Emma', 'Lina']) {
    await expect(page.getByRole('group', { name, exact: true }).getByRole('img').first()).toBeVisible();
  }
  const lina = page.getByRole('button', { name: 'Lina', exact: true });
  await expect(lina).toHaveAttribute('aria-keyshortcuts', '2');
  await page.keyboard.press('2');
  await expect.poll(names).toEqual(['Lina']);
  expect((await newest()).detail).toEqual({ name: 'Lina', other: 'Emma', answer: 'one' });

  await expect(page.getByRole('button', { name: 'Back' })).toBeEnabled();
  await page.keyboard.press('z');
  await expect.poll(names).toEqual(['nobody']);
  await expect(page.getByRole('heading', { name: 'Emma or Lina?' })).toBeVisible();

  await page.getByRole('button', { name: 'Emma', exact: true }).click();
  await expect.poll(names).toEqual(['Emma']);
  await page.goto(`${new URL(page.url()).origin}/#/history`);
  await page.getByRole('button', { name: 'Undo: Confirmed Emma, not Lina' }).click();
  await expect.poll(names).toEqual(['nobody']);
});

test('is left for later by whoever can’t tell, and neither is both refused', async ({ page }) => {
  const { id } = await asked();
  await open(page);
  const before = (await newest()).id;
  await page.keyboard.press('n');
  await expect.poll(async () => (await newest()).id).not.toBe(before);
  expect((await newest()).detail).toEqual({ name: 'Emma', other: 'Lina', answer: 'neither' });
  for (const { person } of await wire.call('faces.get', { ids: group })) expect(person).toBeNull();
  await expect(page.getByRole('button', { name: 'Back' })).toBeEnabled();
  await page.keyboard.press('z');
  await expect(page.getByRole('heading', { name: 'Emma or Lina?' })).toBeVisible();

  await page.getByRole('button', { name: 'Can’t tell' }).click();
  await expect(page.getByRole('heading', { name: 'Emma or Lina?' })).toHaveCount(0);
  expect((await wire.call('review.next', {})).question?.id).not.toBe(id);
  expect(await names()).toEqual(['nobody']);
});

test('fits on one screen, wide and narrow, light and dark, and is told to a screen reader', async ({
  page,
}) => {
  await asked();
  await open(page);
  await rest(page);
  await steady(page, kith.folder);
  await expectTree(page, 'either');
  expect(await expectMissed(page, 'either', null)).toBe(true);
  for (const [width, height, colorScheme] of [
    [1280, 800, 'light'],
    [1280, 800, 'dark'],
    [1280, 640, 'light'],
    [390, 844, 'light'],
    [390, 844, 'dark'],
    [320, 640, 'light'],
  ] as const) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height });
    await open(page);
    await rest(page);
    const path = test.info().outputPath(`either-${colorScheme}-${width}-${height}.png`);
    await page.screenshot({ path, animations: 'disabled' });
    await expect(page.getByText('faces settled')).toBeInViewport({ ratio: 1 });
    const { down, aside } = await page.evaluate(() => ({
      down: document.documentElement.scrollHeight - window.innerHeight,
      aside: document.documentElement.scrollWidth - window.innerWidth,
    }));
    expect.soft([down <= 0, aside <= 0], `${width} × ${height}`).toEqual([true, true]);
  }
});
