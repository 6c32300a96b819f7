import { copyFile, mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import envPaths from 'env-paths';
import { samples } from '../golden/models-reference.ts';
import { type Kith, openKith, settle } from './host.ts';

// Choosing a folder in a browser, where the desktop's dialog is not to be had.

let kith: Kith;
let home: string;

test.beforeAll(async () => {
  const place = await settle(await realpath(await mkdtemp(join(tmpdir(), 'kith picker '))));
  home = join(place.folder, 'anna');
  for (const folder of ['Music', 'Photos/2019', 'Photos/2020/Summer', 'Photos/2020/Winter', 'Private'])
    await mkdir(join(home, folder), { recursive: true });
  await copyFile(samples[0]!.path, join(home, 'Photos/2020/one.jpg'));
  // The models are made already.
  const { cache } = envPaths('kith', { suffix: '' });
  kith = await openKith({ ...place, env: { ...place.env, HOME: home, XDG_CACHE_HOME: join(cache, '..') } });
});
test.afterAll(async () => {
  await kith.stop();
  await rm(kith.folder, { recursive: true });
});
test.beforeEach(async ({ page }) => {
  await page.goto(kith.address);
  await page.goto(`${new URL(kith.address).origin}/#/welcome`);
  await page.getByRole('button', { name: 'Choose a folder' }).click();
});

test('folders are opened from the keyboard, and the way back is in sight', async ({ page }) => {
  const field = page.getByRole('textbox', { name: 'Path of the folder' });
  const list = page.getByRole('list', { name: 'Folders' });
  const crumbs = page.getByRole('navigation', { name: 'Where you are' });
  await expect(list.getByRole('button')).toHaveText(['Music', 'Photos', 'Private']);
  await expect(field).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(list.getByRole('button', { name: 'Music' })).toBeFocused();
  await page.keyboard.type('p');
  await expect(list.getByRole('button', { name: 'Photos' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(list.getByRole('button', { name: '2019' })).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowRight');
  await expect(field).toHaveValue(join(home, 'Photos/2020'));
  await expect(crumbs.getByRole('button')).toHaveText(['Places', 'Home', 'Photos', '2020']);
  await expect(crumbs.locator('[aria-current]')).toHaveText('2020');
  await expect(page.getByText('1 photo lies right here')).toBeVisible();
  // Up again, one stands on the folder that one came from.
  await page.keyboard.press('Backspace');
  await expect(list.getByRole('button', { name: /^2020/ })).toBeFocused();
  await crumbs.getByRole('button', { name: 'Home' }).click();
  await expect(field).toHaveValue(home);
  await page.keyboard.press('ArrowUp');
  await expect(field).toBeFocused();
});

test('typing looks around, Tab completes, and a typo keeps what was typed', async ({ page }) => {
  const field = page.getByRole('textbox', { name: 'Path of the folder' });
  const list = page.getByRole('list', { name: 'Folders' });
  await expect(field).toHaveValue(home);
  await field.fill('~/P');
  await expect(list.getByRole('button')).toHaveText(['Photos', 'Private']);
  await page.keyboard.type('ho');
  await expect(list.getByRole('button')).toHaveText(['Photos']);
  await expect(field).toHaveValue('~/Pho');
  await page.keyboard.press('Tab');
  await expect(field).toHaveValue(join(home, 'Photos'));
  await field.fill('~/Photos/2020');
  await expect(list.getByRole('button')).toHaveText(['Summer', 'Winter']);
  await expect(field).toHaveValue('~/Photos/2020');
  await field.fill('~/Photos/2200');
  await expect(page.getByRole('alert')).toContainText('no such folder');
  // The nearest folder that there is stays in sight.
  await expect(list.getByRole('button')).toHaveText(['2019', '2020 1 photo']);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert')).toContainText('no such folder');
  await expect(field).toHaveValue('~/Photos/2200');
  await expect(field).toBeFocused();
  await field.fill('~/Photos/20');
  await expect(page.getByRole('alert')).toBeEmpty();
  await field.fill('');
  await expect(page.getByRole('button', { name: 'Add this folder' })).toBeDisabled();
  await field.fill('~/Photos/2020');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Everything was looked at' })).toBeVisible({
    timeout: 60_000,
  });
});

test('what is typed while the home folder is still read stays', async ({ page }) => {
  const answers: (() => void)[] = [];
  let isHeld = false;
  await page.routeWebSocket('**/socket', (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((sent) => {
      isHeld ||= String(sent).includes(JSON.stringify({ path: home }));
      server.send(sent);
    });
    server.onMessage((answer) => {
      if (isHeld) answers.push(() => socket.send(answer));
      else socket.send(answer);
    });
  });
  await page.reload();
  await page.getByRole('button', { name: 'Choose a folder' }).click();
  await expect.poll(() => answers.length).toBeGreaterThan(0);
  const field = page.getByRole('textbox', { name: 'Path of the folder' });
  await field.fill('~/Photos/2020');
  isHeld = false;
  for (const give of answers) give();
  await expect(page.getByRole('list', { name: 'Folders' }).getByRole('button')).toHaveText([
    'Summer',
    'Winter',
  ]);
  await expect(field).toHaveValue('~/Photos/2020');
});

test('a folder that is not shown can be added all the same', async ({ page }) => {
  const field = page.getByRole('textbox', { name: 'Path of the folder' });
  await expect(field).toHaveValue(home);
  await field.fill(kith.folder);
  await expect(page.getByText('This one can be chosen all the same')).toBeVisible();
  await expect(page.getByRole('alert')).toBeEmpty();
  await page.getByRole('button', { name: 'Add this folder' }).click();
  await expect(page.getByRole('heading', { name: 'Everything was looked at' })).toBeVisible({
    timeout: 60_000,
  });
});
