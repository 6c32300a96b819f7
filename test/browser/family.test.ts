import { readdirSync, readFileSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, test } from '@playwright/test';
import { parse } from 'csv-parse/sync';
import type { GroupId, PersonId, PhotoId } from '../../electron/contract/ids.ts';
import { kith as command } from '../e2e/cli.ts';
import type { Page as Wire } from '../e2e/page.ts';
import { type Kith, openKith, settle } from './host.ts';

// Three families on 35 photos, and strangers: eight names are typed, by FaceNet and YuNet as a person would have them.

const shared = process.env.KITH_SHARED;
const photos = join(shared ?? '', 'photos/family');

/** Who is on each photo; on those of strangers nobody. */
function truth(): Map<string, string[]> {
  const rows: { photo: string; people: string }[] = parse(readFileSync(join(photos, 'people.csv')), {
    columns: true,
  });
  return new Map(rows.map(({ photo, people }) => [photo, people === '' ? [] : people.split(';')]));
}

let kith: Kith;
let wire: Wire;
/** File names of each photo: some photos lie there under more than one. */
const files = new Map<PhotoId, string[]>();

test.skip(!shared, 'KITH_SHARED is not set');

test.beforeAll(async () => {
  test.setTimeout(180_000);
  const folder = await mkdtemp(join(tmpdir(), 'kith family '));
  const models = join(folder, 'models');
  await mkdir(models);
  const env = { KITH_MODELS_DIR: models };
  const facenet = ['model.json', 'model.h5'].map((name) => join(shared!, 'models/facenet', name));
  const imported = await command(['models', 'import', ...facenet], { env });
  expect(imported.status, imported.stderr).toBe(0);
  await copyFile(join(shared!, 'models/yunet.onnx'), join(models, 'yunet.onnx'));
  const place = await settle(folder, { detector: 'yunet', encoder: 'facenet-512+dlib' });
  kith = await openKith({ ...place, env: { ...place.env, ...env } });
  wire = await kith.wire();
});
test.afterAll(async () => {
  wire.socket.close();
  await kith.stop();
  await rm(kith.folder, { recursive: true });
});

/** Who is on a photo, whichever of its files one asks. */
const on = (photo: PhotoId) => files.get(photo)!.flatMap((name) => truth().get(name)!);

/** Whose group it can be: who is on all of its photos. */
async function nameOf(id: GroupId): Promise<string[]> {
  const { items } = await wire.call('groups.faces', { id });
  const all = items.map(({ photo }) => on(photo));
  return [...new Set(all[0])].filter((name) => all.every((people) => people.includes(name)));
}

async function facesOf(id: PersonId, status: 'confirmed' | 'sure' | 'ask') {
  return (await wire.call('people.faces', { id, status })).items;
}

test('eight names, typed into the page: all 35 faces right or asked, strangers left alone', async ({
  page,
}) => {
  test.setTimeout(400_000);
  await page.goto(kith.address);
  await page.getByRole('button', { name: 'Choose a folder' }).click();
  await page.getByRole('textbox', { name: 'Path of the folder' }).fill(photos);
  await page.getByRole('button', { name: 'Add this folder' }).click();
  await expect(page.getByRole('heading', { name: 'Everything was looked at' })).toBeVisible({
    timeout: 240_000,
  });
  await page.getByRole('link', { name: 'See the people' }).click();
  for (const { id } of (await wire.call('photos.list', {})).items) {
    files.set(
      id,
      (await wire.call('photos.get', { id })).files.map((path) => basename(path)),
    );
  }
  expect([...files.values()].flat().sort()).toEqual([...truth().keys()].sort());

  const typed: string[] = [];
  const everybody = new Set([...truth().values()].flat());
  expect(everybody.size).toBe(8);
  while (typed.length < everybody.size) {
    const groups = (await wire.call('groups.list', {})).items;
    let next: { id: GroupId; name: string } | undefined;
    for (const { id } of groups) {
      const [name, ...others] = await nameOf(id);
      if (name !== undefined && others.length === 0 && !typed.includes(name)) {
        next = { id, name };
        break;
      }
    }
    expect(next, `a group of somebody beside ${typed.join(', ')}`).toBeDefined();
    const { id, name } = next!;
    await page.locator(`[data-select="group:${id}"] input`).click();
    await page.keyboard.type(name);
    await page.keyboard.press('Enter');
    await expect(page.getByRole('status').filter({ hasText: 'is now on' })).toContainText(
      `${name} is now on`,
    );
    typed.push(name);
  }

  const people = (await wire.call('people.list', {})).items;
  expect(people.map(({ name }) => name).sort()).toEqual([...everybody].sort());
  const wrong: string[] = [];
  const missed: string[] = [];
  let there = 0;
  for (const { id, name } of people) {
    const known = [...(await facesOf(id, 'confirmed')), ...(await facesOf(id, 'sure'))];
    for (const { photo } of known) {
      if (!on(photo).includes(name)) wrong.push(`${name} on ${files.get(photo)}`);
    }
    const seen = new Set([...known, ...(await facesOf(id, 'ask'))].flatMap(({ photo }) => files.get(photo)!));
    for (const [photo, people] of truth()) {
      if (!people.includes(name)) continue;
      there++;
      if (!seen.has(photo)) missed.push(`${name} on ${photo}`);
    }
  }
  expect(wrong).toEqual([]);
  expect(missed).toEqual([]);
  expect(there).toBe(35);

  await page.keyboard.press('Escape');
  await page.goto(`${new URL(kith.address).origin}/#/export`);
  const exported = join(kith.folder, 'faces');
  await page.getByRole('button', { name: 'Another folder' }).click();
  await page.getByRole('textbox', { name: 'Path of the folder' }).fill(exported);
  await page.getByRole('button', { name: 'Export to this folder' }).click();
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  await expect(page.getByText(`They are in ${exported}`)).toBeVisible({ timeout: 60_000 });
  const entries = readdirSync(exported, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const folders = entries.map(({ name }) => name).filter((name) => !name.startsWith('.'));
  expect(folders.sort()).toEqual([...everybody].sort());
  for (const { name, confirmed, sure } of people) {
    expect(readdirSync(join(exported, name)), name).toHaveLength(confirmed + sure);
  }
});
