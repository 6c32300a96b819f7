import { encoders } from '../../models/known-encoders.ts';
import { type CropLook, PASSPORT } from '../contract/crops.ts';
import type { PixelBox } from '../contract/geometry.ts';
import type { Point, QuarterTurn } from './detect/detector.ts';
import { frameOf } from './encode.ts';
import { fivePoints } from './landmarks.ts';
import type { Similarity } from './warp.ts';

/** A face to be cut out, in pixels of the full-size photo. */
export interface FaceToCut {
  box: PixelBox;
  /** The 68 points of the iBUG scheme; empty where {@link needsPoints} says that none are needed. */
  points: readonly Point[];
  turn: QuarterTurn;
}

/** An upright part of the photo, which it may reach beyond, and the picture that is made of it. */
export interface Part {
  left: number;
  top: number;
  /** In pixels of the photo, in the same proportion as the picture. */
  length: number;
  height: number;
  picture: { width: number; height: number };
}

/** What a preset shows of a photo: an upright part of it, or one that is turned with the face. */
export type Frame =
  | { kind: 'part'; part: Part }
  | {
      kind: 'turned';
      toPhoto: Similarity;
      picture: { width: number; height: number };
      beyond: 'black' | 'white';
    };

/** Whether a preset looks at the face's points. */
export function needsPoints({ preset }: CropLook): boolean {
  return preset === 'passport' || preset.startsWith('aligned-');
}

/** What is cut out for a preset. @param photo the full-size photo's sides */
export function frameFor(look: CropLook, face: FaceToCut, photo: { width: number; height: number }): Frame {
  const { preset, size } = look;
  switch (preset) {
    case 'detected':
      return { kind: 'part', part: detected(face.box, photo, size) };
    case 'square':
      return { kind: 'part', part: square(face.box, 0, size) };
    case 'padded':
      return { kind: 'part', part: square(face.box, look.padding, size) };
    case 'portrait':
      return { kind: 'part', part: portrait(face.box, size) };
    case 'passport':
      return { kind: 'turned', toPhoto: passport(face.points), picture: PASSPORT, beyond: 'white' };
    default: {
      const shape = ENCODERS[preset];
      const picture = { width: shape.side, height: shape.side };
      // Black is what encoders are given there.
      return { kind: 'turned', toPhoto: frameOf(face, shape), picture, beyond: 'black' };
    }
  }
}

/** Which encoder's alignment each preset is; all others of that side have the same. */
const ENCODERS = {
  'aligned-112': encoders['arcface-512'].shape,
  'aligned-150': encoders.dlib.shape,
  'aligned-160': encoders['facenet-512'].shape,
} as const;

/** The box itself, in whole pixels and no further than the photo. */
function detected(box: PixelBox, photo: { width: number; height: number }, size: number): Part {
  const [left, width] = within(box.x, box.width, photo.width);
  const [top, height] = within(box.y, box.height, photo.height);
  const scale = Math.min(1, size / Math.max(width, height));
  const picture = {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  };
  return { left, top, length: width, height, picture };
}

function within(from: number, length: number, side: number): [start: number, length: number] {
  const start = Math.min(side - 1, Math.max(0, Math.round(from)));
  return [start, Math.max(1, Math.min(side, Math.round(from + length)) - start)];
}

/** A square with the box in its middle; near the photo's edge it reaches beyond. */
function square(box: PixelBox, padding: number, size: number): Part {
  const length = Math.max(box.width, box.height) * (1 + 2 * padding);
  const side = Math.max(1, Math.min(size, Math.round(length)));
  return {
    left: box.x + box.width / 2 - length / 2,
    top: box.y + box.height / 2 - length / 2,
    length,
    height: length,
    picture: { width: side, height: side },
  };
}

/**
 * Heights of a portrait in heights of the face's box, and where the middle of the box lies in it. Chosen by hand: the
 * whole head with some room above, and the shoulders, for boxes from the brow or the hairline to the chin.
 */
const HEAD_AND_SHOULDERS = { heights: 2.3, middle: 0.43 };

function portrait(box: PixelBox, size: number): Part {
  // A box that is wide for its height is of a face that looks up or down, or of a detector that takes squares.
  const height = Math.max(box.height, box.width * 1.1) * HEAD_AND_SHOULDERS.heights;
  // Whole quarters and thirds, so that the picture's sides are in exactly that proportion.
  const unit = Math.max(1, Math.floor(Math.min(size, height) / 4));
  const length = (height * 3) / 4;
  return {
    left: box.x + box.width / 2 - length / 2,
    top: box.y + box.height / 2 - height * HEAD_AND_SHOULDERS.middle,
    length,
    height,
    picture: { width: unit * 3, height: unit * 4 },
  };
}

/**
 * Where the head lies on a passport picture of 45 mm. ISO/IEC 19794-5 and ICAO Doc 9303 want it to be 70 to 80 % of the
 * picture's height (German and EU samples: 32 to 36 mm of 45), and the eyes between 50 and 70 % of the height from
 * below. `head`: the middle of 32 to 36. `above`: chosen by hand, so that the eyes are at 53 %.
 */
const ON_PASSPORT = { head: 34 / 45, above: 4 / 45 };

/**
 * The eyes level, the head upright in the middle. The crown is not among the 68 points: the eyes lie halfway between it
 * and the chin (the vertical canon of faces; Farkas, Anthropometry of the Head and Face, 1994, has 0.48 to 0.52).
 */
function passport(points: readonly Point[]): Similarity {
  const [right, left] = fivePoints(points) as [Point, Point];
  const eyes = { x: (right.x + left.x) / 2, y: (right.y + left.y) / 2 };
  const angle = Math.atan2(left.y - right.y, left.x - right.x);
  const down = { x: -Math.sin(angle), y: Math.cos(angle) };
  const chin = points[8]!;
  const toChin = (chin.x - eyes.x) * down.x + (chin.y - eyes.y) * down.y;
  const scale = (2 * toChin) / (ON_PASSPORT.head * PASSPORT.height);
  const [a, b] = [scale * Math.cos(angle), scale * Math.sin(angle)];
  const at = {
    x: (PASSPORT.width - 1) / 2,
    y: (ON_PASSPORT.above + ON_PASSPORT.head / 2) * PASSPORT.height,
  };
  return { a, b, tx: eyes.x - a * at.x + b * at.y, ty: eyes.y - b * at.x - a * at.y };
}
