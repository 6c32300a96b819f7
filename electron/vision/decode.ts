import sharp, { type Metadata, type Sharp, type SharpOptions } from 'sharp';
import { UnreadablePhoto } from '../contract/errors.ts';
import type { UnitBox } from '../contract/geometry.ts';
import { heicToTiff } from './heic.ts';
import { mayHaveHole } from './jpeg.ts';
import { bytesPerPixel, MOST_PIXELS, requireFits } from './limits.ts';
import type { PhotoFile } from './photo-file.ts';
import { requireWholeWebp } from './webp.ts';

export { hashFile, openPhoto, type PhotoFile } from './photo-file.ts';

// One process per core does the work; sharp's own threads would only contend, and a photo is never seen twice.
sharp.concurrency(1);
sharp.cache(false);

/** A photo, or a region of one, as pixels. */
export interface DecodedPhoto {
  /** RGB, 8 bits, interleaved, upright, sRGB; width × height × 3 bytes. */
  data: Uint8Array;
  width: number;
  height: number;
  /** Upright pixels at full size, before the reduction to `maxSide`. */
  fullWidth: number;
  fullHeight: number;
}

/** A decoded region; `box` is where it truly lies, after clamping to the photo and rounding to its pixels. */
export interface DecodedRegion extends DecodedPhoto {
  box: UnitBox;
}

/**
 * What a decoder may stumble over. A photo of which a part is missing is refused rather than half grey, as faces may be
 * there and nobody would ever be told. Lesser damage (odd markers, wrong colour profiles, bytes after the end) is read
 * over. Of a GIF whose codes make no sense the decoder only warns; a strip of a TIFF that can't be unpacked is an error.
 */
const STRICTNESS: Record<PhotoFile['format'], SharpOptions['failOn']> = {
  jpg: 'truncated',
  png: 'truncated',
  webp: 'truncated',
  tif: 'error',
  gif: 'warning',
  avif: 'truncated',
  heic: 'truncated',
};

const reading = {
  autoOrient: true,
  sequentialRead: true,
  failOn: 'truncated',
  limitInputPixels: MOST_PIXELS,
} as const satisfies SharpOptions;

interface Region {
  left: number;
  top: number;
  width: number;
  height: number;
}

/**
 * Decodes a photo upright in sRGB, transparent parts on white, reduced to fit `maxSide` × `maxSide` pixels (never
 * enlarged). Of files with several pictures, the first.
 * @throws UnreadablePhoto `truncated` (incomplete or damaged) or `too-large` (by pixels; see limits.ts).
 */
export async function decode(file: PhotoFile, maxSide: number): Promise<DecodedPhoto> {
  const source = await open(file);
  const { data, info } = await pixels(file, source, null, maxSide);
  return { data, width: info.width, height: info.height, fullWidth: source.width, fullHeight: source.height };
}

/** Pixels of the upright photo at full size. @throws UnreadablePhoto as {@link decode} */
export async function sidesOf(file: PhotoFile): Promise<{ width: number; height: number }> {
  const { width, height } = await open(file);
  return { width, height };
}

/** Decodes a JPEG that Kith made itself: upright already, and small. */
export async function decodeJpeg(jpeg: Uint8Array): Promise<DecodedPhoto> {
  const { data, info } = await sharp(jpeg).toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  return { data, width, height, fullWidth: width, fullHeight: height };
}

/**
 * Decodes a part of a photo, for when the reduced photo has too few pixels of it. As slow as decoding all of it at full
 * size; `fullWidth` and `fullHeight` are the region's.
 * @param box in fractions of the upright photo; what lies outside the photo is left off.
 * @throws UnreadablePhoto as {@link decode}.
 */
export async function decodeRegion(file: PhotoFile, box: UnitBox, maxSide: number): Promise<DecodedRegion> {
  const source = await open(file);
  const region = toRegion(box, source);
  const { data, info } = await pixels(file, source, region, maxSide);
  return {
    data,
    width: info.width,
    height: info.height,
    fullWidth: region.width,
    fullHeight: region.height,
    box: {
      x: region.left / source.width,
      y: region.top / source.height,
      width: region.width / source.width,
      height: region.height / source.height,
    } as UnitBox,
  };
}

/** A photo of which the header is read; `image` gives a fresh pipeline over its upright pixels. */
interface Source {
  width: number;
  height: number;
  image: () => Sharp;
}

/** Decoding a HEIC takes a second: its regions share one decode for as long as somebody holds the file. */
const tiffs = new WeakMap<PhotoFile, Promise<Buffer>>();

async function open(file: PhotoFile): Promise<Source> {
  const { bytes, metadata } = await readableBySharp(file);
  const { width, height } = metadata.autoOrient;
  const failOn = file.format === 'jpg' && mayHaveHole(bytes) ? 'warning' : STRICTNESS[file.format];
  return { width, height, image: () => sharp(bytes, { ...reading, failOn }) };
}

interface Readable {
  bytes: Buffer;
  metadata: Metadata;
}

/** @throws UnreadablePhoto `too-large` before anything is decoded */
async function readableBySharp(file: PhotoFile): Promise<Readable> {
  if (file.format === 'heic' && !(await isAv1(file))) {
    const tiff =
      tiffs.get(file) ?? heicToTiff(file, (sides) => requireFits(file, sides, bytesPerPixel(file, null)));
    tiffs.set(file, tiff);
    const bytes = await tiff;
    return { bytes, metadata: await headerOf(file, bytes) };
  }
  const metadata = await headerOf(file, file.bytes);
  requireFits(file, metadata, bytesPerPixel(file, metadata));
  if (file.format === 'webp') await requireWholeWebp(file);
  return { bytes: file.bytes, metadata };
}

/** What the header says; nothing is decoded, so that any size may stand in it. */
async function headerOf(file: PhotoFile, bytes: Buffer): Promise<Metadata> {
  try {
    return await sharp(bytes, { ...reading, limitInputPixels: false }).metadata();
  } catch (error) {
    throw reason(file, error);
  }
}

/** The brand `mif1` says HEIF, but not which codec is inside; sharp reads AV1. */
async function isAv1(file: PhotoFile): Promise<boolean> {
  // What it can't read is left to libheif, which says what is wrong with it.
  const { compression } = await headerOf(file, file.bytes).catch(() => ({ compression: undefined }));
  return compression === 'av1';
}

async function pixels(file: PhotoFile, source: Source, region: Region | null, maxSide: number) {
  try {
    const image = region === null ? source.image() : source.image().extract(region);
    return await image
      .resize({
        width: maxSide,
        height: maxSide,
        fit: 'inside',
        withoutEnlargement: true,
        // After shrink-on-load at most halving is left, for which Lanczos takes twice the time and shows nothing more.
        kernel: 'linear',
      })
      .flatten({ background: '#fff' })
      .removeAlpha()
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
  } catch (error) {
    throw reason(file, error);
  }
}

/** Fractions → whole pixels that cover them, at least one, inside the photo. */
function toRegion(box: UnitBox, { width, height }: Source): Region {
  const left = clamp(Math.floor(box.x * width), 0, width - 1);
  const top = clamp(Math.floor(box.y * height), 0, height - 1);
  return {
    left,
    top,
    width: clamp(Math.ceil((box.x + box.width) * width), left + 1, width) - left,
    height: clamp(Math.ceil((box.y + box.height) * height), top + 1, height) - top,
  };
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

/** The first bytes said that the file is a picture, so whatever sharp stumbles over is damage, or size. */
function reason(file: PhotoFile, error: unknown): UnreadablePhoto {
  if (error instanceof UnreadablePhoto) return error;
  const message = error instanceof Error ? error.message : String(error);
  const tooLarge = /exceeds pixel limit|too (large|many)/i.test(message);
  const [first = message] = message.split('\n').filter((line) => !line.startsWith('source: bad seek'));
  return new UnreadablePhoto(
    tooLarge ? 'too-large' : 'truncated',
    tooLarge
      ? `${file.path} has more than ${MOST_PIXELS / 1e6} megapixels`
      : `${file.path} is damaged: ${first}`,
    { cause: error },
  );
}
