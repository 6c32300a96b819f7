import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import type { FaceId, PersonId, PhotoId } from '../../electron/contract/ids.ts';
import type { Page as Wire } from '../e2e/page.ts';
import { makeAlbum, scan } from './album.ts';
import { type Kith, openKith, settle } from './host.ts';

// What somebody has to do for the usual things, counted: a click, a key, a stroke of the pointer, and a line that is typed
// with its Enter are one each. The test fails where one more is needed.

let kith: Kith;
let wire: Wire;

test.beforeAll(async () => {
  const place = await settle(await mkdtemp(join(tmpdir(), 'kith actions ')));
  kith = await openKith(place);
  wire = await kith.wire();
  await scan(wire, await makeAlbum(join(place.folder, 'album')));
});
test.afterAll(async () => {
  wire.socket.close();
  await kith.stop();
  await rm(kith.folder, { recursive: true });
});

/** The hand of the user, who may do so much. */
class Hand {
  readonly #page: Page;
  #left: number;

  constructor(page: Page, actions: number) {
    this.#page = page;
    this.#left = actions;
  }

  async press(key: string): Promise<void> {
    this.#count();
    await this.#page.keyboard.press(key);
  }

  async click(target: ReturnType<Page['locator']>): Promise<void> {
    this.#count();
    await target.click();
  }

  /** A line with its Enter, in a field that is there, or wherever the focus is. */
  async type(line: string, field?: ReturnType<Page['locator']>): Promise<void> {
    this.#count();
    await field?.click();
    await this.#page.keyboard.type(line);
    await this.#page.keyboard.press('Enter');
  }

  /** One stroke of the pointer from one corner to the other. */
  async draw(from: { x: number; y: number }, to: { x: number; y: number }): Promise<void> {
    this.#count();
    await this.#page.mouse.move(from.x, from.y);
    await this.#page.mouse.down();
    await this.#page.mouse.move(to.x, to.y, { steps: 3 });
    await this.#page.mouse.up();
  }

  /** To be called once what was wanted is there: not one action was saved by chance. */
  rest(): void {
    expect(this.#left, 'actions that were not needed').toBe(0);
  }

  #count(): void {
    this.#left--;
    expect(this.#left, 'one action more than there should be').toBeGreaterThanOrEqual(0);
  }
}

const people = async () => (await wire.call('people.list', {})).items;
const personOf = async (name: string) => (await people()).find((person) => person.name === name)!;

async function open(page: Page, hash: string): Promise<void> {
  await page.goto(kith.address);
  await page.goto(`${new URL(page.url()).origin}/#/${hash}`);
  await expect(page.locator('main h1').first()).toBeVisible();
}

const groupField = (page: Page) => page.getByRole('list', { name: 'Who is this?' }).locator('input').first();

/** Names the largest group. */
async function named(name: string): Promise<PersonId> {
  const [group] = (await wire.call('groups.list', {})).items;
  const done = await wire.call('name', { groups: [group!.id], name });
  if (done.kind !== 'named') throw new Error(`Expected ${name} to be new`);
  return done.ledger.person.id;
}

/** A group without a name that is on no photo with this person. */
async function groupApartFrom(person: PersonId) {
  const { items } = await wire.call('people.faces', { id: person, status: 'confirmed' });
  const photos = new Set(items.map(({ photo }) => photo));
  for (const group of (await wire.call('groups.list', {})).items) {
    const faces = (await wire.call('groups.faces', { id: group.id })).items;
    if (faces.every(({ photo }) => !photos.has(photo))) return { id: group.id, face: faces[0]!.id };
  }
  throw new Error('Expected a group on other photos');
}

test('a group gets a name by one action, and another one somebody’s name by its first letters', async ({
  page,
}) => {
  await open(page, 'people');
  const one = new Hand(page, 1);
  await one.type('Anna', groupField(page));
  await expect(page.getByRole('status').filter({ hasText: 'Anna is now on' })).toBeVisible();
  one.rest();

  const { id, face } = await groupApartFrom((await personOf('Anna')).id);
  const card = page.getByRole('listitem').filter({ has: page.locator(`a[href="#/group/${id}"]`) });
  const known = new Hand(page, 1);
  await known.type('An', card.locator('input'));
  await expect.poll(() => nameOf(face)).toBe('Anna');
  expect(await people()).toHaveLength(1);
  known.rest();
});

test('yes and no take one action each', async ({ page }) => {
  for (const name of ['Bella', 'Clara', 'Dora']) await named(name);
  for (const key of ['n', 'y']) {
    const { question } = await wire.call('review.next', {});
    if (question?.kind !== 'is') throw new Error('Expected a question about somebody who has a name');
    await open(page, 'review');
    await expect(page.getByRole('heading', { name: `Is this ${question.person.name}?` })).toBeVisible();
    const hand = new Hand(page, 1);
    await hand.press(key);
    await expect
      .poll(async () => (await wire.call('review.next', {})).question?.id ?? null)
      .not.toBe(question.id);
    hand.rest();
    // The same question again.
    await wire.call('journal.undo', {});
  }
});

test('doubtful faces of which one is wrong take two actions', async ({ page }) => {
  for (const name of ['Iris', 'Jana']) await named(name);
  const asked = (await people()).toSorted((a, b) => b.ask - a.ask)[0]!;
  const doubtful = (await wire.call('people.faces', { id: asked.id, status: 'ask', stacked: true })).items;
  expect(doubtful.length).toBeGreaterThan(1);
  const [wrong] = doubtful;
  await open(page, `person/${asked.id}?tab=check`);
  await expect(page.getByRole('heading', { name: `Is this ${asked.name}?` })).toBeVisible();
  const hand = new Hand(page, 2);
  await hand.press('n');
  const isAsked = async () =>
    (await wire.call('people.faces', { id: asked.id, status: 'ask' })).items.some(
      ({ id }) => id === wrong!.id,
    );
  await expect.poll(isAsked).toBe(false);
  await hand.click(page.getByRole('button', { name: `All are ${asked.name}` }));
  await expect.poll(async () => (await personOf(asked.name)).confirmed).toBeGreaterThan(asked.confirmed);
  expect(await nameOf(wrong!.id)).not.toBe(asked.name);
  hand.rest();
});

test('two people become one by three actions, the last of which answers a question', async ({ page }) => {
  await named('Elena');
  const fay = await named('Fay');
  await open(page, `person/${fay}`);
  const hand = new Hand(page, 3);
  await hand.click(page.getByRole('button', { name: 'Merge' }));
  await hand.type('Elena');
  const question = page.getByRole('dialog', { name: 'Are these the same person?' });
  await hand.click(question.getByRole('button', { name: 'Yes, the same person' }));
  await expect.poll(async () => (await people()).map(({ name }) => name)).not.toContain('Fay');
  hand.rest();
});

test('a wrong name on a photo is put right by two actions, and a missed face drawn by three', async ({
  page,
}) => {
  const [face] = (await wire.call('people.faces', { id: await named('Karla'), status: 'confirmed' })).items;
  await open(page, `photo/${face!.photo}`);
  const right = new Hand(page, 2);
  await right.click(page.locator(`[data-face="${face!.id}"]`));
  await right.type('Gina');
  await expect.poll(async () => await nameOf(face!.id)).toBe('Gina');
  right.rest();

  await expect(page.getByRole('dialog')).toHaveCount(0);
  const before = (await wire.call('photos.get', { id: face!.photo })).faces.length;
  const picture = page.locator('main img').first();
  const { x, y, width, height } = (await picture.boundingBox())!;
  const { box } = face!;
  const missed = new Hand(page, 3);
  await missed.press('d');
  await missed.draw(
    { x: x + (box.x + 0.01) * width, y: y + (box.y + 0.01) * height },
    { x: x + (box.x + box.width) * width, y: y + (box.y + box.height) * height },
  );
  await expect(page.getByRole('dialog').getByRole('combobox')).toBeVisible({ timeout: 30_000 });
  await missed.type('Hanna');
  await expect.poll(async () => (await people()).map(({ name }) => name)).toContain('Hanna');
  expect((await wire.call('photos.get', { id: face!.photo })).faces).toHaveLength(before + 1);
  missed.rest();
});

test('photos with two people are found by one action, and the next photo of a person by one', async ({
  page,
}) => {
  const [one, other] = await together();
  await open(page, 'people');
  const both = new Hand(page, 1);
  await both.type(`${one} and ${other}`, page.getByRole('combobox', { name: /Search/ }));
  await expect(page.getByRole('heading', { name: new RegExp(`${one}.*${other}`) })).toBeVisible();
  both.rest();

  const { id } = await personOf(one);
  await open(page, `person/${id}`);
  const tiles = page.getByRole('tabpanel').getByRole('link');
  await tiles.first().click();
  await expect(page.locator('[data-face]').first()).toBeAttached();
  const address = page.url();
  const next = new Hand(page, 1);
  await next.press('ArrowRight');
  await expect.poll(() => page.url()).not.toBe(address);
  const photo = Number(/photo\/(\d+)/.exec(page.url())![1]) as PhotoId;
  const { faces } = await wire.call('photos.get', { id: photo });
  expect(faces.map(({ person }) => person?.name)).toContain(one);
  next.rest();
});

test('somebody who was hidden comes back by two actions', async ({ page }) => {
  const id = await named('Lena');
  await wire.call('people.hide', { ids: [id], hidden: true });
  await open(page, 'people');
  const hand = new Hand(page, 2);
  await hand.click(page.getByRole('link', { name: 'Put aside' }));
  await hand.click(page.getByRole('button', { name: 'Show again: Lena' }));
  await expect.poll(async () => (await personOf('Lena')).hidden).toBe(false);
  hand.rest();
});

async function nameOf(id: FaceId): Promise<string | undefined> {
  const [face] = await wire.call('faces.get', { ids: [id] });
  return face?.person?.name;
}

/** Names two people who are on one photo together, each on others too. @returns their names */
async function together(): Promise<[string, string]> {
  const names = ['Mia', 'Nora'] as const;
  for (const { id } of (await wire.call('photos.list', {})).items) {
    const { faces } = await wire.call('photos.get', { id });
    const groups = faces.flatMap(({ group, person }) => (person === null && group !== null ? [group] : []));
    if (groups.length < 2) continue;
    for (const [at, name] of names.entries()) await wire.call('name', { groups: [groups[at]!], name });
    return [...names];
  }
  throw new Error('Expected two groups without a name on one photo');
}
