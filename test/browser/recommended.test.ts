import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import type { Page as Wire } from '../e2e/page.ts';
import { randomWeights, tinyFacenet, toKerasJson, writeKerasFile } from '../fixtures/keras.ts';
import { type Answering, sendFile, serve, type Web } from '../fixtures/web.ts';
import { makeAlbum } from './album.ts';
import { type Kith, openKith, settle } from './host.ts';

// The recommended models, by one click: from a server on this machine that is slow, breaks off, or sends something else.

let web: Web;
let answer: Answering;
let kith: Kith;
let wire: Wire;

test.beforeEach(async ({ page }) => {
  answer = (_, response) => response.writeHead(404).end();
  web = await serve((...all) => answer(...all));
  const place = await settle(await mkdtemp(join(tmpdir(), 'kith recommended ')));
  Object.assign(place.env, {
    KITH_MODELS_DIR: join(place.folder, 'models'),
    KITH_MODELS_MIRROR: web.address,
  });
  kith = await openKith(place);
  wire = await kith.wire();
  await page.goto(kith.address);
});
test.afterEach(async () => {
  wire.socket.close();
  await kith.stop();
  await web.close();
  await rm(kith.folder, { recursive: true });
});

const better = (page: Page) => page.getByRole('group', { name: 'Better recognition' });
const inUse = async () => {
  const { detector, encoder } = await wire.call('library.overview', {});
  return { detector, encoder };
};

test('the offer says how much comes from where; a no is remembered, and Settings has it still', async ({
  page,
}) => {
  await expect(better(page)).toContainText(
    'Two small downloads, 94 MB, from their public addresses. Nothing else is ever sent or fetched.',
  );
  await better(page).getByText('What exactly?').click();
  await expect(better(page)).toContainText(`${web.address}/facenet512_weights.h5`);
  await expect(better(page)).toContainText('Licence: research use only');
  await better(page).getByRole('button', { name: 'Not now' }).click();
  await expect(page.getByText('You find it in Settings')).toBeVisible();
  await expect(better(page)).toHaveCount(0);

  await page.reload();
  await page.getByRole('button', { name: 'Choose a folder' }).waitFor();
  await expect.poll(() => wire.call('settings.get', {})).toMatchObject({ offersModels: false });
  await expect(better(page)).toHaveCount(0);
  await page.getByRole('link', { name: 'Settings' }).click();
  await expect(better(page).getByRole('button', { name: 'Download' })).toBeVisible();
  await expect(better(page).getByRole('button', { name: 'Not now' })).toHaveCount(0);
  // Two encoders of which nobody knows how well they recognise; they are there for whoever may not use FaceNet's weights.
  for (const title of ['SFace, 128 numbers', 'AuraFace, 512 numbers']) {
    const row = page.getByRole('listitem').filter({ hasText: title });
    await expect(row).toContainText('Apache-2.0');
    await expect(row).toContainText('Not measured');
    await expect(row.getByRole('button', { name: 'Get' })).toBeVisible();
  }
  expect(web.asked).toEqual([]);
});

test('without a connection, and where something else comes, it says so and what to do; the bundled models stay', async ({
  page,
}) => {
  answer = (_, response) => response.destroy();
  await better(page).getByRole('button', { name: 'Download' }).click();
  await expect(better(page)).toContainText('The connection broke. Kith tries again…');
  const alert = better(page).getByRole('alert');
  await expect(alert).toContainText('Check the connection, then try again', { timeout: 40_000 });
  expect(new Set(web.asked.map(({ path }) => path))).toEqual(new Set(['/facenet512_weights.h5']));

  const tiny = tinyFacenet(512);
  const file = join(kith.folder, 'other.h5');
  await writeKerasFile(file, randomWeights(tiny, 1), { description: toKerasJson(tiny) });
  const other = await readFile(file);
  answer = (request, response) => sendFile(request, response, other);
  await better(page).getByRole('button', { name: 'Try again' }).click();
  await expect(alert).toContainText('What came is not the published file, so it was thrown away.');
  await alert.getByText('Details').click();
  await expect(alert).toContainText('other embeddings');
  expect(await readdir(join(kith.folder, 'models'))).toEqual([]);
  expect(await inUse()).toEqual({ detector: 'ssd', encoder: 'dlib' });

  // Another page, opened now, says the same.
  await page.reload();
  await expect(alert).toContainText('What came is not the published file');
});

test('a slow download can be stopped, and goes on from there', async ({ page }) => {
  const half = Buffer.alloc(3_000_000, 1);
  answer = (_, response) => {
    response.writeHead(200, { 'content-length': 2 * half.length, etag: '"1"' });
    response.write(half);
  };
  await better(page).getByRole('button', { name: 'Download' }).click();
  await expect(better(page)).toContainText('3 MB of 6.3 MB');
  await better(page).getByRole('button', { name: 'Stop' }).click();
  await expect(better(page).getByRole('button', { name: 'Download' })).toBeVisible();
  await better(page).getByRole('button', { name: 'Download' }).click();
  await expect.poll(() => web.asked).toMatchObject([{}, { range: `bytes=${half.length}-` }]);
});

test('both come beside a scan, slowly and cut off; the library comes over while somebody is named (KITH_SHARED)', async ({
  page,
}) => {
  test.setTimeout(300_000);
  const shared = process.env.KITH_SHARED;
  test.skip(!shared, 'FaceNet’s weights are in no package');
  const [facenet, yunet] = await Promise.all(
    ['models/facenet/model.h5', 'models/yunet.onnx'].map((file) => readFile(join(shared!, file))),
  );
  const half = Math.floor(facenet!.length / 2);
  /** The first request for FaceNet, of which half is answered, and the second, which waits. */
  const begun = Promise.withResolvers<ServerResponse>();
  const goesOn = Promise.withResolvers<void>();
  answer = (request, response, nth) => {
    if (request.url!.endsWith('.onnx')) return sendFile(request, response, yunet!, { etag: '"2"' });
    if (nth > 0)
      return void goesOn.promise.then(() => sendFile(request, response, facenet!, { etag: '"1"' }));
    response.writeHead(200, { 'content-length': facenet!.length, etag: '"1"' });
    response.write(facenet!.subarray(0, half));
    begun.resolve(response);
  };
  const album = await makeAlbum(join(kith.folder, 'album'), 4);
  await wire.call('scan.start', { path: album });
  const state = async () => (await wire.call('scan.state', {}))!;

  await test.step('one click in the scan’s progress; it goes on in a page that is opened meanwhile', async () => {
    await page.getByRole('heading', { name: 'Finding faces' }).waitFor();
    await better(page).getByRole('button', { name: 'Download' }).click();
    await expect(better(page)).toContainText('47 MB of 95 MB');
    expect(await state()).toMatchObject({ phase: 'scanning', over: false });
    await page.reload();
    await expect(better(page)).toContainText('47 MB of 95 MB');
    await expect(better(page).getByRole('progressbar')).toHaveAttribute('aria-valuenow', '50');
  });

  await test.step('where the connection breaks, the rest comes by another', async () => {
    const first = await begun.promise;
    first.destroy();
    await expect(better(page)).toContainText('The connection broke. Kith tries again…');
    goesOn.resolve();
    await expect.poll(() => web.asked.length, { timeout: 60_000 }).toBe(3);
    expect(web.asked).toMatchObject([
      { path: '/facenet512_weights.h5', range: undefined },
      { range: `bytes=${half}-`, ifRange: '"1"', sent: facenet!.length - half },
      { path: '/yunet_n_dynamic.onnx', sent: yunet!.length },
    ]);
    await expect.poll(inUse).toEqual({ detector: 'yunet', encoder: 'facenet-512+dlib' });
  });

  await test.step('somebody is named while the library comes over', async () => {
    await page.getByRole('heading', { name: 'Bringing your library over' }).waitFor({ timeout: 90_000 });
    await expect(better(page)).toContainText('You can go on naming.');
    await page.getByRole('link', { name: 'People' }).click();
    const cards = page.getByRole('list', { name: 'Who is this?' });
    await cards.getByRole('textbox').first().click();
    await page.keyboard.type('Anna');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('status').filter({ hasText: 'Anna is now on' })).toBeVisible();
    expect(await state()).toMatchObject({ over: true, phase: 'scanning' });
  });

  await test.step('she keeps her name, and whoever was found by the new models has it too', async () => {
    const before = (await wire.call('people.list', {})).items;
    await expect.poll(async () => (await state()).phase, { timeout: 120_000 }).toBe('done');
    const after = (await wire.call('people.list', {})).items;
    expect(after.map(({ name }) => name)).toEqual(['Anna']);
    expect(after[0]!.confirmed).toBe(before[0]!.confirmed);
    expect(after[0]!.confirmed + after[0]!.sure).toBeGreaterThanOrEqual(
      before[0]!.confirmed + before[0]!.sure,
    );
    expect(await wire.call('calibration.get', {})).toMatchObject({ encoder: 'facenet-512+dlib' });
    expect(await wire.call('recommended.state', {})).toMatchObject({ missing: [], behind: false });
    await page.goto(`${new URL(kith.address).origin}/#/settings`);
    await expect(page.getByRole('listitem').filter({ hasText: 'FaceNet and dlib' })).toContainText('In use');
    await expect(page.getByRole('listitem').filter({ hasText: 'YuNet face detector' })).toContainText(
      'In use',
    );
  });
});
