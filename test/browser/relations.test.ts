import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import type { PersonId } from '../../electron/contract/ids.ts';
import type { RelationKind } from '../../electron/contract/relations.ts';
import type { Query } from '../../electron/contract/search.ts';
import type { Page as Wire } from '../e2e/page.ts';
import { scanSamples } from './album.ts';
import { type Kith, openKith, settle } from './host.ts';

// Who is related to whom: said and taken back on a person's page, and searched for.

let kith: Kith;
let wire: Wire;
const people = {} as Record<'Anna' | 'Ben' | 'Cleo' | 'Dora', PersonId>;

test.beforeEach(async () => {
  kith = await openKith(await settle(await mkdtemp(join(tmpdir(), 'kith relations '))));
  await scanSamples(kith);
  wire = await kith.wire();
  const { items } = await wire.call('photos.list', {});
  const crowded = items.filter(({ faces }) => faces > 2);
  // Anna and Ben are on one photo, Cleo and Dora each on another.
  for (const [name, photo, place] of [
    ['Anna', 0, 0],
    ['Ben', 0, 1],
    ['Cleo', 1, 0],
    ['Dora', 2, 0],
  ] as const) {
    const { faces } = await wire.call('photos.get', { id: crowded[photo]!.id });
    const given = await wire.call('name', { faces: [faces[place]!.id], name });
    if (given.kind === 'named') people[name] = given.ledger.person.id;
  }
});
test.afterEach(async () => {
  wire.socket.close();
  await kith.stop();
  await rm(kith.folder, { recursive: true });
});

type Name = keyof typeof people;
const relate = (id: Name, is: RelationKind, of: Name) =>
  wire.call('people.relate', { id: people[id], is, of: people[of] });
const relatives = async (of: Name) =>
  (await wire.call('people.relations', { id: people[of] })).map(({ is, name }) => `${is} ${name}`);
const found = async (query: Query) => (await wire.call('search.photos', { query })).items;
const childrenOf = (name: Name): Query => [
  { not: false, any: [{ kind: 'related', is: 'child', person: people[name] }] },
];

const family = (page: Page, name: string) => page.getByRole('region', { name: `Family of ${name}` });
const add = (page: Page, name: string) => family(page, name).getByRole('button', { name: 'Add family' });
const dialog = (page: Page, name: string) =>
  page.getByRole('dialog', { name: `Add to the family of ${name}` });

async function open(page: Page, name: Name): Promise<void> {
  await page.goto(kith.address);
  await page.goto(`${new URL(kith.address).origin}/#/person/${people[name]}`);
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
}

/** Says it in the dialog that is open, by the keyboard alone. */
async function say(page: Page, what: string, name: string): Promise<void> {
  await page.getByRole('radio', { name: what }).focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('Tab');
  await page.keyboard.type(name);
  await expect(page.getByRole('option').first()).toContainText(name);
  await page.keyboard.press('Enter');
}

test('where nobody is related there is one button; who is said to be is shown on both pages, and undone', async ({
  page,
}) => {
  await open(page, 'Anna');
  await expect(family(page, 'Anna').getByRole('heading')).toHaveCount(0);
  await expect(family(page, 'Anna').getByRole('button')).toHaveCount(1);
  await add(page, 'Anna').focus();
  await page.keyboard.press('Enter');
  await expect(dialog(page, 'Anna').getByRole('radio', { name: 'Parent' })).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await expect(dialog(page, 'Anna').getByRole('radio', { name: 'Child' })).toBeChecked();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('combobox', { name: 'Who is a child of Anna?' })).toBeFocused();
  await page.keyboard.type('be');
  // Anna is not offered to herself, and no new person is.
  await expect(page.getByRole('option')).toHaveText([/Ben/]);
  await page.keyboard.press('Enter');
  await expect(dialog(page, 'Anna')).toHaveCount(0);
  await expect(add(page, 'Anna')).toBeFocused();
  await expect(page.getByText('Anna is a parent of Ben')).toBeVisible();
  await expect(family(page, 'Anna').getByRole('heading', { name: 'Child' })).toBeVisible();
  expect(await relatives('Ben')).toEqual(['parent Anna']);

  await family(page, 'Anna').getByRole('link', { name: 'Ben' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Ben' })).toBeVisible();
  await expect(family(page, 'Ben').getByRole('heading', { name: 'Parent' })).toBeVisible();
  await expect(family(page, 'Ben').getByRole('link', { name: 'Anna' })).toBeVisible();
  await page.keyboard.press('Control+Z');
  await expect(family(page, 'Ben').getByRole('heading')).toHaveCount(0);
  expect(await relatives('Anna')).toEqual([]);
});

test('what is said of two people already is asked about before it is replaced', async ({ page }) => {
  await relate('Ben', 'child', 'Anna');
  await open(page, 'Anna');
  await add(page, 'Anna').click();
  await say(page, 'Partner', 'Ben');
  const asked = dialog(page, 'Anna').getByRole('alert');
  await expect(asked).toContainText('So far Ben is a child of Anna. Make Ben a partner instead?');
  expect(await relatives('Anna')).toEqual(['child Ben']);
  await asked.getByRole('button', { name: 'Yes, change it' }).click();
  await expect(dialog(page, 'Anna')).toHaveCount(0);
  await expect(family(page, 'Anna').getByRole('heading')).toHaveText(['Partner']);
  expect(await relatives('Anna')).toEqual(['partner Ben']);
});

test('what can not be is refused in words: one’s own ancestor, and nobody who has a name', async ({
  page,
}) => {
  await relate('Ben', 'child', 'Anna');
  await relate('Cleo', 'child', 'Ben');
  await open(page, 'Anna');
  await add(page, 'Anna').click();
  await say(page, 'Parent', 'Cleo');
  const alert = dialog(page, 'Anna').getByRole('alert');
  await expect(alert).toHaveText('Cleo descends from Anna, and can’t be a parent.');
  const field = page.getByRole('combobox', { name: 'Who is a parent of Anna?' });
  await expect(field).toHaveValue('Cleo');
  await field.fill('Emil');
  await page.keyboard.press('Enter');
  await expect(alert).toHaveText('Nobody is called Emil yet. Name a face of theirs first.');
  expect((await wire.call('people.list', {})).items).toHaveLength(4);
  await page.keyboard.press('Escape');
  await expect(dialog(page, 'Anna')).toHaveCount(0);
  expect(await relatives('Anna')).toEqual(['child Ben']);
});

test('siblings follow from a parent; whoever is taken out leaves the next button in focus', async ({
  page,
}) => {
  await relate('Ben', 'child', 'Anna');
  await relate('Cleo', 'child', 'Anna');
  await relate('Dora', 'partner', 'Ben');
  await open(page, 'Ben');
  const sibling = family(page, 'Ben').getByRole('link', { name: /Cleo/ });
  await expect(sibling).toContainText('shares a parent');
  const buttons = family(page, 'Ben').getByRole('button', { name: /^Take/ });
  await expect(buttons).toHaveCount(2);
  await family(page, 'Ben').getByRole('button', { name: 'Take Anna out of the family of Ben' }).click();
  await expect(sibling).toHaveCount(0);
  await expect(add(page, 'Ben')).toBeFocused();
  await expect(page.getByText('Took Anna out of the family of Ben')).toBeVisible();
  expect(await relatives('Ben')).toEqual(['partner Dora']);
  await page.keyboard.press('Control+Z');
  await expect(sibling).toBeVisible();

  // The history says it with both faces.
  await page.goto(`${new URL(kith.address).origin}/#/history`);
  const entry = page.getByRole('listitem').filter({ hasText: 'Anna is a parent of Ben' });
  await expect(entry.locator('img')).toHaveCount(2);
});

test('relatives are searched for by completion, marked, and in an album that fills itself', async ({
  page,
}) => {
  await relate('Ben', 'child', 'Anna');
  await open(page, 'Anna');
  // From the page itself.
  await family(page, 'Anna').getByRole('link', { name: 'Child', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Children of Anna');

  const field = page.getByRole('combobox', { name: 'Search photos' });
  const chips = page.getByRole('list', { name: 'What is searched for' }).getByRole('listitem');
  const photos = page.getByRole('list', { name: 'Photos that were found' }).getByRole('link');
  const options = page.getByRole('listbox', { name: 'What it may mean' }).getByRole('option');
  await expect(chips).toHaveText(['children of Anna']);
  await page.keyboard.press('/');
  await page.keyboard.press('Backspace');
  await expect(chips).toHaveCount(0);
  // Behind what joins it; a space at the end changes nothing.
  await page.keyboard.type('without chil ');
  await expect(options.first()).toHaveText('children of …');
  await page.keyboard.press('Enter');
  await expect(field).toHaveValue('without children of ');
  await field.fill('chil');
  await expect(options.first()).toHaveText('children of …');
  await page.keyboard.press('Enter');
  await expect(field).toHaveValue('children of ');
  await expect(options.filter({ hasText: '…' })).toHaveCount(0);
  await expect(options.first()).toHaveText('children of Anna');
  // Ben has a parent, and comes before Anna; others are offered as well.
  await field.fill('parents of ');
  await expect(options.first()).toHaveText('parents of Ben');
  await field.fill('children of ');
  await expect(options.filter({ hasText: 'children of Dora' })).toHaveCount(1);
  await page.keyboard.type('an');
  await expect(options.first()).toHaveText('children of Anna');
  await page.keyboard.press('Enter');
  await expect(chips).toHaveText(['children of Anna']);
  const expected = await found(childrenOf('Anna'));
  expect(expected).toHaveLength(1);
  await expect(photos).toHaveCount(1);
  await expect(page.locator('[data-matched]')).toHaveAttribute(
    'data-matched',
    String(expected[0]!.matched[0]!.id),
  );
  expect(decodeURIComponent(new URL(page.url()).hash)).toBe('#/search?q=children+of+Anna');

  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Save as an album' }).click();
  await page.getByRole('dialog').getByRole('textbox').fill('The children');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('The children');
  await relate('Cleo', 'child', 'Anna');
  await expect(photos).toHaveCount((await found(childrenOf('Anna'))).length);
  expect(await found(childrenOf('Anna'))).toHaveLength(2);
  await page.reload();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('The children');
  await expect(photos).toHaveCount(2);

  // As a sentence, in either language.
  for (const typed of ['Kinder von Anna', "Anna's children"]) {
    await page.keyboard.press('/');
    await page.keyboard.press('Backspace');
    await page.keyboard.type(typed);
    await page.keyboard.press('Enter');
    await expect(chips).toHaveText(['children of Anna']);
    await page.keyboard.press('Escape');
  }
});

test('an export of what is found for relatives is of their faces, and keeps them recognisable', async ({
  page,
}) => {
  await relate('Ben', 'child', 'Anna');
  const { faces } = (await wire.call('search.photos', { query: childrenOf('Anna') })).items[0]!;
  const sent: string[] = [];
  page.on('websocket', (socket) => socket.on('framesent', ({ payload }) => sent.push(String(payload))));
  await page.goto(kith.address);
  await page.goto(`${new URL(kith.address).origin}/#/export?q=children+of+Anna`);
  await page.getByRole('radio', { name: 'The faces, cut out' }).click();
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  await expect(page.getByText('1 face was written.')).toBeVisible({ timeout: 60_000 });
  await page.getByRole('button', { name: 'Export something else' }).click();
  await page.getByRole('radio', { name: 'The photos, others hidden' }).click();
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  // Everybody but Ben, also Anna.
  await expect(page.getByText(/^\d+ faces? (is|are) hidden on (it|them)\.$/)).toBeVisible({
    timeout: 60_000,
  });
  const asked = sent.find((frame) => frame.includes('export.private'))!;
  expect(JSON.parse(asked)).toMatchObject({ params: { keep: [people.Ben] } });
  expect(faces).toBeGreaterThan(1);
});

test('whoever is family is not merged without a word about it', async ({ page }) => {
  await relate('Cleo', 'sibling', 'Dora');
  await open(page, 'Cleo');
  await page.getByRole('button', { name: 'Merge' }).click();
  await page.getByRole('combobox', { name: 'Who is the same person?' }).fill('Dora');
  await page.getByRole('option', { name: /^Dora/ }).click();
  await expect(page.getByText('You said that Cleo and Dora are family')).toBeVisible();
});

test('it fits a phone and a dark room, and breaks no rule of accessibility', async ({ page }) => {
  await relate('Ben', 'child', 'Anna');
  await relate('Cleo', 'child', 'Anna');
  await relate('Dora', 'partner', 'Ben');
  for (const [width, scheme] of [
    [320, 'light'],
    [390, 'dark'],
    [1280, 'dark'],
  ] as const) {
    await page.setViewportSize({ width, height: 720 });
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await open(page, 'Ben');
    await expect(family(page, 'Ben').getByRole('link', { name: /Cleo/ })).toBeVisible();
    const check = async () => {
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => `${id} ${nodes.map(({ html }) => html).join(' ')}`)).toEqual(
        [],
      );
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(wide).toBeLessThanOrEqual(0);
    };
    await check();
    await add(page, 'Ben').click();
    await say(page, 'Child', 'Anna');
    await expect(dialog(page, 'Ben').getByRole('alert')).toBeVisible();
    await check();
  }
});
