import sharp from 'sharp';
import type { PixelBox } from '../../contract/geometry.ts';
import type { DecodedPhoto } from '../decode.ts';
import type { Detection } from './detector.ts';

/** Side of the square that the SSD network sees, in pixels. */
export const canvasSide = 512;

/** A part of the photo, and the place on the canvas where it is painted. */
export interface View {
  /** Whole pixels of the photo. */
  of: PixelBox;
  /** Whole pixels of the canvas. */
  at: PixelBox;
  /** Faces narrower or lower than this on the canvas are left to views that show them larger. */
  smallest: number;
}

/** Black pixels between two views, so that no face is seen across their border. */
const gap = 12;

/** A second copy smaller than this shows nothing that the first doesn't. */
const smallestCopy = 96;

/** Faces below this in the second copy are seen better in the first. */
const copyFace = 30;

/** On how many pixels of the canvas a second look shows a doubtful face: the size that the network knows best. */
const bestFace = 60;

/** At most this many doubtful places are looked at again, four to a canvas. */
const maxDoubts = 16;

/**
 * The whole photo at the top left of the canvas, never enlarged; and, free of cost where the photo leaves room,
 * a smaller copy of it beside, in which faces that fill the frame come to a size that the network knows.
 */
export function overview(photo: DecodedPhoto): View[] {
  const whole = { x: 0, y: 0, width: photo.width, height: photo.height } as PixelBox;
  const main = fitted(whole, canvasSide, canvasSide, 0, 0, 1);
  const right = canvasSide - main.at.width - gap;
  const below = canvasSide - main.at.height - gap;
  const copy =
    below >= right
      ? fitted(whole, canvasSide, below, 0, main.at.height + gap, 0.5)
      : fitted(whole, right, canvasSide, main.at.width + gap, 0, 0.5);
  if (Math.min(copy.at.width, copy.at.height) < smallestCopy) return [main];
  return [main, { ...copy, smallest: copyFace }];
}

/** Doubtful places, surest first, each cut out with its surroundings and painted into a quarter of a canvas. */
export function secondLooks(photo: DecodedPhoto, doubts: readonly Detection[]): View[][] {
  const quarter = canvasSide / 2 - gap;
  const views = doubts
    .toSorted((a, b) => b.score - a.score)
    .slice(0, maxDoubts)
    .map(({ box }, index) => {
      const side = (Math.max(box.width, box.height) * quarter) / bestFace;
      const column = (index % 2) * (quarter + gap);
      const row = (Math.floor(index / 2) % 2) * (quarter + gap);
      return fitted(around(box, side, photo), quarter, quarter, column, row, Number.POSITIVE_INFINITY);
    });
  const canvases: View[][] = [];
  for (let start = 0; start < views.length; start += 4) canvases.push(views.slice(start, start + 4));
  return canvases;
}

/** Paints views on a black canvas: canvasSide × canvasSide × 3 bytes, RGB. */
export async function paint(photo: DecodedPhoto, views: readonly View[]): Promise<Uint8Array> {
  const canvas = new Uint8Array(canvasSide * canvasSide * 3);
  for (const { of, at } of views) {
    const picture = await sharp(photo.data, {
      raw: { width: photo.width, height: photo.height, channels: 3 },
    })
      .extract({ left: of.x, top: of.y, width: of.width, height: of.height })
      .resize(at.width, at.height, { fit: 'fill', kernel: 'linear' })
      .raw()
      .toBuffer();
    for (let row = 0; row < at.height; row++) {
      const from = row * at.width * 3;
      canvas.set(picture.subarray(from, from + at.width * 3), ((at.y + row) * canvasSide + at.x) * 3);
    }
  }
  return canvas;
}

/** A view of `of` that fits the given room at (x, y) and enlarges at most `maxScale` times. */
function fitted(of: PixelBox, width: number, height: number, x: number, y: number, maxScale: number): View {
  const scale = Math.max(0, Math.min(width / of.width, height / of.height, maxScale));
  const at = {
    x,
    y,
    width: Math.min(width, Math.max(1, Math.round(of.width * scale))),
    height: Math.min(height, Math.max(1, Math.round(of.height * scale))),
  };
  return { of, at: at as PixelBox, smallest: 0 };
}

/** The square of `side` around a box's centre, clipped to the photo, in whole pixels. */
function around(box: PixelBox, side: number, photo: DecodedPhoto): PixelBox {
  const left = Math.max(0, Math.floor(box.x + box.width / 2 - side / 2));
  const top = Math.max(0, Math.floor(box.y + box.height / 2 - side / 2));
  const right = Math.min(photo.width, Math.ceil(box.x + box.width / 2 + side / 2));
  const bottom = Math.min(photo.height, Math.ceil(box.y + box.height / 2 + side / 2));
  return { x: left, y: top, width: right - left, height: bottom - top } as PixelBox;
}
