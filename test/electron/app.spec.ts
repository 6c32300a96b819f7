import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { type ElectronApplication, expect, type Page, test } from '@playwright/test';
import { electronProgram } from '../../build/electron.ts';
import { ask, open, place, samples, scanned } from './kith.ts';

test.describe('Kith in Electron', () => {
  const home = place();
  let app: ElectronApplication;
  let page: Page;
  test.beforeAll(async () => {
    ({ app, page } = await open(home));
  });
  test.afterAll(() => app.close());

  test('opens one window on its own page, with the preload script’s few functions and nothing of Node', async () => {
    expect(page.url()).toMatch(/^kith:\/\/app\//);
    expect(await page.title()).toBe('Kith');
    expect(app.windows()).toHaveLength(1);
    const seen = await page.evaluate(() => ({
      kith: Object.keys(window.kith!).sort(),
      node: ['require', 'process', 'module', 'Buffer', 'global'].filter((name) => name in window),
    }));
    expect(seen).toEqual({
      kith: ['call', 'on', 'onCommand', 'pathForFile', 'platform', 'startDrag'],
      node: [],
    });
    expect(await ask(page, 'library.overview')).toMatchObject({ shell: 'electron', photos: 0 });
  });

  test('scans photos in utility processes, and shows the faces it found', async () => {
    const { path } = await ask<{ path: string }>(page, 'folders.sample');
    await ask(page, 'scan.start', { path });
    expect(await scanned(page)).toMatchObject({ phase: 'done', failure: null, progress: { done: 24 } });
    expect(await ask(page, 'library.overview')).toMatchObject({ photos: 24, unreadable: 0 });
    const names = await app.evaluate(({ app }) => app.getAppMetrics().map(({ name }) => name));
    expect(names).toContain('Kith vision');
    expect(names).toContain('Kith library');
    await page.evaluate(() => {
      location.hash = '#/people';
    });
    const face = page.locator('img[src*="face/"]').first();
    await expect(face).toBeVisible();
    await expect
      .poll(() => face.evaluate((img) => (img as HTMLImageElement).naturalWidth))
      .toBeGreaterThan(0);
  });

  test('serves a photo at the size that was asked for', async () => {
    const { items } = await ask<{ items: { id: number }[] }>(page, 'photos.list');
    const width = await page.evaluate(async (id) => {
      const response = await fetch(`photo/${id}?size=320`);
      return (await createImageBitmap(await response.blob())).width;
    }, items[0]!.id);
    expect(width).toBe(320);
  });

  test('goes on when the process of the library is killed', async () => {
    const owner = () =>
      app.evaluate(({ app }) => app.getAppMetrics().find(({ name }) => name === 'Kith library')?.pid);
    const first = await owner();
    process.kill(first!, 'SIGKILL');
    await expect.poll(owner).not.toBe(first);
    expect(await ask(page, 'library.overview')).toMatchObject({ photos: 6, faces: 22 });
  });

  test('does what its menu says', async () => {
    await app.evaluate(({ Menu }) => Menu.getApplicationMenu()!.getMenuItemById('go.settings')!.click());
    await expect.poll(() => page.evaluate(() => location.hash)).toBe('#/settings');
  });

  test('lets nothing in or out', async () => {
    const tried = await page.evaluate(async () => ({
      network: await fetch('https://example.com/').then(
        () => 'reached',
        () => 'refused',
      ),
      window: window.open('https://example.com/') === null,
      notifications: await Notification.requestPermission(),
      camera: await navigator.mediaDevices.getUserMedia({ video: true }).then(
        () => 'given',
        () => 'refused',
      ),
      inline: (() => {
        const script = document.createElement('script');
        script.textContent = 'document.documentElement.dataset.ran = "yes"';
        document.head.append(script);
        return document.documentElement.dataset.ran ?? 'refused';
      })(),
    }));
    expect(tried).toEqual({
      network: 'refused',
      window: true,
      notifications: 'denied',
      camera: 'refused',
      inline: 'refused',
    });
    await page.evaluate(() => {
      location.href = 'https://example.com/';
    });
    await page.waitForTimeout(500);
    expect(page.url()).toMatch(/^kith:\/\/app\//);
    expect(app.windows()).toHaveLength(1);
  });

  test('is one: a second start gives it the folder and ends', async () => {
    const { status } = spawnSync(electronProgram()!, [...home.words, resolve('.'), samples], {
      env: home.env,
      timeout: 30_000,
    });
    expect(status).toBe(0);
    await expect
      .poll(async () => (await ask<{ path: string }[]>(page, 'folders.list')).map(({ path }) => path), {
        timeout: 60_000,
      })
      .toContain(samples);
    expect(app.windows()).toHaveLength(1);
  });
});

test('Kith opens on the folder that it is given, and where its window was', async () => {
  const home = place();
  const first = await open(home, samples);
  expect(await scanned(first.page)).toMatchObject({ path: samples, phase: 'done' });
  const bounds = { x: 60, y: 80, width: 900, height: 640 };
  await first.app.evaluate(
    ({ BrowserWindow }, bounds) => BrowserWindow.getAllWindows()[0]!.setBounds(bounds),
    bounds,
  );
  const placed = await first.app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]!.getBounds(),
  );
  await first.app.close();
  // Its record was closed.
  expect(existsSync(`${home.env.KITH_LIBRARY}-wal`)).toBe(false);

  const second = await open(home);
  expect(
    await second.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.getBounds()),
  ).toEqual(placed);
  expect((await ask<{ photos: number }>(second.page, 'library.overview')).photos).toBeGreaterThanOrEqual(6);
  await second.app.close();
});
