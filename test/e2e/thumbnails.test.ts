import { copyFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { THUMBNAIL_SIDE } from '../../electron/contract/figures.ts';
import type { App } from '../../electron/service/app/app.ts';
import { colourAt, corners, fourCorners, quartered } from '../fixtures/pictures.ts';
import { scan } from '../fixtures/scan.ts';
import { openApp } from './app.ts';

// The small pictures of photos: real SQLite, real vision processes.

const sample = fileURLToPath(
  new URL('demo/sample1.jpg', import.meta.resolve('@vladmandic/face-api/package.json')),
);
let home: string;
let library: string;
let photos: string;
let app: App;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'kith-thumbnails-'));
  library = join(home, 'library.kith');
  photos = join(home, 'photos');
  await mkdir(photos);
  copyFileSync(sample, join(photos, 'a sample.jpg'));
  writeFileSync(join(photos, 'turned.jpg'), await corners(6));
  app = await openApp(library);
  expect(await scan(app, photos)).toMatchObject({ phase: 'done', failure: null });
}, 60_000);
afterEach(async () => {
  await app.close();
  await rm(home, { recursive: true });
});

async function idOf(name: string) {
  return (await app.call('photos.list', {})).items.find((photo) => photo.name === name)!.id;
}

/** What lies in the record, by photo. */
function kept(): Map<number, Uint8Array> {
  const database = new DatabaseSync(library);
  const rows = database.prepare('SELECT photo_id, jpeg FROM thumbnails').all();
  database.close();
  return new Map(rows.map((row) => [row.photo_id as number, row.jpeg as Uint8Array]));
}

async function shown(id: number): Promise<Uint8Array> {
  return (await app.picture('photo', id, { size: THUMBNAIL_SIDE }))!.bytes!;
}

/** Makes of the library what one from before there were any is, once it has been brought up to date. */
async function withoutAny(): Promise<void> {
  await app.close();
  const database = new DatabaseSync(library);
  database.exec('DELETE FROM thumbnails');
  database.close();
  app = await openApp(library);
}

async function expectUpright(jpeg: Uint8Array): Promise<void> {
  const { data, info } = await sharp(jpeg).raw().toBuffer({ resolveWithObject: true });
  expect([info.width, info.height]).toEqual([320, 240]);
  for (const [place, colour] of fourCorners(info.width, info.height)) {
    const found = colourAt({ data, width: info.width }, place);
    for (const [channel, value] of colour.entries()) {
      expect(Math.abs(found[channel]! - value)).toBeLessThan(12);
    }
  }
}

describe('Thumbnails', () => {
  it('are put into the record by the scan, upright, and shown when the files are gone', async () => {
    const pictures = kept();
    expect(pictures.size).toBe(2);
    const turned = await idOf('turned.jpg');
    await expectUpright(pictures.get(turned)!);
    const whole = await idOf('a sample.jpg');
    const { width, height } = await sharp(pictures.get(whole)!).metadata();
    const original = await sharp(sample).metadata();
    expect(Math.max(width, height)).toBe(THUMBNAIL_SIDE);
    expect(width / height).toBeCloseTo(original.width / original.height, 1);
    rmSync(photos, { recursive: true });
    for (const id of [turned, whole]) expect(Buffer.compare(await shown(id), pictures.get(id)!)).toBe(0);
    expect(await app.picture('photo', whole, { size: 640 })).toBeNull();
  }, 60_000);

  it('are made once for an older library, when a photo is first shown', async () => {
    await withoutAny();
    expect(kept().size).toBe(0);
    const turned = await idOf('turned.jpg');
    await expectUpright(await shown(turned));
    expect([...kept().keys()]).toEqual([turned]);
    rmSync(photos, { recursive: true });
    await expectUpright(await shown(turned));
    expect(await app.picture('photo', await idOf('a sample.jpg'), { size: THUMBNAIL_SIDE })).toBeNull();
  }, 60_000);

  it('are never those of another photo that took the file’s place', async () => {
    await withoutAny();
    const turned = await idOf('turned.jpg');
    writeFileSync(join(photos, 'turned.jpg'), await quartered(300, 400).negate().jpeg().toBuffer());
    expect((await sharp(await shown(turned)).metadata()).height).toBe(320);
    expect(kept().size).toBe(0);
  }, 60_000);

  it('go with the library that is erased, and come back with a backup', async () => {
    const turned = await idOf('turned.jpg');
    const backup = join(home, 'backup.kith');
    await app.call('library.backup', { path: backup });
    await app.call('library.erase', { sure: true });
    expect(kept().size).toBe(0);
    expect(await app.picture('photo', turned, { size: THUMBNAIL_SIDE })).toBeNull();
    rmSync(photos, { recursive: true });
    await app.call('library.restore', { path: backup });
    await expectUpright(await shown(turned));
  }, 60_000);
});
