import sharp from 'sharp';
import type { UnitBox } from '../contract/geometry.ts';
import type { Shown } from '../contract/vision.ts';
import { decode, decodeRegion, openPhoto } from './decode.ts';

/**
 * A photo, or a part of it, upright and in sRGB, for people to look at.
 *
 * @param options.side longest side in pixels; smaller pictures are not enlarged
 * @param options.region what is wanted of the upright photo; all of it when left out
 * @returns JPEG, quality 88, and what the file holds
 * @throws UnreadablePhoto
 */
export async function showPhoto(options: {
  path: string;
  side: number;
  region?: UnitBox | undefined;
}): Promise<Shown> {
  const file = await openPhoto(options.path);
  const { data, width, height } = options.region
    ? await decodeRegion(file, options.region, options.side)
    : await decode(file, options.side);
  const jpeg = await sharp(data, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 88 })
    .toBuffer();
  return { jpeg: new Uint8Array(jpeg), hash: file.hash };
}
