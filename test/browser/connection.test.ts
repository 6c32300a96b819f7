import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type WebSocketRoute } from '@playwright/test';
import { scanSamples } from './album.ts';
import { type Kith, openKith, settle } from './host.ts';

let kith: Kith;

test.beforeEach(async () => {
  kith = await openKith(await settle(await mkdtemp(join(tmpdir(), 'kith tabs '))));
  await scanSamples(kith);
});
test.afterEach(async () => {
  await kith.stop();
  await rm(kith.folder, { recursive: true });
});

test('a page at rest asks for nothing', async ({ page }) => {
  let asked = 0;
  page.on('websocket', (socket) => socket.on('framesent', () => asked++));
  await page.goto(kith.address);
  await expect(page.getByText('Nobody is named yet.')).toBeVisible();
  await page.waitForTimeout(1000);
  expect(asked).toBeGreaterThan(0);
  expect(asked).toBeLessThan(20);
  const before = asked;
  await page.waitForTimeout(1000);
  expect(asked).toBe(before);
});

test('a name given in one tab appears in the other', async ({ context }) => {
  const [one, other] = [await context.newPage(), await context.newPage()];
  for (const page of [one, other]) {
    await page.goto(kith.address);
    await expect(page.getByText('Nobody is named yet.')).toBeVisible();
  }
  await one.getByRole('list', { name: 'Who is this?' }).getByRole('textbox').first().click();
  await one.keyboard.type('Anna');
  await one.keyboard.press('Enter');
  await expect(other.getByRole('list', { name: 'People' }).getByText('Anna')).toBeVisible();
});

test('a page whose host has gone says so, and what to do once another host is there', async ({ page }) => {
  await page.goto(kith.address);
  await expect(page.getByText('Nobody is named yet.')).toBeVisible();
  await kith.stop();
  await expect(page.getByRole('alert')).toHaveText('The connection to Kith is lost. Trying again…');
  kith = await openKith(kith, kith.port);
  // The new host has another token: whoever knew the old one is not let in.
  await expect(page.getByRole('alert')).toHaveText(
    'Kith was started anew. Open it by the address that it printed.',
  );
  await page.goto(kith.address);
  await expect(page.getByText('Nobody is named yet.')).toBeVisible();
  await expect(page.getByRole('alert')).toHaveCount(0);
});

test('a page that lost its connection for a moment goes on with what happened meanwhile', async ({
  page,
}) => {
  let isDown = false;
  const sockets = new Set<WebSocketRoute>();
  await page.routeWebSocket('**/socket', (socket) => {
    if (isDown) {
      void socket.close();
      return;
    }
    socket.connectToServer();
    sockets.add(socket);
  });
  await page.goto(kith.address);
  await expect(page.getByText('Nobody is named yet.')).toBeVisible();
  isDown = true;
  for (const socket of sockets) await socket.close();
  await expect(page.getByRole('alert')).toHaveText('The connection to Kith is lost. Trying again…');
  const wire = await kith.wire();
  const [group] = (await wire.call('groups.list', {})).items;
  await wire.call('name', { groups: [group!.id], name: 'Anna' });
  wire.socket.close();
  await expect(page.getByText('Nobody is named yet.')).toBeVisible();
  isDown = false;
  await expect(page.getByRole('list', { name: 'People' }).getByText('Anna')).toBeVisible();
  await expect(page.getByRole('alert')).toHaveCount(0);
});

test('a list that was on its way when the connection went comes once it is back, and says nothing of it', async ({
  page,
}) => {
  let isDown = false;
  const sockets = new Set<WebSocketRoute>();
  await page.routeWebSocket('**/socket', (socket) => {
    const server = socket.connectToServer();
    // Requests get to the host; its answers do not come.
    server.onMessage((message) => {
      if (!isDown) socket.send(message);
    });
    sockets.add(socket);
  });
  await page.goto(kith.address);
  await expect(page.getByText('Nobody is named yet.')).toBeVisible();
  isDown = true;
  await page.getByRole('link', { name: 'Photos' }).first().click();
  for (const socket of sockets) await socket.close();
  await expect(page.getByRole('alert')).toHaveText('The connection to Kith is lost. Trying again…');
  isDown = false;
  await expect(page.getByRole('alert')).toHaveCount(0);
  await expect(page.getByRole('list', { name: 'Photos' }).getByRole('link')).toHaveCount(6);
});

test('a screen that could not be fetched while the connection was lost is there once it is back', async ({
  page,
}) => {
  let isDown = false;
  const sockets = new Set<WebSocketRoute>();
  await page.routeWebSocket('**/socket', (socket) => {
    socket.connectToServer();
    sockets.add(socket);
  });
  await page.route('**/History-*.js', (route) => (isDown ? route.abort() : route.continue()));
  isDown = true;
  await page.goto(kith.address);
  await expect(page.getByText('Nobody is named yet.')).toBeVisible();
  await page.keyboard.press('Control+Shift+h');
  await expect(page).toHaveURL(/#\/history$/);
  isDown = false;
  for (const socket of sockets) await socket.close();
  await expect(page.getByRole('heading', { level: 1, name: 'History' })).toBeVisible();
});
