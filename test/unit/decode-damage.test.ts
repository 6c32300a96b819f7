import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decode, openPhoto } from '../../electron/vision/decode.ts';
import { heifItems } from '../../electron/vision/heif-items.ts';
import { quartered } from '../fixtures/pictures.ts';

// What a bad copy leaves: a file of the right length with zeros in it. Decoders make pixels of them and say nothing.

let folder: string;
let photo: Buffer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kith-damage-'));
  const sample = new URL('demo/sample1.jpg', import.meta.resolve('@vladmandic/face-api/package.json'));
  photo = await sharp(fileURLToPath(sample)).resize(640).png().toBuffer();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function read(bytes: Uint8Array): Promise<unknown> {
  const path = join(folder, 'photo');
  await writeFile(path, bytes);
  return decode(await openPhoto(path), 1600);
}

/** Zeros from one share of the bytes up to another. */
function zeroed(bytes: Buffer, from: number, to: number): Buffer {
  return Buffer.from(bytes).fill(0, Math.floor(bytes.length * from), Math.floor(bytes.length * to));
}

const truncated = { name: 'UnreadablePhoto', code: 'truncated' };

const formats: [name: string, draw: (picture: Sharp) => Sharp][] = [
  ['WebP', (picture) => picture.webp()],
  ['WebP of the best quality', (picture) => picture.webp({ quality: 100 })],
  ['lossless WebP', (picture) => picture.webp({ lossless: true })],
  ['WebP with transparent parts', (picture) => picture.ensureAlpha(0.5).webp()],
  ['GIF', (picture) => picture.gif({ effort: 1 })],
  ['PNG', (picture) => picture.png()],
  ['interlaced PNG', (picture) => picture.png({ progressive: true })],
  ['TIFF in LZW', (picture) => picture.tiff({ compression: 'lzw' })],
  ['TIFF in Deflate', (picture) => picture.tiff({ compression: 'deflate' })],
  ['AVIF', (picture) => picture.avif({ effort: 0 })],
];

describe('A photo of which a part was zeroed is damaged', () => {
  it.each(formats)('as %s', async (_, draw) => {
    const whole = await draw(sharp(photo)).toBuffer();
    await read(whole);
    for (const [from, to] of [
      [0.1, 1],
      [0.6, 1],
      [0.9, 1],
      [0.4, 0.6],
      [0.5, 0.52],
    ] as const) {
      await expect(read(zeroed(whole, from, to)), `${from} to ${to}`).rejects.toMatchObject(truncated);
    }
  });

  it.each(['webp', 'gif', 'png', 'tiff', 'avif'] as const)('and so is a %s that was cut', async (format) => {
    const whole = await sharp(photo).toFormat(format).toBuffer();
    for (const length of [whole.length * 0.3, whole.length * 0.9, whole.length - 40]) {
      await expect(read(whole.subarray(0, length)), `${length}`).rejects.toMatchObject(truncated);
    }
  });

  it('also in the first frame of an animation', async () => {
    const frames = sharp([photo, photo], { join: { animated: true } });
    for (const whole of [await frames.clone().webp().toBuffer(), await frames.clone().gif().toBuffer()]) {
      await read(whole);
      await expect(read(zeroed(whole, 0.2, 0.45))).rejects.toMatchObject(truncated);
    }
  });
});

it.each<[string, Parameters<Sharp['jpeg']>[0]]>([
  ['baseline', {}],
  ['progressive', { progressive: true }],
  ['with markers in between', { mozjpeg: true, trellisQuantisation: true }],
])('A %s JPEG with zeros in its midst is damaged.', async (_, options) => {
  const whole = await sharp(photo).jpeg(options).toBuffer();
  await read(whole);
  // Some cameras fill a file up.
  await read(Buffer.concat([whole, Buffer.alloc(5000)]));
  for (const at of [0.3, 0.5, 0.7]) {
    await expect(read(zeroed(whole, at, at + 0.2)), `${at}`).rejects.toMatchObject(truncated);
  }
});

describe('Zeros that belong to a picture are no damage', () => {
  const flat = (colour: string) =>
    sharp({ create: { width: 960, height: 720, channels: 3, background: colour } });
  const pictures: [name: string, draw: () => Promise<Sharp> | Sharp][] = [
    ['white', () => flat('#fff')],
    ['black', () => flat('#000')],
    ['grey', () => flat('#808080')],
    ['four colours', () => quartered(960, 720)],
    ['a photo on white', () => flat('#fff').composite([{ input: photo, left: 30, top: 40 }])],
    ['a photo on black', () => flat('#000').composite([{ input: photo, left: 20, top: 20 }])],
  ];
  it.each(pictures)('of %s, in every format', async (_, draw) => {
    const picture = await (await draw()).png().toBuffer();
    const more: [string, (picture: Sharp) => Sharp][] = [
      ['rough WebP', (each) => each.webp({ quality: 5, effort: 0 })],
      ['near-lossless WebP', (each) => each.webp({ nearLossless: true })],
      ['JPEG', (each) => each.jpeg()],
      ['JPEG of mozjpeg', (each) => each.jpeg({ mozjpeg: true })],
      ['plain TIFF', (each) => each.tiff({ compression: 'none' })],
    ];
    for (const [name, encode] of [...formats, ...more]) {
      await expect(read(await encode(sharp(picture)).toBuffer()), name).resolves.toMatchObject({
        width: 960,
      });
    }
  });
});

describe.skipIf(!process.env.KITH_SHARED)('A HEIC (needs KITH_SHARED)', () => {
  const names = ['iphone_7.heic', 'iphone_15_pro.heic'];

  it.each(names)('of which a tile was zeroed is damaged: %s', async (name) => {
    const whole = await readFile(join(process.env.KITH_SHARED!, 'photos', 'formats', name));
    await read(whole);
    await expect(read(zeroed(whole, 0.1, 1))).rejects.toMatchObject(truncated);
    const tiles = heifItems(whole).filter(({ type }) => type === 'hvc1');
    expect(tiles.length).toBeGreaterThan(40);
    const [from, to] = tiles[20]!.extents[0]!;
    for (const [start, end] of [
      [from, to],
      [from + 100, from + 612],
      [to - 512, to],
    ] as const) {
      await expect(read(Buffer.from(whole).fill(0, start, end))).rejects.toMatchObject(truncated);
    }
  });
});
