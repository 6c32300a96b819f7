import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { kith as command } from '../e2e/cli.ts';
import { makeAlbum, scanSamples } from './album.ts';
import { type Kith, openKith, settle } from './host.ts';

// Two tabs, a command line and a scan at work in one library, which one process owns.

let kith: Kith;

test.beforeEach(async () => {
  kith = await openKith(await settle(await mkdtemp(join(tmpdir(), 'kith together '))));
  await scanSamples(kith);
});
test.afterEach(async () => {
  await kith.stop();
  await rm(kith.folder, { recursive: true });
});

/** How soon everybody sees what anybody does, in milliseconds. */
const SOON = { timeout: 1000 };

const people = (page: Page) => page.getByRole('list', { name: 'People' });
const ledger = (page: Page, name: string) =>
  page.getByRole('status').filter({ hasText: `${name} is now on` });

async function expectSeen(pages: Page[], name: string, isThere: boolean): Promise<void> {
  for (const page of pages) {
    // Only what is in sight is there, and a tab in the background draws nothing.
    await page.bringToFront();
    await page.evaluate(() => scrollTo(0, 0));
    await expect(people(page).getByText(name)).toHaveCount(isThere ? 1 : 0, SOON);
  }
}

test('two tabs, a command line and a scan at once: all see the same within a second', async ({ context }) => {
  const [one, two] = [await context.newPage(), await context.newPage()];
  const both = [one, two];
  for (const page of both) {
    await page.goto(kith.address);
    await expect(page.getByText('Nobody is named yet.')).toBeVisible();
  }
  const wire = await kith.wire();
  await wire.call('scan.start', { path: await makeAlbum(join(kith.folder, 'album'), 4) });
  for (const page of both) await expect(page.getByText(/^\d+ of 72/)).toBeVisible(SOON);

  await test.step('a name given in one tab is seen in the other', async () => {
    await one.getByRole('list', { name: 'Who is this?' }).getByRole('textbox').first().click();
    await one.keyboard.type('Anna');
    await one.keyboard.press('Enter');
    await expect(ledger(one, 'Anna')).toBeVisible();
    await expectSeen(both, 'Anna', true);
  });

  await test.step('and the other way round', async () => {
    await two.getByRole('button', { name: /^Show \d+ faces$/ }).click();
    await two.locator('[data-select^="face:"] a').first().focus();
    await two.keyboard.press('x');
    await two.keyboard.press('n');
    await two.keyboard.type('Bella');
    await two.keyboard.press('Enter');
    await expect(ledger(two, 'Bella')).toBeVisible();
    await expectSeen(both, 'Bella', true);
    expect((await wire.call('scan.state', {}))?.phase).toBe('scanning');
  });

  await test.step('each ledger takes back its own', async () => {
    await ledger(one, 'Anna').getByRole('button', { name: 'Undo' }).click();
    await expect(one.getByText('Taken back: Named Anna')).toBeVisible();
    await expectSeen(both, 'Anna', false);
    await expectSeen(both, 'Bella', true);
  });

  await test.step('what the command line does is seen by both tabs', async () => {
    const at = ['--library', kith.library];
    const listed = await command(['people', ...at], { env: kith.env });
    expect(listed).toMatchObject({ status: 0, stdout: expect.stringContaining('Bella') });
    expect(listed.stdout).not.toContain('Anna');
    const undone = await command(['undo', ...at], { env: kith.env });
    expect(undone).toMatchObject({ status: 0, stdout: expect.stringContaining('Bella') });
    await expectSeen(both, 'Bella', false);
    const redone = await command(['undo', '--redo', ...at], { env: kith.env });
    expect(redone).toMatchObject({ status: 0, stdout: expect.stringContaining('Bella') });
    await expectSeen(both, 'Bella', true);
  });

  await test.step('the scan comes to its end, and all see that', async () => {
    await expect
      .poll(async () => (await wire.call('scan.state', {}))?.phase, { timeout: 120_000 })
      .toBe('done');
    for (const page of both) await expect(page.getByText(/^\d+ of 72/)).toHaveCount(0, SOON);
    expect((await wire.call('library.overview', {})).photos).toBe(78);
    await expectSeen(both, 'Bella', true);
  });
  wire.socket.close();
});
