import { createHash } from 'node:crypto';
import {
  CROP_PADDING,
  CROP_QUALITY,
  CROP_SIDE,
  type FaceSurroundings,
  squareAround,
} from '../contract/crop-square.ts';
import { toPixelBox, type UnitBox } from '../contract/geometry.ts';
import type { Portrait } from '../contract/vision.ts';

/** How far a face may be from the middle before its picture is padded, as a share of the side. Chosen by hand: not seen. */
const OFF_CENTRE = 0.03;

/** What of another face must be on the picture for a mark, as a share of that face. Chosen by hand: eyes or a mouth. */
const SEEN = 0.3;

/** What a picture is to look like. */
export interface PortraitDrawing {
  svg: string;
  /** SHA-256 of the drawing, hex: another where the crop, or what is around the face, has become another. */
  edition: string;
}

interface Square {
  x: number;
  y: number;
  side: number;
}

/**
 * A face as people look at it: in the middle, padded where the photo ends, and with everything else dimmed where another
 * face of the photo is on the picture too. It is drawn around the crop that the record holds, so that a library of any age
 * can have it.
 *
 * @param crop JPEG, of the square that {@link squareAround} says
 * @returns null where the crop shows the face in its middle and alone
 */
export function portraitOf(crop: Uint8Array, surroundings: FaceSurroundings): PortraitDrawing | null {
  const svg = drawingOf(crop, surroundings);
  return svg === null ? null : { svg, edition: createHash('sha256').update(svg).digest('hex') };
}

/**
 * Takes some 10 ms of a processor, so it is kept. A page would draw it for each frame that shows it: a list of a person's
 * faces was scrolled through at 15 to 50 frames a second, with drawings at every third face, and at 52 to 58 without.
 */
export async function drawPortrait({ svg, edition }: PortraitDrawing): Promise<Portrait> {
  // Loaded here: the owner draws portraits of older libraries only, and starts without sharp.
  const { default: sharp } = await import('sharp');
  const jpeg = await sharp(Buffer.from(svg)).jpeg({ quality: CROP_QUALITY }).toBuffer();
  return { edition, jpeg: new Uint8Array(jpeg) };
}

function drawingOf(crop: Uint8Array, { box, photo, others }: FaceSurroundings): string | null {
  const held = squareAround(box, photo, CROP_PADDING);
  /** In sides of the crop. */
  const onCrop = (of: UnitBox) => {
    const { x, y, width, height } = toPixelBox(of, photo);
    return {
      x: (x - held.left) / held.length,
      y: (y - held.top) / held.length,
      width: width / held.length,
      height: height / held.length,
    };
  };
  const face = onCrop(box);
  const [x, y] = [face.x + face.width / 2, face.y + face.height / 2];
  const isCentred = Math.max(Math.abs(x - 0.5), Math.abs(y - 0.5)) <= OFF_CENTRE;
  // A face that is wider than its photo allows is shown whole, with the same room around it as others have.
  const side = isCentred ? 1 : Math.max(1, Math.max(face.width, face.height) * (1 + 2 * CROP_PADDING));
  const view: Square = isCentred ? { x: 0, y: 0, side: 1 } : { x: x - side / 2, y: y - side / 2, side };
  const isShared = others.some((other) => shareOn(view, onCrop(other)) >= SEEN);
  if (isCentred && !isShared) return null;
  const numbers = (...values: number[]) => values.map((value) => Number(value.toFixed(4))).join(' ');
  const all = `x="${numbers(view.x)}" y="${numbers(view.y)}" width="${numbers(side)}" height="${numbers(side)}"`;
  const [rx, ry] = [face.width * 0.62, face.height * 0.62];
  const ellipse = `M${numbers(x - rx, y)}a${numbers(rx, ry)} 0 1 0 ${numbers(2 * rx, 0)}a${numbers(rx, ry)} 0 1 0 ${numbers(-2 * rx, 0)}z`;
  const square = `M${numbers(view.x, view.y)}h${numbers(side)}v${numbers(side)}h${numbers(-side)}z`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${CROP_SIDE}" height="${CROP_SIDE}" viewBox="${numbers(view.x, view.y, side, side)}">`,
    `<defs><image id="c" width="1" height="1" preserveAspectRatio="none" href="data:image/jpeg;base64,${Buffer.from(crop).toString('base64')}"/>`,
    `<filter id="b" x="-1" y="-1" width="3" height="3"><feGaussianBlur stdDeviation="0.06"/></filter></defs>`,
    ...(isCentred
      ? []
      : [
          // The same picture, out of focus, where the photo has nothing.
          `<rect ${all} fill="#8a847b"/>`,
          `<g filter="url(#b)" opacity="0.6"><use href="#c" transform="translate(${numbers(view.x, view.y)}) scale(${numbers(side)})"/></g>`,
        ]),
    '<use href="#c"/>',
    ...(isShared
      ? [
          `<path d="${square}${ellipse}" fill="#14100c" fill-opacity="0.55" fill-rule="evenodd"/>`,
          `<path d="${ellipse}" fill="none" stroke="#fff" stroke-opacity="0.9" stroke-width="${numbers(side * 0.014)}"/>`,
        ]
      : []),
    '</svg>',
  ].join('');
}

/** How much of a box is on a square, 0..1. */
function shareOn(square: Square, box: { x: number; y: number; width: number; height: number }): number {
  const along = (from: number, length: number, start: number) =>
    Math.max(0, Math.min(from + length, start + square.side) - Math.max(from, start));
  const seen = along(box.x, box.width, square.x) * along(box.y, box.height, square.y);
  return box.width * box.height > 0 ? seen / (box.width * box.height) : 0;
}
