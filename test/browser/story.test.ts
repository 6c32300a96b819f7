import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { kith as command } from '../e2e/cli.ts';
import { makeAlbum } from './album.ts';
import { exportInto } from './export-into.ts';
import { type Kith, openKith, settle } from './host.ts';

// What somebody does on the first evening, in a real browser, on real photos, with the real engine. What the page says
// is held against the record, read through a connection of its own.

let kith: Kith;
let album: string;

test.beforeAll(async () => {
  const place = await settle(await mkdtemp(join(tmpdir(), 'kith story ')));
  album = await makeAlbum(join(place.folder, 'album'));
  kith = await openKith(place);
});
test.afterAll(async () => {
  await kith.stop();
  await rm(kith.folder, { recursive: true });
});

/** Who is known, by name: faces that are theirs, and faces that are asked about. */
async function record(): Promise<Record<string, { known: number; ask: number }>> {
  const wire = await kith.wire();
  const { items } = await wire.call('people.list', {});
  wire.socket.close();
  return Object.fromEntries(
    items.map(({ name, confirmed, sure, ask }) => [name, { known: confirmed + sure, ask }]),
  );
}

const ledger = (page: Page) => page.getByRole('status').filter({ hasText: 'is now on' });
const person = (page: Page, name: string) =>
  page.getByRole('list', { name: 'People' }).getByRole('link', { name: new RegExp(`^${name} `) });

test('from an empty library to named, checked, merged and exported people', async ({ page }) => {
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });

  await test.step('the sample photos are looked at', async () => {
    await page.goto(kith.address);
    expect(page.url()).not.toContain('token');
    await expect(page.getByRole('heading', { name: 'Drop a folder of photos' })).toBeVisible();
    await page.getByRole('button', { name: 'Try the sample photos' }).click();
    await expect(page.getByRole('heading', { name: 'Everything was looked at' })).toBeVisible({
      timeout: 90_000,
    });
    await expect(page.getByText('24 photos · 65 faces')).toBeVisible();
    await expect(page.getByRole('region', { name: 'Faces found so far' }).getByRole('img')).toHaveCount(0);
    await page.getByRole('link', { name: 'See the people' }).click();
    await expect(page.getByText('Nobody is named yet.')).toBeVisible();
  });

  await test.step('a group gets its name in place', async () => {
    const field = page.getByRole('textbox', { name: 'Somebody without a name, 7 faces' });
    await expect(field).toHaveCount(1);
    await field.click();
    await page.keyboard.type('Anna');
    await page.keyboard.press('Enter');
    await expect(ledger(page)).toContainText('Anna is now on 7 photos');
    await expect(person(page, 'Anna')).toContainText('7 faces');
    expect(await record()).toMatchObject({ Anna: { known: 7 } });
  });

  await test.step('it is taken back, and done again', async () => {
    await ledger(page).getByRole('button', { name: 'Undo' }).click();
    await expect(page.getByText('Taken back: Named Anna')).toBeVisible();
    await expect(page.getByText('Nobody is named yet.')).toBeVisible();
    expect(await record()).toEqual({});
    await page.keyboard.press('Control+Shift+Z');
    await expect(page.getByText('Done again: Named Anna')).toBeVisible();
    await expect(person(page, 'Anna')).toBeVisible();
    expect(await record()).toMatchObject({ Anna: { known: 7 } });
  });

  await test.step('new photos come, and Anna is found on them without a hand', async () => {
    await page.keyboard.press('Control+O');
    await page.getByRole('button', { name: 'Add another folder' }).click();
    await page.getByRole('button', { name: 'Choose a folder' }).click();
    const path = page.getByRole('textbox', { name: 'Path of the folder' });
    // The home folder stands in it first: a path that is filled in at that very moment would go behind it.
    await expect(path).not.toHaveValue('');
    await path.fill(album);
    await page.getByRole('button', { name: 'Add this folder' }).click();
    await expect(page.getByText(/^18 photos · \d+ faces/)).toBeVisible({ timeout: 120_000 });
    await expect(page.getByRole('heading', { name: 'Everything was looked at' })).toBeVisible({
      timeout: 60_000,
    });
    await page.getByRole('link', { name: 'See the people' }).click();
    const { Anna } = await record();
    expect(Anna!.known).toBeGreaterThan(7);
    await expect(person(page, 'Anna')).toContainText(`${Anna!.known} faces`);
  });

  await test.step('a second name, and what Kith is not sure of is checked', async () => {
    const groups = page.getByRole('list', { name: 'Who is this?' });
    await groups.getByRole('textbox').first().click();
    await page.keyboard.type('Bella');
    await page.keyboard.press('Enter');
    await expect(ledger(page)).toContainText('Bella is now on');
    // Undo means that name even where the field for the next one has the focus by now.
    await groups.getByRole('combobox').or(groups.getByRole('textbox')).first().click();
    await page.keyboard.press('Control+Z');
    await expect(page.getByText('Taken back: Named Bella')).toBeVisible();
    expect(await record()).not.toHaveProperty('Bella');
    await page.keyboard.press('Control+Shift+Z');
    await expect(person(page, 'Bella')).toBeVisible();
    const wire = await kith.wire();
    const { items } = await wire.call('people.list', {});
    const { id, name } = items.find(({ ask }) => ask > 0)!;
    const asked = async () =>
      (await wire.call('people.faces', { id, status: 'ask' })).items.map((face) => face.id);
    const [first] = await asked();
    const before = (await record())[name]!;
    await page.goto(`${new URL(page.url()).origin}/#/person/${id}?tab=check`);
    await expect(page.getByRole('tab', { name: 'To check' })).toContainText(String(before.ask));
    await page.keyboard.press('n');
    // Another face of the same photo may be asked about instead.
    await expect.poll(asked).not.toContain(first);
    expect((await record())[name]!.known).toBe(before.known);
    wire.socket.close();
  });

  await test.step('a known name merges, after one question', async () => {
    await page.keyboard.press('Control+1');
    const before = await record();
    const groups = page.getByRole('list', { name: 'Who is this?' });
    await groups.getByRole('textbox').first().click();
    await page.keyboard.type('Carla');
    await page.keyboard.press('Enter');
    await expect(ledger(page)).toContainText('Carla is now on');
    expect(Object.keys(await record())).toHaveLength(Object.keys(before).length + 1);
    await person(page, 'Carla').click();
    await page.getByRole('button', { name: 'Rename' }).click();
    await page.keyboard.press('Control+A');
    await page.keyboard.type('Bella');
    await page.keyboard.press('Enter');
    const question = page.getByRole('dialog', { name: 'Are these the same person?' });
    await question.getByRole('button', { name: 'Yes, the same person' }).click();
    await expect(ledger(page)).toContainText('Bella is now on');
    const after = await record();
    expect(Object.keys(after).sort()).toEqual(Object.keys(before).sort());
    expect(after.Bella!.known).toBeGreaterThan(before.Bella!.known);
  });

  let exported = '';
  await test.step('everybody’s faces are cut out', async () => {
    await page.keyboard.press('Control+E');
    await expect(page.getByRole('heading', { name: 'Export', exact: true })).toBeVisible();
    exported = await exportInto(page, join(kith.folder, 'faces'));
    const known = await record();
    for (const [name, { known: faces }] of Object.entries(known)) {
      expect(readdirSync(join(exported, name)), name).toHaveLength(faces);
    }
    const [first] = readdirSync(join(exported, 'Anna'));
    // A JPEG begins so.
    expect(
      readFileSync(join(exported, 'Anna', first!))
        .subarray(0, 3)
        .toString('hex'),
    ).toBe('ffd8ff');
  });

  await test.step('all of it is there after a reload, and for the command line', async () => {
    const known = await record();
    await page.reload();
    await expect(page.getByRole('heading', { name: 'Export', exact: true })).toBeVisible();
    await page.keyboard.press('Control+1');
    for (const [name, { known: faces }] of Object.entries(known)) {
      await expect(person(page, name)).toContainText(`${faces} faces`);
    }
    const { stdout } = await command(['people', '--library', kith.library]);
    for (const name of Object.keys(known)) expect(stdout).toContain(name);
    expect(existsSync(join(album, 'evening1.jpg'))).toBe(true);
  });

  expect(problems).toEqual([]);
});
