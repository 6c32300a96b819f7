import type { PixelBox } from '../contract/geometry.ts';
import type { Point } from './detect/detector.ts';
import { fitSimilarity, inverse, type Similarity } from './warp.ts';

/**
 * dlib's mean face, points 17 to 67 of the 68, from `get_face_chip_details` in
 * dlib/image_transforms/interpolation.h (Boost licence). Fractions of the face's own square.
 */
const meanX = [
  0.000213256, 0.0752622, 0.18113, 0.29077, 0.393397, 0.586856, 0.689483, 0.799124, 0.904991, 0.98004,
  0.490127, 0.490127, 0.490127, 0.490127, 0.36688, 0.426036, 0.490127, 0.554217, 0.613373, 0.121737, 0.187122,
  0.265825, 0.334606, 0.260918, 0.182743, 0.645647, 0.714428, 0.793132, 0.858516, 0.79751, 0.719335, 0.254149,
  0.340985, 0.428858, 0.490127, 0.551395, 0.639268, 0.726104, 0.642159, 0.556721, 0.490127, 0.423532,
  0.338094, 0.290379, 0.428096, 0.490127, 0.552157, 0.689874, 0.553364, 0.490127, 0.42689,
];
const meanY = [
  0.106454, 0.038915, 0.0187482, 0.0344891, 0.0773906, 0.0773906, 0.0344891, 0.0187482, 0.038915, 0.106454,
  0.203352, 0.307009, 0.409805, 0.515625, 0.587326, 0.609345, 0.628106, 0.609345, 0.587326, 0.216423,
  0.178758, 0.179852, 0.231733, 0.245099, 0.244077, 0.231733, 0.179852, 0.178758, 0.216423, 0.244077,
  0.245099, 0.780233, 0.745405, 0.727388, 0.742578, 0.727388, 0.745405, 0.780233, 0.864805, 0.902192,
  0.909281, 0.902192, 0.864805, 0.784792, 0.778746, 0.785343, 0.778746, 0.784792, 0.824182, 0.831803,
  0.824182,
];

/** Points that dlib fits the chip to: nose, eyes and upper lip; jaw, brows and lower lip move too much. */
const fitted = Array.from({ length: 51 }, (_, index) => index + 17).filter(
  (point) => point > 26 && !(point >= 55 && point <= 59) && point < 65,
);

/**
 * dlib's chip: the square in which the mean face lies upright with `padding` around it.
 * @param points the 68 landmarks in pixels of the photo.
 * @returns the similarity from the chip's pixels to the photo's.
 */
export function dlibChip(points: readonly Point[], side: number, padding: number): Similarity {
  const chip = fitted.map((point) => ({
    x: ((padding + meanX[point - 17]!) / (2 * padding + 1)) * side,
    y: ((padding + meanY[point - 17]!) / (2 * padding + 1)) * side,
  }));
  return fitSimilarity(
    chip,
    fitted.map((point) => points[point]!),
  );
}

/**
 * Where ArcFace and all who came after it want the right eye, the left eye, the tip of the nose and the corners of the
 * mouth, in pixels of a chip of 112: `arcface_dst` of InsightFace (MIT), the same numbers in OpenCV's FaceRecognizerSF.
 */
const fiveTemplate: readonly Point[] = [
  { x: 38.2946, y: 51.6963 },
  { x: 73.5318, y: 51.5014 },
  { x: 56.0252, y: 71.7366 },
  { x: 41.5493, y: 92.3655 },
  { x: 70.7299, y: 92.2041 },
];

/**
 * ArcFace's chip: the face turned, scaled and shifted so that its five points come as near to the template as they can.
 * Fitted from the photo to the chip, as those networks were trained: from the chip to the photo, least squares would
 * give a slightly larger face.
 *
 * @param five the five points in pixels of the photo, in the template's order.
 * @param side of the chip in pixels; the template grows with it.
 * @returns the similarity from the chip's pixels to the photo's.
 */
export function fivePointChip(five: readonly Point[], side: number): Similarity {
  const template = fiveTemplate.map(({ x, y }) => ({ x: (x * side) / 112, y: (y * side) / 112 }));
  return inverse(fitSimilarity(five, template));
}

/**
 * A square around the box's centre, as wide as its longer side times `scale`.
 * @param angle by which the square is turned, in radians, clockwise as pictures count
 */
export function boxChip(box: PixelBox, side: number, scale: number, angle = 0): Similarity {
  const length = Math.max(box.width, box.height) * scale;
  const a = (length / side) * Math.cos(angle);
  const b = (length / side) * Math.sin(angle);
  // The chip's middle lies on the box's.
  const middle = (side - 1) / 2;
  return {
    a,
    b,
    tx: box.x + box.width / 2 - a * middle + b * middle,
    ty: box.y + box.height / 2 - b * middle - a * middle,
  };
}

/** Angle of the line through both eyes, in radians, clockwise as pictures count. @param points the 68 landmarks */
export function tilt(points: readonly Point[]): number {
  const centre = (from: number) => {
    const eye = points.slice(from, from + 6);
    return { x: eye.reduce((sum, { x }) => sum + x, 0) / 6, y: eye.reduce((sum, { y }) => sum + y, 0) / 6 };
  };
  const [right, left] = [centre(36), centre(42)];
  return Math.atan2(left.y - right.y, left.x - right.x);
}
