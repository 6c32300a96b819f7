import sharp, { type Sharp } from 'sharp';
import type { CropFormat, CropLook } from '../contract/crops.ts';
import { type PixelBox, toUnitBox } from '../contract/geometry.ts';
import type { CutFace } from '../contract/vision.ts';
import { decodeRegion, type PhotoFile } from './decode.ts';
import { type FaceToCut, type Frame, frameFor, type Part } from './frame.ts';
import { cutChip, type Similarity, transform } from './warp.ts';

const WHITE = { r: 255, g: 255, b: 255 };

/** The longest side of any photo: nothing is reduced. */
const FULL_SIZE = 65_535;

/**
 * Pixels of the photo along one side of one of the picture above which the photo is reduced before it is cut. It changes
 * nothing to be seen: each pixel is still the mean of this many squared or more. Bounds memory. Chosen by hand.
 */
const ENOUGH = 4;

/**
 * Cuts a face out of the full-size photo. What lies beyond the photo's edge is white, or black in aligned faces.
 * @param sides of the upright photo in pixels
 * @throws UnreadablePhoto
 */
export async function cutFace(
  file: PhotoFile,
  face: FaceToCut,
  look: CropLook,
  sides: { width: number; height: number },
): Promise<CutFace> {
  const frame = frameFor(look, face, sides);
  const image =
    frame.kind === 'part' ? await cutPart(file, frame.part, sides) : await cutTurned(file, frame, sides);
  const { data, info } = await encoded(image, look.format).toBuffer({ resolveWithObject: true });
  return { bytes: new Uint8Array(data), width: info.width, height: info.height };
}

/** Nothing but pixels in sRGB is written: no date, place or thumbnail of the photo. */
function encoded(image: Sharp, format: CropFormat): Sharp {
  // Qualities chosen by hand: those at which compression can't be seen at 1 : 1.
  if (format === 'png') return image.png();
  return format === 'webp' ? image.webp({ quality: 90 }) : image.jpeg({ quality: 92 });
}

async function cutPart(
  file: PhotoFile,
  part: Part,
  sides: { width: number; height: number },
): Promise<Sharp> {
  const { width, height } = part.picture;
  const scale = width / part.length;
  // What of the part is on the photo, in pixels of the picture.
  const left = clamp(Math.round(-part.left * scale), 0, width - 1);
  const top = clamp(Math.round(-part.top * scale), 0, height - 1);
  const right = clamp(Math.round((sides.width - part.left) * scale), left + 1, width);
  const bottom = clamp(Math.round((sides.height - part.top) * scale), top + 1, height);
  const box = { x: part.left, y: part.top, width: part.length, height: part.height } as PixelBox;
  const { data, ...region } = await decodeRegion(file, toUnitBox(box, sides), FULL_SIZE);
  const inner = await sharp(data, { raw: { width: region.width, height: region.height, channels: 3 } })
    .resize({ width: right - left, height: bottom - top, fit: 'fill' })
    .raw()
    .toBuffer();
  return sharp(inner, { raw: { width: right - left, height: bottom - top, channels: 3 } }).extend({
    ...{ left, top, right: width - right, bottom: height - bottom },
    background: WHITE,
  });
}

async function cutTurned(
  file: PhotoFile,
  { toPhoto, picture, beyond }: Extract<Frame, { kind: 'turned' }>,
  sides: { width: number; height: number },
): Promise<Sharp> {
  const rect = around(toPhoto, picture);
  const reduced = Math.hypot(toPhoto.a, toPhoto.b) / ENOUGH;
  const most = reduced > 1 ? Math.ceil(Math.max(rect.width, rect.height) / reduced) : FULL_SIZE;
  const region = await decodeRegion(file, toUnitBox(rect, sides), most);
  const scale = region.width / region.fullWidth;
  const [x, y] = [Math.round(region.box.x * sides.width), Math.round(region.box.y * sides.height)];
  const missing = {
    left: Math.ceil((x - rect.x) * scale),
    top: Math.ceil((y - rect.y) * scale),
    right: Math.ceil((rect.x + rect.width - x) * scale) - region.width,
    bottom: Math.ceil((rect.y + rect.height - y) * scale) - region.height,
  };
  const margin =
    beyond === 'white' ? mapped(missing, (length) => Math.max(0, length)) : mapped(missing, () => 0);
  const { data, info } = await sharp(region.data, {
    raw: { width: region.width, height: region.height, channels: 3 },
  })
    .extend({ ...margin, background: WHITE })
    .raw()
    .toBuffer({ resolveWithObject: true });
  const toRegion = {
    a: toPhoto.a * scale,
    b: toPhoto.b * scale,
    tx: (toPhoto.tx + 0.5 - x) * scale - 0.5 + margin.left,
    ty: (toPhoto.ty + 0.5 - y) * scale - 0.5 + margin.top,
  };
  const { width, height } = info;
  const side = Math.max(picture.width, picture.height);
  const chip = cutChip({ data, width, height, fullWidth: width, fullHeight: height }, toRegion, side);
  // Encoders look at squares.
  const image = sharp(chip, { raw: { width: side, height: side, channels: 3 } });
  return picture.width === picture.height ? image : image.extract({ left: 0, top: 0, ...picture });
}

/** Whole pixels of the photo that a turned picture is made of, with some to interpolate between. */
function around(toPhoto: Similarity, { width, height }: { width: number; height: number }): PixelBox {
  const corners = [
    { x: -1, y: -1 },
    { x: width, y: -1 },
    { x: -1, y: height },
    { x: width, y: height },
  ].map((corner) => transform(toPhoto, corner));
  const [xs, ys] = [corners.map(({ x }) => x), corners.map(({ y }) => y)];
  const [x, y] = [Math.floor(Math.min(...xs)) - MARGIN, Math.floor(Math.min(...ys)) - MARGIN];
  return {
    x,
    y,
    width: Math.ceil(Math.max(...xs)) + MARGIN - x,
    height: Math.ceil(Math.max(...ys)) + MARGIN - y,
  } as PixelBox;
}

/** Pixels around what is needed: one to interpolate with, and one for a region's rounding. */
const MARGIN = 2;

function mapped<Key extends string>(
  of: Record<Key, number>,
  by: (value: number) => number,
): Record<Key, number> {
  return Object.fromEntries(Object.entries<number>(of).map(([key, value]) => [key, by(value)])) as Record<
    Key,
    number
  >;
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
