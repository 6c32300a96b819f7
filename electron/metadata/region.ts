/** A rectangle in fractions (0..1) of a picture: top left corner and size. */
export interface Area {
  x: number;
  y: number;
  width: number;
  height: number;
}

/**
 * A region of a photo with somebody's name, in fractions (0..1) of the STORED image, before the EXIF orientation is
 * applied: top left corner and size.
 */
export interface NamedRegion {
  name: string;
  area: Area;
}

/**
 * How the stored picture has to be turned and mirrored to be upright, as EXIF says it, 1 to 8 (Exif 2.32, tag 0x0112): 1 not
 * at all, 3 by 180°, 6 by 90° clockwise, 8 by 90° counter-clockwise; 2, 4, 5 and 7 are mirrored too.
 *
 * [Note: HEIC] A HEIC may say the same twice, in its container (`irot`, `imir`) and in EXIF; decoders apply the first alone.
 * Programs that read regions turn them by EXIF's orientation whatever the container says (Immich's `orientRegionInfo`,
 * digiKam, PhotoPrism), over the picture as their decoder shows it. So EXIF's is the one to use for every format.
 */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

/** EXIF's orientation; 1 for whatever is none. */
export function orientationOf(value: unknown): Orientation {
  const number = Number(value);
  return Number.isInteger(number) && number >= 1 && number <= 8 ? (number as Orientation) : 1;
}

type Turn = (x: number, y: number) => readonly [number, number];

/** Where a point of the stored picture lies on the upright one. */
const UPRIGHT: Record<Orientation, Turn> = {
  1: (x, y) => [x, y],
  2: (x, y) => [1 - x, y],
  3: (x, y) => [1 - x, 1 - y],
  4: (x, y) => [x, 1 - y],
  5: (x, y) => [y, x],
  6: (x, y) => [1 - y, x],
  7: (x, y) => [1 - y, 1 - x],
  8: (x, y) => [y, 1 - x],
};

/** All but the quarter turns undo themselves. */
const INVERSE: Record<Orientation, Orientation> = { 1: 1, 2: 2, 3: 3, 4: 4, 5: 5, 6: 8, 7: 7, 8: 6 };

/** An area of the stored picture → the same area of the upright photo, in fractions of that (a `UnitBox`). */
export function toUpright(area: Area, orientation: Orientation): Area {
  const turn = UPRIGHT[orientation];
  const [left, top] = turn(area.x, area.y);
  const [right, bottom] = turn(area.x + area.width, area.y + area.height);
  return {
    x: Math.min(left, right),
    y: Math.min(top, bottom),
    width: Math.abs(right - left),
    height: Math.abs(bottom - top),
  };
}

/** A box in fractions of the upright photo (a `UnitBox`) → the same area of the stored picture. */
export function toStored(box: Area, orientation: Orientation): Area {
  return toUpright(box, INVERSE[orientation]);
}

/** Width and height of the stored picture, of the upright one's; the same function for the other direction. */
export function storedSides(
  upright: { width: number; height: number },
  orientation: Orientation,
): { width: number; height: number } {
  const { width, height } = upright;
  return orientation >= 5 ? { width: height, height: width } : { width, height };
}
