import { toPixelBox, type UnitBox } from './geometry.ts';

/** A face's crop shows so much around its box on each side, as a fraction of the box's longer side. */
export const CROP_PADDING = 0.35;

/** Longest side of a crop, and each side of a portrait, in pixels. Chosen by hand. */
export const CROP_SIDE = 192;

/** JPEG quality of both. Chosen by hand. */
export const CROP_QUALITY = 85;

/** Where a face is, and who is beside it. */
export interface FaceSurroundings {
  box: UnitBox;
  /** In pixels, upright. */
  photo: { width: number; height: number };
  /** Other faces of its photo. */
  others: UnitBox[];
}

/** A square on a photo, in whole pixels of the upright photo. */
export interface CropSquare {
  left: number;
  top: number;
  length: number;
}

/**
 * What of a photo a face's crop holds: a square around the box that is moved inside near the photo's edge, so that it
 * holds nothing but the photo, and is never wider than the photo's shorter side.
 */
export function squareAround(
  box: UnitBox,
  photo: { width: number; height: number },
  padding: number,
): CropSquare {
  const { x, y, width, height } = toPixelBox(box, photo);
  const wanted = Math.max(width, height) * (1 + 2 * padding);
  const length = Math.max(1, Math.round(Math.min(wanted, photo.width, photo.height)));
  return {
    left: inside(x + width / 2 - length / 2, photo.width - length),
    top: inside(y + height / 2 - length / 2, photo.height - length),
    length,
  };
}

function inside(start: number, last: number): number {
  return Math.min(last, Math.max(0, Math.round(start)));
}
