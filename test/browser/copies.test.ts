import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { scanSamples } from './album.ts';
import { type Kith, openKith, settle } from './host.ts';

// Copies of a library as a user makes, restores and erases them, through the real host.

let kith: Kith;

test.beforeEach(async () => {
  kith = await openKith(await settle(await mkdtemp(join(tmpdir(), 'kith copies '))));
  await scanSamples(kith);
  await name('Anna');
});
test.afterEach(async () => {
  await kith.stop();
  await rm(kith.folder, { recursive: true });
});

/** Gives the largest group without a name this one. */
async function name(who: string): Promise<void> {
  const wire = await kith.wire();
  const [group] = (await wire.call('groups.list', {})).items;
  const [face] = (await wire.call('groups.alone', {})).items;
  await wire.call('name', group ? { groups: [group.id], name: who } : { faces: [face!.id], name: who });
  wire.socket.close();
}

async function people(): Promise<string[]> {
  const wire = await kith.wire();
  const { items } = await wire.call('people.list', {});
  wire.socket.close();
  return items.map((person) => person.name).sort();
}

async function openSettings(page: Page): Promise<void> {
  await page.goto(kith.address);
  await page.goto(`${new URL(page.url()).origin}/#/settings`);
  await expect(page.getByRole('heading', { name: 'Your library' })).toBeVisible();
}

const source = (page: Page) => page.getByRole('textbox', { name: 'Path of the copy', exact: true });
const look = (page: Page) => page.getByRole('button', { name: 'Look inside' });

test('a copy is looked at, restored, and the library as it was comes back', async ({ page }) => {
  const copy = join(kith.folder, 'saved.kith');
  await openSettings(page);

  await test.step('it is saved where the user says', async () => {
    await page.getByRole('button', { name: 'Save one elsewhere…' }).click();
    const target = page.getByRole('textbox', { name: 'Path of the new copy' });
    for (const wrong of ['', 'saved.kith', ':memory:', `file:${copy}`]) {
      await target.fill(wrong);
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      await expect(page.getByRole('alert')).toContainText('This is no full path of a file');
      await expect(target).toHaveValue(wrong);
    }
    await target.fill(kith.library);
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await expect(page.getByRole('alert')).toContainText('Something else lies there already');
    await target.fill(copy);
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await expect(page.getByText(`A copy is at ${copy}`)).toBeVisible();
    await expect(target).toHaveCount(0);
    expect(existsSync(copy)).toBe(true);
  });

  await name('Bella');
  await name('Clara');

  await test.step('nothing is restored from a wrong path, and what was typed stays', async () => {
    const damaged = join(kith.folder, 'damaged.kith');
    const bytes = await readFile(copy);
    await writeFile(damaged, bytes.fill(0, Math.floor(bytes.length / 3), Math.floor((bytes.length * 2) / 3)));
    const empty = join(kith.folder, 'empty.kith');
    await writeFile(empty, '');
    await mkdir(join(kith.folder, 'folder.kith'));
    const wrong: [path: string, why: string][] = [
      ['', 'This is no full path of a file'],
      ['saved.kith', 'This is no full path of a file'],
      [':memory:', 'This is no full path of a file'],
      [`file:${copy}?mode=ro`, 'This is no full path of a file'],
      [`${copy}x`, 'There is no such copy'],
      [kith.library, 'This is the library itself'],
      [empty, 'This is not a library of Kith’s'],
      [join(kith.folder, 'folder.kith'), 'This is not a library of Kith’s'],
      [damaged, 'This copy is damaged or may not be read'],
    ];
    for (const [path, why] of wrong) {
      await source(page).fill(path);
      await look(page).click();
      await expect(page.getByRole('alert')).toContainText(why);
      await expect(source(page)).toHaveValue(path);
      await expect(source(page)).toHaveAttribute('aria-invalid', 'true');
      await expect(page.getByRole('dialog')).toHaveCount(0);
      expect(await people()).toEqual(['Anna', 'Bella', 'Clara']);
    }
  });

  const question = page.getByRole('dialog', { name: 'Restore this copy?' });
  const row = (title: string) => question.getByRole('row', { name: new RegExp(`^${title} `) });

  await test.step('what it holds is shown beside what is there now', async () => {
    await source(page).fill(copy);
    await look(page).click();
    await expect(row('People').getByRole('cell')).toHaveText(['1', '3']);
    await expect(row('Faces').getByRole('cell')).toHaveText(['22', '22']);
    await question.getByRole('button', { name: 'Cancel' }).click();
    await expect(question).toHaveCount(0);
    expect(await people()).toEqual(['Anna', 'Bella', 'Clara']);
  });

  await test.step('it is restored, and the former library back again', async () => {
    await look(page).click();
    await question.getByRole('button', { name: 'Restore', exact: true }).click();
    await expect(page.getByText('The copy was restored.')).toBeVisible();
    await expect(page.getByText('Your library as it was before is kept')).toContainText(kith.folder);
    expect(await people()).toEqual(['Anna']);
    await expect(page.getByText('before a copy was restored')).toHaveCount(1);
    await page.getByRole('button', { name: 'Go back to it…' }).click();
    await expect(row('People').getByRole('cell')).toHaveText(['3', '1']);
    await question.getByRole('button', { name: 'Restore', exact: true }).click();
    await expect(page.getByText('before a copy was restored')).toHaveCount(2);
    expect(await people()).toEqual(['Anna', 'Bella', 'Clara']);
    expect(existsSync(copy)).toBe(true);
  });
});

test('everything is forgotten, copies and all, and where they were is said', async ({ page }) => {
  const saved = join(kith.folder, 'saved.kith');
  const wire = await kith.wire();
  await wire.call('library.backup', { path: saved });
  await openSettings(page);
  await page.getByRole('button', { name: 'Make a copy now' }).click();
  await expect(page.getByRole('button', { name: /^Restore the copy of/ })).toHaveCount(1);
  const [kept] = await wire.call('library.copies', {});
  wire.socket.close();
  const question = page.getByRole('dialog', { name: 'Forget all faces and names?' });

  await page.getByRole('button', { name: 'Forget everything…' }).click();
  await expect(question).toContainText(kith.library);
  await expect(question).toContainText('The copy that Kith keeps beside it');
  await question.getByRole('button', { name: 'Cancel' }).click();
  expect(await people()).toEqual(['Anna']);

  await page.getByRole('button', { name: 'Forget everything…' }).click();
  await question.getByRole('button', { name: 'Forget everything' }).click();
  const told = page.getByRole('dialog', { name: 'Everything was forgotten.' });
  await expect(told.getByText(kith.library, { exact: true })).toBeVisible();
  await expect(told.getByText(kept!.path, { exact: true })).toBeVisible();
  await expect(told.getByText(saved, { exact: true })).toBeVisible();
  expect(existsSync(kept!.path)).toBe(false);
  expect(existsSync(saved)).toBe(true);
  await told.getByRole('button', { name: 'All right' }).click();
  await expect(page.getByRole('heading', { name: 'Drop a folder of photos' })).toBeVisible();
  expect(await people()).toEqual([]);
});
