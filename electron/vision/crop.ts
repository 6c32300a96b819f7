import sharp from 'sharp';
import { toPixelBox, type UnitBox } from '../contract/geometry.ts';
import type { DecodedPhoto } from './decode.ts';

/**
 * Cuts a square around a face, for people to look at. Near the photo's edge the square is moved inside, so that it shows
 * nothing but the photo; it is never wider than the photo's shorter side, and never enlarged.
 * @param options.side longest side of the crop, in pixels.
 * @param options.padding surroundings on each side, as a fraction of the box's longer side.
 * @returns JPEG, sRGB, quality 85.
 */
export async function cropJpeg(
  photo: DecodedPhoto,
  box: UnitBox,
  options: { side: number; padding: number },
): Promise<Uint8Array<ArrayBuffer>> {
  const { x, y, width, height } = toPixelBox(box, photo);
  const wanted = Math.max(width, height) * (1 + 2 * options.padding);
  const length = Math.max(1, Math.round(Math.min(wanted, photo.width, photo.height)));
  const jpeg = await sharp(photo.data, { raw: { width: photo.width, height: photo.height, channels: 3 } })
    .extract({
      left: inside(x + width / 2 - length / 2, photo.width - length),
      top: inside(y + height / 2 - length / 2, photo.height - length),
      width: length,
      height: length,
    })
    .resize({ width: options.side, height: options.side, withoutEnlargement: true })
    .jpeg({ quality: 85 })
    .toBuffer();
  return new Uint8Array(jpeg);
}

function inside(start: number, last: number): number {
  return Math.min(last, Math.max(0, Math.round(start)));
}
