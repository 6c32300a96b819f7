import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { scanSamples } from './album.ts';
import { type Kith, openKith, settle } from './host.ts';

// What was put aside, and how it comes back; held against the record.

let kith: Kith;

test.beforeAll(async () => {
  kith = await openKith(await settle(await mkdtemp(join(tmpdir(), 'kith aside '))));
  await scanSamples(kith);
});
test.afterAll(async () => {
  await kith.stop();
  await rm(kith.folder, { recursive: true });
});

test('people, groups and faces that were put aside come back with one click each', async ({ page }) => {
  const wire = await kith.wire();
  await page.goto(kith.address);
  await page.getByRole('link', { name: 'Put aside' }).click();
  await expect(page.getByText('Nothing is put aside')).toBeVisible();
  const alone = (await wire.call('groups.alone', {})).items;
  await wire.call('name', { faces: [alone[0]!.id], name: 'Tom' });
  const tom = (await wire.call('people.list', {})).items.find(({ name }) => name === 'Tom')!;
  await wire.call('people.hide', { ids: [tom.id], hidden: true });
  const [group] = (await wire.call('groups.list', {})).items;
  await wire.call('groups.hide', { groups: [group!.id], hidden: true });
  await wire.call('faces.mark', { faces: [alone[1]!.id], as: 'ignored' });
  await wire.call('faces.mark', { faces: [alone[2]!.id], as: 'not-a-face' });
  await expect(page.getByText('Nothing is put aside')).toHaveCount(0);

  await page.getByRole('button', { name: 'Show again: Tom' }).click();
  await expect
    .poll(async () => (await wire.call('people.list', {})).items.map(({ id }) => id))
    .toContain(tom.id);
  await page.getByRole('list', { name: 'Hidden groups' }).getByRole('button').click();
  await expect
    .poll(async () => (await wire.call('groups.list', {})).items.map(({ id }) => id))
    .toContain(group!.id);
  for (const [list, face] of [
    ['Strangers', alone[1]!],
    ['Not a face', alone[2]!],
  ] as const) {
    await page.getByRole('list', { name: list }).getByRole('button', { name: 'Count it again' }).click();
    await expect.poll(async () => (await wire.call('faces.get', { ids: [face.id] }))[0]!.status).toBe('none');
  }
  await expect(page.getByText('Nothing is put aside')).toBeVisible();
  wire.socket.close();
});
