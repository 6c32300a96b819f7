import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { startExifTool } from '../../electron/metadata/tool.ts';
import type { Page as Wire } from '../e2e/page.ts';
import { SAMPLE_PHOTOS } from '../fixtures/sample-faces.ts';
import { HAS_PERL, list, mwg, tag, taggedFaces, writePhoto } from '../fixtures/tagged.ts';
import { scan } from './album.ts';
import { type Kith, openKith, settle } from './host.ts';

// The first scan of photos that were tagged in another program.

let kith: Kith;
let wire: Wire;
let photos: string;

/** A photo of the samples, with the names of its faces, and in `more` names that say nothing of where. */
async function tagged(name: string, sample: number, more: readonly string[] = []): Promise<void> {
  const faces = await taggedFaces(SAMPLE_PHOTOS[sample]!, (at) => `Person ${sample}${at}`);
  const path = join(photos, name);
  const stored = await writePhoto(SAMPLE_PHOTOS[sample]![0]!.path, path);
  const tool = startExifTool();
  await tag(tool, path, mwg(faces, stored), ...list('XMP-iptcExt:PersonInImage', more));
  await tool.end();
}

test.skip(!HAS_PERL, 'ExifTool needs perl, which is missing');
test.beforeEach(async ({ page }) => {
  const folder = await mkdtemp(join(tmpdir(), 'kith names '));
  photos = join(folder, 'photos');
  await tagged('one.jpg', 0);
  await tagged('two.jpg', 1, ['Mia', 'Noah']);
  kith = await openKith(await settle(folder));
  wire = await kith.wire();
  await page.goto(kith.address);
  await scan(wire, photos);
});
test.afterEach(async () => {
  wire.socket.close();
  await kith.stop();
  await rm(kith.folder, { recursive: true });
});

const offer = (page: Page) => page.getByRole('group', { name: 'Names in these photos' });
const people = async () => (await wire.call('people.list', {})).items.map(({ name }) => name).sort();

test('one line after the scan offers the names; one click names everybody, one undo takes it back', async ({
  page,
}) => {
  await page.getByRole('link', { name: 'People' }).first().click();
  await expect(offer(page)).toContainText('6 names found in these photos’ metadata. Use them?');
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations).toEqual([]);
  await offer(page).getByRole('button', { name: 'Use', exact: true }).click();

  await expect(page.getByText('6 faces named from the photos’ metadata')).toBeVisible();
  await expect(page.getByRole('link', { name: /Person 00/ }).first()).toBeVisible();
  expect(await people()).toEqual([0, 1].flatMap((of) => [0, 1, 2].map((at) => `Person ${of}${at}`)));
  await expect(offer(page)).toContainText('2 names were left alone');
  await offer(page).getByText('Which?').click();
  await expect(offer(page)).toContainText('Mia is on this photo, but the file does not say which face');
  // Of this part alone: the message about what was done fades in meanwhile.
  const left = await new AxeBuilder({ page }).include('[aria-label="Names in these photos"]').analyze();
  expect(left.violations).toEqual([]);
  await offer(page).getByRole('link', { name: 'two.jpg' }).first().click();
  await expect(page).toHaveURL(/photo/);
  await page.goBack();
  // Every face of that photo has a name: nothing to choose from.
  await expect(offer(page).getByRole('link', { name: 'Decide now' })).toHaveCount(0);
  await offer(page).getByRole('button', { name: 'Close' }).click();
  await expect(offer(page)).toHaveCount(0);

  await page.getByRole('button', { name: 'Undo' }).first().click();
  await expect.poll(people).toEqual([]);
  // A user who took the names back is not asked again.
  await page.reload();
  await page.getByRole('heading', { name: 'People' }).waitFor();
  await expect(offer(page)).toHaveCount(0);
});

test('names for which no face is left are listed where names are decided about', async ({ page }) => {
  await wire.call('names.use', {});
  await page.goto(`${kith.address.split('#')[0]}#/names`);
  await page.getByRole('heading', { name: 'Nothing to decide' }).waitFor();
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations).toEqual([]);
  await page.getByRole('link', { name: 'Noah on two.jpg' }).click();
  await expect(page).toHaveURL(/photo/);
});

test('"not now" holds until more names come', async ({ page }) => {
  await offer(page).getByRole('button', { name: 'Not now' }).click();
  await expect(offer(page)).toHaveCount(0);
  await scan(wire, photos);
  await page.reload();
  await page.getByRole('link', { name: 'People' }).first().click();
  await page.getByRole('heading', { name: 'People', exact: true }).waitFor();
  expect(await wire.call('names.offer', {})).toBeNull();
  await expect(offer(page)).toHaveCount(0);
  expect(await people()).toEqual([]);

  await tagged('three.jpg', 2);
  await scan(wire, photos);
  await expect(offer(page)).toContainText('9 names found');
});
