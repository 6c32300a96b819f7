import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Locator, test } from '@playwright/test';
import { makeAlbum } from './album.ts';
import { type Kith, openKith, settle } from './host.ts';

// Somebody does not wait for the last photo: they name people while a scan goes on, with the real engine at work.

let kith: Kith;

test.beforeEach(async () => {
  kith = await openKith(await settle(await mkdtemp(join(tmpdir(), 'kith naming '))));
});
test.afterEach(async () => {
  await kith.stop();
  await rm(kith.folder, { recursive: true });
});

test('groups appear while a scan goes on; who is named then is found on later photos, and one Undo takes all back', async ({
  page,
}) => {
  const album = await makeAlbum(join(kith.folder, 'album'), 6);
  const wire = await kith.wire();
  const phase = async () => (await wire.call('scan.state', {}))?.phase;
  await page.goto(kith.address);
  await wire.call('scan.start', { path: album });

  await test.step('the scan says how many people there are to name', async () => {
    const link = page.getByRole('link', { name: /^Name \d+ people$/ });
    await link.waitFor();
    await link.click();
    expect(await phase()).toBe('scanning');
  });

  const cards = page.getByRole('list', { name: 'Who is this?' });
  const named = page.getByRole('status').filter({ hasText: 'Anna is now on' });
  await test.step('a name goes to faces that come later', async () => {
    await cards.getByRole('textbox').first().click();
    await page.keyboard.type('Anna');
    await page.keyboard.press('Enter');
    await expect(named).toBeVisible();
    const first = await photosOf(named);
    expect(await phase()).toBe('scanning');
    await expect.poll(() => photosOf(named), { timeout: 60_000 }).toBeGreaterThan(first);
  });

  await test.step('nobody moves while more people come', async () => {
    const keys = () =>
      cards
        .locator('[data-select^="group:"]')
        .evaluateAll((all) => all.map((card) => (card as HTMLElement).dataset.select));
    const before = await keys();
    await expect.poll(phase, { timeout: 120_000 }).toBe('done');
    const after = await keys();
    expect(after.filter((key) => before.includes(key))).toEqual(before.filter((key) => after.includes(key)));
  });

  await test.step('one Undo takes all back', async () => {
    const { items } = await wire.call('people.list', {});
    expect(items).toHaveLength(1);
    await page.keyboard.press('Control+z');
    await expect(page.getByText('Taken back: Named Anna')).toBeVisible();
    expect((await wire.call('people.list', {})).items).toEqual([]);
    const { faces, unnamed } = await wire.call('library.overview', {});
    expect(unnamed).toBe(faces);
  });
});

/** On how many photos the ledger says that somebody is. */
async function photosOf(ledger: Locator): Promise<number> {
  return Number(/on (\d+) photo/.exec((await ledger.textContent()) ?? '')?.[1] ?? 0);
}
