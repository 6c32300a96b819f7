import type { Metadata } from 'sharp';
import { UnreadablePhoto } from '../contract/errors.ts';
import type { PhotoFile } from './photo-file.ts';

/** A picture that declares more pixels than this is a bomb, or nothing that people look for faces in. */
export const MOST_PIXELS = 0x3fff * 0x3fff;

/**
 * Memory that decoding one photo may take in a vision process, in bytes, beyond its file: what the largest photo of a
 * camera takes of which the decoder holds all pixels, a HEIC of 61 megapixels.
 */
const MOST_MEMORY = 1.25 * 1024 ** 3;

/** libheif holds a HEIC's planes, its RGBA and a copy of that: measured, 18 bytes for each pixel at 12 megapixels. */
const HEIC = 20;

/**
 * Refuses a photo that takes too much memory, before it is decoded: a few kilobytes may declare any size.
 *
 * @throws UnreadablePhoto `too-large`, with the size in megapixels
 */
export function requireFits(file: PhotoFile, { width, height }: Sides, bytesPerPixel: number): void {
  const most = Math.min(MOST_PIXELS, MOST_MEMORY / Math.max(1, bytesPerPixel));
  if (width * height <= most) return;
  const limit = megapixels(most);
  throw new UnreadablePhoto(
    'too-large',
    `${file.path} has ${megapixels(width * height)} megapixels (${width} × ${height}), more than the ${limit} that Kith reads of its kind`,
  );
}

interface Sides {
  width: number;
  height: number;
}

const megapixels = (pixels: number) => Math.round(pixels / 1e6);

/**
 * The most bytes that decoding takes for each pixel, as the resident memory of a process grew at 24 and 64 megapixels,
 * flat and with noise, reduced or in part. Where it is 0 a decoder passes a few rows on at a time.
 */
export function bytesPerPixel({ format }: PhotoFile, metadata: Metadata | null): number {
  if (format === 'heic' || metadata === null) return HEIC;
  const { isProgressive, channels = 4, depth, chromaSubsampling } = metadata;
  const deep = depth !== 'uchar';
  switch (format) {
    case 'jpg':
      // A part of a turned photo is turned whole. libjpeg holds two bytes of each sample until the last scan is there.
      return isProgressive ? 2 * channels * (chromaSubsampling === '4:2:0' ? 0.5 : 1) : 3;
    case 'png':
      return isProgressive ? 2 * channels * (deep ? 2 : 1) : channels * (deep ? 2 : 1);
    case 'tif':
      return channels * BYTES_OF[depth ?? 'double'];
    case 'webp':
    case 'gif':
      // A canvas in four channels, a frame, and what is read of them.
      return 10;
    case 'avif':
      return deep ? 28 : 20;
  }
}

/** Bytes of one sample. */
const BYTES_OF: Record<NonNullable<Metadata['depth']>, number> = {
  char: 1,
  uchar: 1,
  short: 2,
  ushort: 2,
  int: 4,
  uint: 4,
  float: 4,
  complex: 8,
  double: 8,
  dpcomplex: 16,
};
