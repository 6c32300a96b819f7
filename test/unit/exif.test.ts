import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Sharp } from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { shotOf } from '../../electron/vision/exif.ts';
import { openPhoto } from '../../electron/vision/photo-file.ts';
import { quartered } from '../fixtures/pictures.ts';

// What a file says of how its photo was taken.

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kith-exif-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function put(name: string, picture: Sharp): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, await picture.toBuffer());
  return path;
}

it.each([
  ['2021:08:14 15:16:17', '2021-08-14T15:16:17'],
  ['0000:00:00 00:00:00', null],
  ['2021:02:31 10:00:00', null],
  ['yesterday', null],
])('reads the camera time %j as %j', async (text, expected) => {
  const picture = quartered().withExif({ IFD2: { DateTimeOriginal: text } });
  expect((await openPhoto(await put('time.jpg', picture.jpeg()))).takenAt).toBe(expected);
});

it('reads with what, and how, a photo was taken, and does not say the maker twice', async () => {
  const file = async (name: string, ifd0: Record<string, string>, ifd2 = {}) =>
    (await openPhoto(await put(name, quartered().withExif({ IFD0: ifd0, IFD2: ifd2 }).jpeg()))).bytes;
  const settings = { FNumber: '28/10', ExposureTime: '1/250', ISOSpeedRatings: '400', FocalLength: '35/1' };
  const full = { ...settings, LensModel: 'XF23mmF2' };
  expect(shotOf(await file('fuji.jpg', { Make: 'FUJIFILM', Model: 'X-T5' }, full))).toEqual({
    camera: 'FUJIFILM X-T5',
    lens: 'XF23mmF2',
    aperture: 2.8,
    exposure: 1 / 250,
    iso: 400,
    focalLength: 35,
  });
  const nikon = await file('nikon.jpg', { Make: 'NIKON CORPORATION', Model: 'NIKON D90' });
  expect(shotOf(nikon)).toMatchObject({ camera: 'NIKON D90', lens: null, iso: null });
  expect(shotOf(await quartered().png().toBuffer())).toEqual({
    camera: null,
    lens: null,
    aperture: null,
    exposure: null,
    iso: null,
    focalLength: null,
  });
  expect(shotOf(Buffer.from('no photo'))).toMatchObject({ camera: null });
});

it('has no camera time without EXIF', async () => {
  expect((await openPhoto(await put('bare.png', quartered().png()))).takenAt).toBeNull();
});
