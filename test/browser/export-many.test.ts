import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { FaceId } from '../../electron/contract/ids.ts';
import { openLibrary } from '../../electron/library/open.ts';
import { makeLibrary } from '../fixtures/made-library.ts';
import { exportInto } from './export-into.ts';
import { type Kith, openKith, settle } from './host.ts';

// The Export screen where more people have names than one request lists.

/** One request lists 500 people at most. */
const PEOPLE = 510;

let kith: Kith;

test.beforeAll(async () => {
  const place = await settle(await mkdtemp(join(tmpdir(), 'kith many ')));
  await makeLibrary(place.library, { faces: 600, encoder: 'dlib' });
  const library = openLibrary(place.library);
  library.journal.act({ action: 'name', detail: {}, by: 'hand' }, (entry) => {
    for (let at = 1; at <= PEOPLE; at++) {
      const person = library.people.create(`Person ${at}`);
      library.labels.put([at as FaceId], { verdict: 'person', person, by: 'hand' }, entry);
    }
  });
  library.close();
  kith = await openKith(place);
});
test.afterAll(async () => {
  await kith.stop();
  await rm(kith.folder, { recursive: true });
});

test('everybody with a name is exported, and anybody is found by name', async ({ page }) => {
  await page.goto(kith.address);
  await page.goto(`${new URL(page.url()).origin}/#/export`);
  await page.getByRole('radio', { name: 'Some people' }).click();
  const tiles = page.getByRole('checkbox', { name: /^Person \d+$/ });
  await expect(tiles).toHaveCount(60);
  await expect(page.getByText(`${PEOPLE - 60} more people: type a name to find them`)).toBeVisible();
  const search = page.getByRole('searchbox', { name: 'Name of a person' });
  for (const name of ['Person 509', 'Person 510']) {
    await search.fill(name.toUpperCase());
    // Enter in the field starts nothing.
    await search.press('Enter');
    await page.getByRole('checkbox', { name, exact: true }).click();
  }
  await search.fill('');
  await expect(tiles).toHaveCount(62);
  await expect(page.getByText('2 people chosen')).toBeVisible();
  await page.getByRole('radio', { name: 'Everybody with a name' }).click();
  const names = await readdir(await exportInto(page, join(kith.folder, 'faces')));
  expect(names.filter((name) => name.startsWith('Person'))).toHaveLength(PEOPLE);
});
