import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import type { FaceId } from '../../electron/contract/ids.ts';
import type { FaceCard } from '../../electron/contract/people.ts';
import { openLibrary } from '../../electron/library/open.ts';
import type { Page as Wire } from '../e2e/page.ts';
import { scanSamples } from './album.ts';
import { type Kith, openKith, settle } from './host.ts';

// Whatever offers to undo something undoes that and nothing else, whoever did something since.

let kith: Kith;
let wire: Wire;
/** Faces that are nobody's, the best first. */
let faces: FaceCard[];

test.beforeEach(async () => {
  kith = await openKith(await settle(await mkdtemp(join(tmpdir(), 'kith undo '))));
  await scanSamples(kith);
  wire = await kith.wire();
  faces = (await wire.call('groups.alone', {})).items;
});
test.afterEach(async () => {
  wire.socket.close();
  await kith.stop();
  await rm(kith.folder, { recursive: true });
});

async function open(page: Page, hash: string): Promise<void> {
  await page.goto(kith.address);
  await page.goto(`${new URL(page.url()).origin}/#/${hash}`);
  await expect(page.locator('main h1').first()).toBeVisible();
}

/** Makes one person of some faces. @returns the person's id */
async function person(name: string, ...its: FaceCard[]): Promise<number> {
  await wire.call('name', { faces: its.map(({ id }) => id), name });
  const [found] = await wire.call('people.search', { text: name });
  return found!.id;
}

const statusOf = async (face: FaceId) => (await wire.call('faces.get', { ids: [face] }))[0]!.status;
const names = async () =>
  (await wire.call('people.list', {})).items.map(({ name }: { name: string }) => name).sort();

const notice = (page: Page, text: string) => page.locator('[data-sonner-toast]').filter({ hasText: text });
const undo = (page: Page, text: string) =>
  notice(page, text).getByRole('button', { name: 'Undo', exact: true }).click();

/** Selects one face of the person's page and presses a key that says something of it. */
async function say(page: Page, face: FaceId, key: string): Promise<void> {
  await page.locator(`[data-select$=":${face}"] a`).focus();
  await page.keyboard.press('x');
  await expect(page.getByText('1 selected')).toBeVisible();
  await page.keyboard.press(key);
  await expect(page.getByText('1 selected')).toHaveCount(0);
}

test('each notice takes back its own: what was done since stays', async ({ page }) => {
  const [first, second] = faces as [FaceCard, FaceCard];
  const other = faces.filter(({ photo }) => photo !== first.photo && photo !== second.photo)[0]!;
  const anna = await person('Anna', first, ...(first.photo === second.photo ? [] : [second]), other);
  await open(page, `person/${anna}?tab=faces`);
  await say(page, first.id, 'i');
  await expect(notice(page, '1 face of a stranger: Kith won’t ask again')).toBeVisible();
  await say(page, other.id, 'r');
  await expect(notice(page, '1 face is not Anna')).toBeVisible();
  // Each shows whom it concerns.
  for (const [text, face] of [
    ['1 face of a stranger', first.id],
    ['1 face is not Anna', other.id],
  ] as const)
    await expect(notice(page, text).locator(`img[src*="face/${face}"]`)).toBeVisible();

  await undo(page, '1 face of a stranger: Kith won’t ask again');
  await expect(notice(page, 'Taken back: 1 face of a stranger')).toBeVisible();
  expect(await statusOf(first.id)).toBe('confirmed');
  expect(await statusOf(other.id)).not.toBe('confirmed');
  // What is undone is not offered any more.
  await expect(
    notice(page, '1 face of a stranger: Kith won’t ask again').filter({ hasNotText: 'Taken back' }),
  ).toHaveCount(0);

  await notice(page, 'Taken back: 1 face of a stranger').getByRole('button', { name: 'Redo' }).click();
  await expect(notice(page, 'Done again: 1 face of a stranger')).toBeVisible();
  expect(await statusOf(first.id)).toBe('ignored');
});

test('several that were hidden leave a notice each', async ({ page }) => {
  const [anna, bella] = [await person('Anna', faces[0]!), await person('Bella', faces[1]!)];
  for (const id of [anna, bella]) {
    await open(page, `person/${id}`);
    await page.getByRole('button', { name: 'More', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Hide' }).click();
    await expect(notice(page, id === anna ? 'Anna is hidden' : 'Bella is hidden').first()).toBeVisible();
    if (id === anna) await page.evaluate(`location.hash = '#/person/${bella}'`);
  }
  expect(await names()).toEqual([]);
});

test('a ledger in one tab takes back its own, whatever another tab has done since', async ({ context }) => {
  const [one, two] = [await context.newPage(), await context.newPage()];
  for (const page of [one, two]) {
    await page.goto(kith.address);
    await expect(page.getByText('Nobody is named yet.')).toBeVisible();
  }
  await one.getByRole('list', { name: 'Who is this?' }).getByRole('textbox').first().click();
  await one.keyboard.type('Anna');
  await one.keyboard.press('Enter');
  const ledger = one.getByRole('status').filter({ hasText: 'Anna is now on' });
  await expect(ledger).toBeVisible();
  await expect(ledger.locator('img').first()).toBeVisible();
  await expect(two.getByRole('list', { name: 'People' }).getByText('Anna')).toBeVisible({ timeout: 1000 });

  const ignored = faces.at(-1)!.id;
  const bella = await person('Bella', faces[0]!);
  await wire.call('faces.mark', { faces: [ignored], as: 'ignored' });
  await ledger.getByRole('button', { name: 'Undo' }).click();
  await expect(notice(one, 'Taken back: Named Anna')).toBeVisible();
  await expect(two.getByRole('list', { name: 'People' }).getByText('Anna')).toHaveCount(0, { timeout: 1000 });
  expect(await names()).toEqual(['Bella']);
  expect(await statusOf(ignored)).toBe('ignored');
  expect(bella).toBeGreaterThan(0);
});

test('what was built on something goes along with it, if the user says so', async ({ page }) => {
  const anna = await person('Anna', faces[0]!);
  await wire.call('people.rename', { id: anna, name: 'Annie' });
  await open(page, 'history');
  const entries = page.getByRole('list', { name: 'History' });
  const back = entries.getByRole('button', { name: 'Undo: Named Anna' });
  await back.click();
  const question = page.getByRole('dialog', { name: 'Undo “Named Anna”?' });
  await expect(question.getByRole('listitem')).toHaveText(/Renamed Anna to Annie/);
  await question.getByRole('button', { name: 'Cancel' }).click();
  await expect(question).toHaveCount(0);
  expect(await names()).toEqual(['Annie']);

  await back.click();
  await question.getByRole('button', { name: 'Undo both' }).click();
  await expect(notice(page, 'Taken back: Named Anna, and what was built on it')).toBeVisible();
  expect(await names()).toEqual([]);
  await expect(entries.getByRole('button', { name: /^Redo: / })).toHaveCount(2);

  await notice(page, 'Taken back').getByRole('button', { name: 'Redo' }).click();
  await expect(notice(page, 'Done again: Named Anna')).toBeVisible();
  expect(await names()).toEqual(['Annie']);
});

test('the history says who an entry concerns, and takes back any of them', async ({ page }) => {
  await person('Anna', faces[0]!);
  await wire.call('faces.mark', { faces: faces.slice(2, 12).map(({ id }) => id), as: 'ignored' });
  await person('Bella', faces[1]!);
  await open(page, 'history');
  const entry = (what: string) =>
    page.getByRole('list', { name: 'History' }).getByRole('listitem').filter({ hasText: what });
  await expect(entry('10 faces of strangers: Kith won’t ask again').getByText('and 6 more')).toHaveCount(1);
  await expect(entry('10 faces of strangers: Kith won’t ask again').locator('img')).toHaveCount(4);

  // From the keyboard: Tab leads to the list, the arrows from entry to entry.
  await page.getByRole('button', { name: 'Undo: Named Bella' }).focus();
  await page.keyboard.press('ArrowDown');
  await expect(
    page.getByRole('button', { name: 'Undo: 10 faces of strangers: Kith won’t ask again' }),
  ).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(entry('10 faces of strangers: Kith won’t ask again')).toContainText('taken back');
  expect(await names()).toEqual(['Anna', 'Bella']);
  expect(await statusOf(faces[2]!.id)).not.toBe('ignored');
  await page.getByRole('button', { name: 'Redo: 10 faces of strangers: Kith won’t ask again' }).click();
  await expect(entry('10 faces of strangers: Kith won’t ask again')).not.toContainText('taken back');
  expect(await statusOf(faces[2]!.id)).toBe('ignored');
});

test('in Review, Back takes back the answer that was given there', async ({ page }) => {
  await person('Anna', faces[0]!);
  await open(page, 'review');
  await expect(page.getByRole('button', { name: 'Skip' })).toBeVisible();
  const before = (await wire.call('journal.list', {})).total;
  await page.keyboard.press('i');
  await expect.poll(async () => (await wire.call('journal.list', {})).total).toBe(before + 1);
  const [answer] = (await wire.call('journal.list', {})).items;
  // The page ignores keys until its own answer is confirmed.
  await expect(page.getByRole('button', { name: 'Back' })).toBeEnabled();
  // Another face: a name for the face of the answer would block its undo.
  const other = faces.find(({ id }) => id !== faces[0]!.id && !answer!.faces.includes(id));
  await person('Bella', other!);
  await page.keyboard.press('z');
  await expect
    .poll(async () => (await wire.call('journal.list', {})).items.find(({ id }) => id === answer!.id)!.state)
    .toBe('undone');
  expect(await names()).toEqual(['Anna', 'Bella']);
});

test('what was changed elsewhere meanwhile is not overwritten: the page says so, looks again, and keeps what was typed', async ({
  page,
}) => {
  const anna = await person('Anna', faces[0]!);
  let isDeaf = false;
  await page.routeWebSocket('**/socket', (socket) => {
    const server = socket.connectToServer();
    // Answers come; what is told unasked does not.
    server.onMessage((message) => {
      if (!isDeaf || !('event' in JSON.parse(String(message)))) socket.send(message);
    });
  });
  await open(page, `person/${anna}`);
  await page.getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Add birth date' }).click();
  const date = page.getByLabel('Birth date of Anna').and(page.locator('input'));
  await date.fill('1990-05-01');
  isDeaf = true;
  await wire.call('people.birth', { id: anna as never, birth: '1980-01-01' });
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(
    page.getByText('This was changed in another window meanwhile, so nothing was done.'),
  ).toBeVisible();
  await expect(page.getByText('born January 1, 1980')).toBeAttached();
  await expect(date).toHaveValue('1990-05-01');
  expect((await wire.call('people.get', { id: anna as never })).birth).toBe('1980-01-01');

  isDeaf = false;
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('born May 1, 1990')).toBeVisible();
});

test('the history says where it ends', async ({ page }) => {
  await person('Anna', faces[0]!);
  await person('Bella', faces[1]!);
  wire.socket.close();
  await kith.stop();
  const library = openLibrary(kith.library);
  library.journal.chooseFolded({ days: 365, entries: 1 });
  library.close();
  kith = await openKith(kith);
  wire = await kith.wire();
  await open(page, 'history');
  await expect(page.getByRole('list', { name: 'History' }).getByRole('listitem')).toHaveText(/Named Bella/);
  await expect(
    page.getByText(/^What was done up to .+ stands, and can’t be undone any more\.$/),
  ).toBeVisible();
});
