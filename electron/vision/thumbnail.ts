import sharp from 'sharp';
import { THUMBNAIL_SIDE } from '../contract/figures.ts';
import type { DecodedPhoto } from './decode.ts';

/**
 * The small picture of a photo that lists show, out of the pixels that were decoded anyway.
 * @returns JPEG, sRGB, longest side 320 pixels and never enlarged, quality 82: about 12 KB of a usual photo
 */
export async function thumbnailJpeg({ data, width, height }: DecodedPhoto): Promise<Uint8Array<ArrayBuffer>> {
  const jpeg = await sharp(data, { raw: { width, height, channels: 3 } })
    .resize({ width: THUMBNAIL_SIDE, height: THUMBNAIL_SIDE, fit: 'inside', withoutEnlargement: true })
    .jpeg({ quality: 82 })
    .toBuffer();
  return new Uint8Array(jpeg);
}
