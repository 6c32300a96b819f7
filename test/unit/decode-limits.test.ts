import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp, { type Metadata } from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decode, openPhoto, type PhotoFile } from '../../electron/vision/decode.ts';
import { bytesPerPixel, requireFits } from '../../electron/vision/limits.ts';
import { claiming, claimingAvif } from '../fixtures/pictures.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kith-limits-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function read(name: string, bytes: Uint8Array) {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return decode(await openPhoto(path), 1600);
}

describe('A picture that is too large', () => {
  it('is refused by what its header says, with its size in megapixels', async () => {
    await expect(read('bomb.avif', await claimingAvif(16_380, 16_380))).rejects.toMatchObject({
      code: 'too-large',
      detail: expect.stringMatching(/268 megapixels \(16380 × 16380\), more than the 67 /),
    });
    await expect(read('bomb.png', await claiming(20_000, 20_000))).rejects.toMatchObject({
      code: 'too-large',
      detail: expect.stringContaining('400 megapixels'),
    });
  });

  it('is no photo of today, however large', async () => {
    const flat = sharp({ create: { width: 14_142, height: 10_607, channels: 3, background: '#4080a0' } });
    const photo = await read('150.jpg', await flat.jpeg().toBuffer());
    expect(photo).toMatchObject({ width: 1600, fullWidth: 14_142, fullHeight: 10_607 });
  });
});

describe('Memory bounds pixels', () => {
  const rgb = { channels: 3, depth: 'uchar' } as Metadata;
  const fits = (format: PhotoFile['format'], megapixels: number, more: Partial<Metadata> = {}) => {
    const file = { format, path: 'photo' } as PhotoFile;
    const per = bytesPerPixel(file, { ...rgb, ...more });
    try {
      requireFits(file, { width: megapixels * 1000, height: 1000 }, per);
      return true;
    } catch (error) {
      expect(error).toMatchObject({ code: 'too-large' });
      return false;
    }
  };
  const progressive = { isProgressive: true, chromaSubsampling: '4:2:0' };

  it.each<[PhotoFile['format'], megapixels: number, Partial<Metadata>]>([
    ['jpg', 200, {}],
    ['jpg', 200, progressive],
    ['jpg', 200, { ...progressive, chromaSubsampling: '4:4:4' }],
    ['png', 200, {}],
    ['tif', 150, { depth: 'ushort' }],
    ['webp', 100, {}],
    ['heic', 61, {}],
    ['avif', 61, {}],
  ])('but not those of a %s of %i megapixels %j', (format, megapixels, more) => {
    expect(fits(format, megapixels, more)).toBe(true);
  });

  it.each<[PhotoFile['format'], megapixels: number, Partial<Metadata>]>([
    ['jpg', 269, {}],
    ['jpg', 260, { isProgressive: true, channels: 4, chromaSubsampling: '4:4:4:4' }],
    ['png', 260, { isProgressive: true, channels: 4, depth: 'ushort' }],
    ['tif', 260, { channels: 4, depth: 'float' }],
    ['webp', 260, {}],
    ['gif', 260, {}],
    ['heic', 100, {}],
    ['avif', 100, {}],
    ['avif', 60, { depth: 'ushort' }],
  ])('of a %s of %i megapixels %j', (format, megapixels, more) => {
    expect(fits(format, megapixels, more)).toBe(false);
  });
});
