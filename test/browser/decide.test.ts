import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { type ExifTool, startExifTool } from '../../electron/metadata/tool.ts';
import type { Page as Wire } from '../e2e/page.ts';
import { headOf, SAMPLE_PHOTOS } from '../fixtures/sample-faces.ts';
import {
  HAS_PERL,
  iptc,
  list,
  microsoft,
  mwg,
  type Tagged,
  tag,
  taggedFaces,
  writePhoto,
} from '../fixtures/tagged.ts';
import { scan } from './album.ts';
import { type Kith, openKith, settle } from './host.ts';

// Names in photos' metadata that the user decides about: one question of each kind, answered by keys.

let kith: Kith;
let wire: Wire;
let photos: string;
let tool: ExifTool;

const inEmptyCorner = (name: string): Tagged => ({ name, x: 0.01, y: 0.01, width: 0.08, height: 0.1 });

async function facesOf(sample: number, names: Record<number, string>): Promise<Tagged[]> {
  const faces = await taggedFaces(SAMPLE_PHOTOS[sample]!, (at) => names[at] ?? '');
  return faces.filter(({ name }) => name !== '');
}

/** A photo of the samples with these names for its faces. */
async function put(name: string, sample: number, names: Record<number, string>, more: string[] = []) {
  const path = join(photos, name);
  const stored = await writePhoto(SAMPLE_PHOTOS[sample]![0]!.path, path);
  const faces = await facesOf(sample, names);
  if (faces.length > 0) await tag(tool, path, mwg(faces, stored));
  if (more.length > 0) await tag(tool, path, ...more);
}

test.skip(!HAS_PERL, 'ExifTool needs perl, which is missing');
test.beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kith decide '));
  photos = join(folder, 'photos');
  await mkdir(photos);
  tool = startExifTool();
  await put('a two names.jpg', 0, { 0: 'Anna', 1: 'Bert' }, [microsoft(await facesOf(0, { 0: 'Annette' }))]);
  await put('b no face.jpg', 4, {}, [microsoft([inEmptyCorner('Gilbert')])]);
  await tag(tool, join(photos, 'b no face.jpg'), iptc([inEmptyCorner('Gil')]));
  await put('c twice.jpg', 1, { 0: 'Cleo', 1: 'Cleo' });
  await put('d said.jpg', 3, { 0: 'Otto' });
  await put('e unplaced.jpg', 5, {}, list('XMP-iptcExt:PersonInImage', ['Mia']));
  await put('f both.jpg', 2, {});
  for (const face of [0, 1]) {
    for (const side of [640, 520]) {
      const name = `f ${face} ${side}.jpg`;
      await writeFile(join(photos, name), await headOf(SAMPLE_PHOTOS[2]![face]!, side));
      await tag(tool, join(photos, name), ...list('XMP-iptcExt:PersonInImage', ['Rita']));
    }
  }
  await tool.end();
  kith = await openKith(await settle(folder));
  wire = await kith.wire();
  await scan(wire, photos);
});
test.afterAll(async () => {
  wire?.socket.close();
  await kith?.stop();
  if (kith) await rm(kith.folder, { recursive: true });
});

const notice = (page: Page) => page.getByRole('group', { name: 'Names in these photos' });
const title = (page: Page, name: string | RegExp) => page.getByRole('heading', { level: 1, name });
const at = (page: Page, of: string) => expect(page.getByText(of)).toBeVisible();

/** The names on a photo that the user has confirmed, from the left; null: another face. */
async function on(name: string): Promise<(string | null)[]> {
  const { items } = await wire.call('photos.list', {});
  const { faces } = await wire.call('photos.get', { id: items.find((one) => one.name === name)!.id });
  return faces
    .toSorted((a, b) => a.box.x - b.box.x)
    .map(({ status, person }) => (status === 'confirmed' ? person!.name : null));
}

async function isClean(page: Page): Promise<void> {
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
}

test('each kind of question is answered by keys, taken back, skipped and found again', async ({ page }) => {
  const { items } = await wire.call('photos.list', {});
  const d = items.find(({ name }) => name === 'd said.jpg')!;
  const { faces } = await wire.call('photos.get', { id: d.id });
  const otto = faces.toSorted((a, b) => a.box.x - b.box.x)[1]!;
  await wire.call('name', { faces: [otto.id], name: 'Paul' });
  const two = await on('a two names.jpg');
  expect(two).toHaveLength(3);

  await page.goto(kith.address);
  await page.getByRole('link', { name: 'People' }).first().click();
  await notice(page).getByRole('button', { name: 'Use', exact: true }).click();
  await notice(page).getByRole('link', { name: 'Decide now' }).click();

  await at(page, '1 of 6');
  await expect(title(page, 'Who is this?')).toBeVisible();
  await isClean(page);
  // Somebody else than the file says, then that is taken back, and one of its names is chosen.
  await page.keyboard.press('e');
  await page.getByRole('dialog').getByRole('textbox').or(page.getByRole('combobox')).last().fill('Ada');
  await page.keyboard.press('Enter');
  await at(page, '2 of 6 · Named Ada');
  expect(await on('a two names.jpg')).toContain('Ada');
  await page.keyboard.press('z');
  await at(page, '1 of 6');
  expect(await on('a two names.jpg')).not.toContain('Ada');
  await page.keyboard.press('2');
  await at(page, '2 of 6 · Named Annette');
  expect(await on('a two names.jpg')).toContain('Annette');

  // No face is known there: the answer draws it.
  await expect(title(page, 'Who is this?')).toBeVisible();
  await page.getByRole('button', { name: 'Gil', exact: true }).click();
  await at(page, '3 of 6 · Named Gil');
  expect((await on('b no face.jpg'))[0]).toBe('Gil');

  await expect(title(page, 'Which one is Cleo?')).toBeVisible();
  await isClean(page);
  await page.keyboard.press('1');
  await at(page, '4 of 6 · Named Cleo');
  expect((await on('c twice.jpg')).filter((name) => name === 'Cleo')).toHaveLength(1);
  expect((await on('c twice.jpg'))[1]).toBe('Cleo');

  // Enter keeps what the user has said.
  await expect(title(page, 'Paul or Otto?')).toBeVisible();
  await page.keyboard.press('Enter');
  await at(page, '5 of 6 · Your name stays');
  expect((await on('d said.jpg'))[1]).toBe('Paul');

  await expect(title(page, 'Which one is Rita?')).toBeVisible();
  await isClean(page);
  await page.keyboard.press('s');
  await at(page, '6 of 6');
  await expect(title(page, 'Which one is Mia?')).toBeVisible();
  await isClean(page);
  await page.keyboard.press('n');
  await expect(title(page, '1 name was skipped')).toBeVisible();
  await isClean(page);
  await page.keyboard.press('z');
  await expect(title(page, 'Which one is Mia?')).toBeVisible();
  await page.keyboard.press('3');
  await expect(title(page, '1 name was skipped')).toBeVisible();
  expect((await on('e unplaced.jpg'))[2]).toBe('Mia');

  // What was skipped is found again, and in the history each answer stands by itself.
  await page.getByRole('link', { name: 'To the people' }).click();
  await page.getByRole('link', { name: '1 name from your photos’ metadata needs you' }).click();
  await at(page, '1 of 1');
  await page.getByRole('button', { name: 'Number 2 is Rita' }).click();
  await expect(title(page, 'Nothing to decide')).toBeVisible();
  expect([...(await on('f 0 640.jpg')), ...(await on('f 0 520.jpg'))]).toEqual([null, null]);
  expect([...(await on('f 1 640.jpg')), ...(await on('f 1 520.jpg'))]).toEqual(['Rita', 'Rita']);
  const { items: entries } = await wire.call('journal.list', {});
  expect(entries.slice(0, 2).map(({ action, detail }) => [action, detail.name])).toEqual([
    ['names-settled', 'Rita'],
    ['names-settled', 'Mia'],
  ]);

  // An undo elsewhere asks again.
  await wire.call('journal.undo', { entry: entries[1]!.id });
  await expect(title(page, 'Which one is Mia?')).toBeVisible();
  await page.keyboard.press('Control+Shift+H');
  await expect(page.getByText('Decided on the name Rita from a photo’s metadata')).toBeVisible();
});
