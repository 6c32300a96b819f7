import sharp from 'sharp';
import type { PixelBox } from '../../contract/geometry.ts';
import type { DecodedPhoto } from '../decode.ts';
import type { Detection } from './detector.ts';

/** Pixels for which the SSD network's boxes give 1, and the longest side that it may see. */
export const canvasSide = 512;

/** What the network is shown in one run: views on black, sides a multiple of 32. */
export interface Canvas {
  width: number;
  height: number;
  views: readonly View[];
}

/** A part of the photo, and the place on the canvas where it is painted. */
export interface View {
  /** Whole pixels of the photo. */
  of: PixelBox;
  /** Whole pixels of the canvas. */
  at: PixelBox;
}

/** Black pixels between two views, so that no face is seen across their border. */
const gap = 12;

/** Longest side of the small canvas on which faces that fill the frame come to a size that the network knows. */
const smallCanvas = 192;

/** On how many pixels of the canvas a second look shows a doubtful face: the size that the network knows best. */
const bestFace = 60;

/** At most this many doubtful places are looked at again, four to a canvas. */
const maxDoubts = 16;

/** The whole photo, reduced to what the network takes and never enlarged. */
export function overview(photo: DecodedPhoto): Canvas {
  return canvasOf([fitted(wholeOf(photo), canvasSide, canvasSide, 0, 0, 1)]);
}

/** The whole photo again, much smaller. */
export function smallOverview(photo: DecodedPhoto): Canvas {
  return canvasOf([fitted(wholeOf(photo), smallCanvas, smallCanvas, 0, 0, 1)]);
}

/** A part of the photo, `scale` times as large. It must fit into a canvas then. */
export function partOf(part: PixelBox, scale: number): Canvas {
  return canvasOf([fitted(part, canvasSide, canvasSide, 0, 0, scale)]);
}

/** Doubtful places, surest first, each cut out with its surroundings and painted into a quarter of a canvas. */
export function secondLooks(photo: DecodedPhoto, doubts: readonly Detection[]): Canvas[] {
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
  const canvases: Canvas[] = [];
  for (let start = 0; start < views.length; start += 4)
    canvases.push(canvasOf(views.slice(start, start + 4)));
  return canvases;
}

/** Paints a canvas: height × width × 3 bytes, RGB. */
export async function paint(photo: DecodedPhoto, { width, height, views }: Canvas): Promise<Uint8Array> {
  const pixels = new Uint8Array(width * height * 3);
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
      pixels.set(picture.subarray(from, from + at.width * 3), ((at.y + row) * width + at.x) * 3);
    }
  }
  return pixels;
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
  return { of, at: at as PixelBox };
}

function wholeOf(photo: DecodedPhoto): PixelBox {
  return { x: 0, y: 0, width: photo.width, height: photo.height } as PixelBox;
}

/** The smallest canvas that holds all the views. */
function canvasOf(views: readonly View[]): Canvas {
  const upTo = (most: number) => Math.ceil(most / 32) * 32;
  return {
    width: upTo(Math.max(...views.map(({ at }) => at.x + at.width))),
    height: upTo(Math.max(...views.map(({ at }) => at.y + at.height))),
    views,
  };
}

/** The square of `side` around a box's centre, clipped to the photo, in whole pixels. */
function around(box: PixelBox, side: number, photo: DecodedPhoto): PixelBox {
  const left = Math.max(0, Math.floor(box.x + box.width / 2 - side / 2));
  const top = Math.max(0, Math.floor(box.y + box.height / 2 - side / 2));
  const right = Math.min(photo.width, Math.ceil(box.x + box.width / 2 + side / 2));
  const bottom = Math.min(photo.height, Math.ceil(box.y + box.height / 2 + side / 2));
  return { x: left, y: top, width: right - left, height: bottom - top } as PixelBox;
}
