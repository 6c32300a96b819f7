import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import type { FaceId } from '../../electron/contract/ids.ts';
import { openLibrary } from '../../electron/library/open.ts';
import type { Page as Wire } from '../e2e/page.ts';
import { doubtfulFaces } from '../fixtures/doubtful-faces.ts';
import { recordFaces } from '../fixtures/recorded-faces.ts';
import { type Kith, openKith, settle } from './host.ts';

// The end of the review: Anna has two faces, and three more may be hers, each rather not.

let kith: Kith;
let wire: Wire;
let left: FaceId[];

test.beforeEach(async () => {
  const place = await settle(await mkdtemp(join(tmpdir(), 'kith review end ')));
  const library = openLibrary(place.library);
  const { known, count, ...faces } = doubtfulFaces();
  const ids = recordFaces(library, { ...faces, people: Array.from({ length: count }, (_, at) => at) });
  library.groups.replace([ids.slice(0, known)], { encoder: 'dlib', method: 'made' }, library.groups.state());
  library.close();
  kith = await openKith(place);
  wire = await kith.wire();
  await wire.call('name', { faces: ids.slice(0, known), name: 'Anna' });
  left = (await wire.call('review.unlikely', {})).flatMap(({ units }) => units.map(({ face }) => face.id));
});
test.afterEach(async () => {
  wire.socket.close();
  await kith.stop();
  await rm(kith.folder, { recursive: true });
});

const statuses = async () => (await wire.call('faces.get', { ids: left })).map(({ status }) => status);

test('says how many unlikely ones are left, and shows them to be ticked by keys alone', async ({ page }) => {
  expect(left).toHaveLength(3);
  await page.goto(kith.address);
  await page.goto(`${new URL(page.url()).origin}/#/review`);
  await expect(page.getByRole('heading', { name: 'Done. 3 unlikely ones are left' })).toBeVisible();
  await page.keyboard.press('l');
  const hers = page.getByRole('group', { name: 'Hardly Anna' });
  await expect(hers.getByRole('button')).toHaveCount(3);
  const confirm = page.getByRole('button', { name: 'Tick whoever it is' });
  await expect(confirm).toBeDisabled();
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);

  await hers.getByRole('button').first().focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Space');
  await expect(hers.getByRole('button').nth(1)).toHaveAttribute('aria-pressed', 'true');
  await expect(page.getByRole('button', { name: 'This face is Anna' })).toBeEnabled();
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await statuses())[1]).toBe('confirmed');
  const after = await statuses();
  expect([after[0], after[2]]).not.toContain('confirmed');
  await page.keyboard.press('Control+z');
  await expect.poll(statuses).toEqual(['ask', 'ask', 'ask']);
});
