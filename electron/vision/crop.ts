import sharp from 'sharp';
import { CROP_QUALITY, squareAround } from '../contract/crop-square.ts';
import { type PixelBox, toPixelBox, toUnitBox, type UnitBox, type UnitPoint } from '../contract/geometry.ts';
import type { DecodedPhoto } from './decode.ts';

/**
 * Cuts a square around a face, for people to look at. Near the photo's edge the square is moved inside, so that it shows
 * nothing but the photo; it is never wider than the photo's shorter side, and never enlarged.
 * @param options.side longest side of the crop, in pixels.
 * @param options.padding surroundings on each side, as a fraction of the box's longer side.
 * @returns JPEG, sRGB.
 */
export async function cropJpeg(
  photo: DecodedPhoto,
  box: UnitBox,
  options: { side: number; padding: number },
): Promise<Uint8Array<ArrayBuffer>> {
  const { left, top, length } = squareAround(box, photo, options.padding);
  const jpeg = await sharp(photo.data, { raw: { width: photo.width, height: photo.height, channels: 3 } })
    .extract({ left, top, width: length, height: length })
    .resize({ width: options.side, height: options.side, withoutEnlargement: true })
    .jpeg({ quality: CROP_QUALITY })
    .toBuffer();
  return new Uint8Array(jpeg);
}

/** Where a face's box and points lie on its crop, in fractions of that, to a pixel of the photo. */
export function onCrop<Face extends { box: UnitBox; landmarks: UnitPoint[] | null }>(
  face: Face,
  photo: { width: number; height: number },
  padding: number,
): Face {
  const { left, top, length } = squareAround(face.box, photo, padding);
  const square = { width: length, height: length };
  const { x, y, width, height } = toPixelBox(face.box, photo);
  const point = (of: UnitPoint) => ({
    x: (of.x * photo.width - left) / length,
    y: (of.y * photo.height - top) / length,
  });
  return {
    ...face,
    box: toUnitBox({ x: x - left, y: y - top, width, height } as PixelBox, square),
    landmarks: face.landmarks?.map(point) ?? null,
  };
}
