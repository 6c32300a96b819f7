import type { DecodedPhoto } from '../decode.ts';

/**
 * A photo is dark where so many of its pixels are below {@link DARK}. Of a photo before a dark ground, faces may be the
 * brightest twentieth: brightening for the other pixels would make them white all over.
 */
const DARK_SHARE = 0.99;

/** Brightness, 0..255, below which a pixel is dark. Chosen by hand. */
const DARK = 96;

/** As bright as the brightest of them become, 0..255. */
const LIT = 200;

/** More than this brings out nothing but noise. */
const MOST_GAIN = 6;

/** Every so many pixels one is looked at. */
const STEP = 61;

/**
 * By how much a dark photo is to be brightened before faces are looked for: networks have learned from well lit ones.
 * 1 where it is bright enough.
 */
export function gainOf({ data }: Pick<DecodedPhoto, 'data'>): number {
  const counts = new Uint32Array(256);
  let pixels = 0;
  for (let at = 0; at + 2 < data.length; at += 3 * STEP, pixels++) {
    const brightness = 0.299 * data[at]! + 0.587 * data[at + 1]! + 0.114 * data[at + 2]!;
    counts[Math.round(brightness)]! += 1;
  }
  let below = 0;
  let level = 0;
  while (level < 255 && below + counts[level]! <= pixels * DARK_SHARE) below += counts[level++]!;
  return level >= DARK ? 1 : Math.min(MOST_GAIN, LIT / Math.max(1, level));
}

/** The photo, `gain` times as bright. */
export function brightened(photo: DecodedPhoto, gain: number): DecodedPhoto {
  if (gain === 1) return photo;
  const levels = Uint8ClampedArray.from({ length: 256 }, (_, level) => Math.round(level * gain));
  return { ...photo, data: photo.data.map((value) => levels[value]!) };
}
