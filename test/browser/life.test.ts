import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import sharp from 'sharp';
import type { Page as Wire } from '../e2e/page.ts';
import { samples } from '../golden/models-reference.ts';
import { scan } from './album.ts';
import { type Kith, openKith, settle } from './host.ts';

// A person over the years: one photo of several people, taken three times.

let kith: Kith;
let wire: Wire;
const YEARS = [2009, 2014, 2021];

test.beforeEach(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kith life '));
  kith = await openKith(await settle(folder));
  wire = await kith.wire();
  const photos = join(folder, 'photos');
  await mkdir(photos);
  for (const [at, year] of YEARS.entries()) {
    const picture = at % 2 === 0 ? sharp(samples[0]!.path) : sharp(samples[0]!.path).flop();
    await picture
      .modulate({ brightness: 1 - at / 10 })
      .withExif({ IFD2: { DateTimeOriginal: `${year}:07:01 12:00:00` } })
      .jpeg()
      .toFile(join(photos, `${year}.jpg`));
  }
  await scan(wire, photos);
  for (const name of ['Anna', 'Bella']) {
    const [group] = (await wire.call('groups.list', {})).items;
    await wire.call('name', { groups: [group!.id], name });
  }
});
test.afterEach(async () => {
  wire.socket.close();
  await kith.stop();
  await rm(kith.folder, { recursive: true });
});

test('a person’s page shows their photos first, a face of each year, and who is beside them', async ({
  page,
}) => {
  const people = (await wire.call('people.list', {})).items;
  const anna = people.find(({ name }) => name === 'Anna')!;
  await page.goto(kith.address);
  await page.goto(`${new URL(page.url()).origin}/#/person/${anna.id}`);
  await expect(page.getByRole('tab', { name: 'Photos' })).toHaveAttribute('aria-selected', 'true');
  const years = page.getByRole('region', { name: 'Anna over the years' });
  await expect(years.getByRole('listitem')).toHaveText(YEARS.map(String));
  const beside = page.getByRole('region', { name: 'Who is on photos with Anna' });
  await expect(beside.getByRole('link', { name: /^Bella/ })).toContainText(/[23] photos/);

  await years.getByRole('link', { name: '2014' }).click();
  await expect(page.getByText('2014.jpg')).toBeAttached();
  await page.goBack();
  await years.getByRole('link', { name: 'Latest photo' }).click();
  await expect(page.getByText('2021.jpg')).toBeAttached();
  await page.goBack();
  await beside.getByRole('link', { name: /^Bella/ }).click();
  await expect(page.getByRole('heading', { name: /Anna.*Bella/ })).toBeVisible();
});
