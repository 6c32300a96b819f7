import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { openLibrary } from '../../electron/library/open.ts';
import { facesWithNuisance } from '../fixtures/nuisance.ts';
import { nameFaces, recordFaces } from '../fixtures/recorded-faces.ts';
import { type Kith, openKith, settle } from './host.ts';
import { test } from './known.ts';
import { show } from './screens.ts';

// What the settings say that a library taught is what the service says.

const cardOn = (page: Page) =>
  page.locator('section').filter({
    has: page.getByRole('heading', { name: 'What this library taught' }),
  });

const PEOPLE = 8;
const OF_EACH = 12;

/**
 * A library of made faces that have more in common than who they are, of each person eight named by a hand.
 *
 * @param nameOf who is said to be on the face of a row, of whom it is
 */
async function openMade(folder: string, nameOf: (person: number, row: number) => number): Promise<Kith> {
  const place = await settle(folder);
  const library = openLibrary(place.library);
  const made = facesWithNuisance(new Array<number>(PEOPLE).fill(OF_EACH));
  const faces = recordFaces(library, made);
  const rows = faces.map((_, row) => row).filter((row) => row % OF_EACH < 8);
  nameFaces(
    library,
    rows.map((row) => faces[row]!),
    rows.map((row) => nameOf(made.people[row]!, row)),
  );
  library.close();
  const kith = await openKith(place);
  const wire = await kith.wire();
  const nothing = join(folder, 'nothing');
  await mkdir(nothing);
  await wire.call('scan.start', { path: nothing });
  await wire.scanned();
  wire.socket.close();
  return kith;
}

test('distances, learning and groups made anew, as the record has them', async ({ page, known }) => {
  const wire = await known.kith.wire();
  const calibration = await wire.call('calibration.get', {});
  const learning = await wire.call('learn.state', {});
  const plan = await wire.call('groups.plan', {});
  wire.socket.close();

  await show(page, known, 'settings');
  const card = cardOn(page);
  const { photo, burst, hand } = calibration.pairs;
  expect(photo, 'pairs of one photo').toBeGreaterThan(0);
  await expect(card).toContainText(`${photo} pairs of one photo, ${burst} of bursts, ${hand} named by hand.`);
  await expect(card).toContainText(`1 pair in ${Math.round(calibration.oneIn)} would be two people`);

  expect(learning.faces, 'confirmed faces').toBeGreaterThan(0);
  expect(learning.faces, 'confirmed faces').toBeLessThan(learning.least.faces);
  await expect(card).toContainText(`${learning.faces} confirmed faces of ${learning.people} people.`);
  await expect(card.getByRole('button', { name: 'Learn now' })).toBeDisabled();

  await card.getByRole('button', { name: 'See what would change' }).click();
  await expect(card).toContainText(
    plan.moved === 0 ? 'Nothing would change.' : `${plan.moved} faces would be with others than now.`,
  );
  await expect(card.getByRole('listitem')).toHaveCount(plan.mixed.length);
  const anew = card.getByRole('button', { name: 'Group anew' });
  await expect(anew).toHaveCount(plan.moved === 0 ? 0 : 1);

  // Grouping took two women for one, who were then named as one: the way leads to where they can be told apart.
  expect(plan.mixed, 'groups that show two people').not.toEqual([]);
  await card.getByRole('listitem').first().getByRole('link').click();
  await expect(page.getByRole('heading', { level: 1, name: 'Anna' })).toBeVisible();
});

test('what is learned is in use until it is forgotten, and groups are made anew and put back', async ({
  page,
}, { outputDir }) => {
  const kith = await openMade(outputDir, (person) => person);
  const wire = await kith.wire();
  await page.goto(kith.address);
  await page.goto(`${new URL(kith.address).origin}/#/settings`);
  const card = cardOn(page);
  await expect(card).toContainText(`${PEOPLE * 8} confirmed faces of ${PEOPLE} people.`);
  await expect(card).not.toContainText('It takes 50');
  await card.getByRole('button', { name: 'Learn now' }).click();
  await expect(card.getByRole('status')).toHaveText('Learning. It takes some seconds…');
  await expect(card.getByRole('button', { name: 'Learn now' })).toBeDisabled();
  await expect(card).toContainText('It helps, and is in use.', { timeout: 60_000 });
  const { metric } = await wire.call('learn.state', {});
  expect(metric).toMatchObject({ adopted: true, reason: 'better' });
  await expect(card).toContainText(`In use: ${Math.round(metric!.gain.mean * 100)}% of the doubt is gone.`);

  await card.getByRole('button', { name: 'Forget what was learned' }).click();
  await expect(card).not.toContainText('In use');
  await expect(card).not.toContainText('It helps');
  await expect(card.getByRole('button', { name: 'Forget what was learned' })).toHaveCount(0);
  await expect(card.getByRole('button', { name: 'Learn now' })).toBeEnabled();
  expect((await wire.call('learn.state', {})).metric).toBeNull();

  // Three who are nobody's and not alike, put together by hand: what grouping anew would undo.
  const { items } = await wire.call('groups.alone', {});
  const faces = items.slice(0, 3).map(({ id }) => id);
  expect(faces).toHaveLength(3);
  await wire.call('groups.move', { faces, to: null });
  const plan = await wire.call('groups.plan', {});
  expect(plan.moved).toBeGreaterThan(0);
  await card.getByRole('button', { name: 'See what would change' }).click();
  await expect(card).toContainText(`${plan.moved} faces would be with others than now.`);
  await expect(card).toContainText(
    `Groups that would go up in another: ${plan.merged}; that would fall apart: ${plan.split}.`,
  );
  await card.getByRole('button', { name: 'Group anew' }).click();
  const told = page.getByText('Grouped everything anew');
  await expect(told).toBeVisible();
  await expect(card.getByRole('button', { name: 'See what would change' })).toBeEnabled();
  expect((await wire.call('groups.plan', {})).moved).toBe(0);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(async () => (await wire.call('groups.plan', {})).moved).toBe(plan.moved);
  wire.socket.close();
  await kith.stop();
});

test('nothing is learned from names that do not fit the faces, and the card says so', async ({ page }, {
  outputDir,
}) => {
  const kith = await openMade(outputDir, (_, row) => row % PEOPLE);
  await page.goto(kith.address);
  await page.goto(`${new URL(kith.address).origin}/#/settings`);
  const card = cardOn(page);
  await card.getByRole('button', { name: 'Learn now' }).click();
  await expect(card).toContainText('Check the names; nothing was changed.', { timeout: 60_000 });
  await expect(card.getByRole('button', { name: 'Forget what was learned' })).toHaveCount(0);
  const wire = await kith.wire();
  expect((await wire.call('learn.state', {})).metric).toBeNull();
  wire.socket.close();
  await kith.stop();
});
