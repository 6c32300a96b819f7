import { fitSimilarity } from "./warp.js";
// electron/vision/align.ts
/**
* dlib's mean face, points 17 to 67 of the 68, from `get_face_chip_details` in
* dlib/image_transforms/interpolation.h (Boost licence). Fractions of the face's own square.
*/
var meanX = [
	213256e-9,
	.0752622,
	.18113,
	.29077,
	.393397,
	.586856,
	.689483,
	.799124,
	.904991,
	.98004,
	.490127,
	.490127,
	.490127,
	.490127,
	.36688,
	.426036,
	.490127,
	.554217,
	.613373,
	.121737,
	.187122,
	.265825,
	.334606,
	.260918,
	.182743,
	.645647,
	.714428,
	.793132,
	.858516,
	.79751,
	.719335,
	.254149,
	.340985,
	.428858,
	.490127,
	.551395,
	.639268,
	.726104,
	.642159,
	.556721,
	.490127,
	.423532,
	.338094,
	.290379,
	.428096,
	.490127,
	.552157,
	.689874,
	.553364,
	.490127,
	.42689
];
var meanY = [
	.106454,
	.038915,
	.0187482,
	.0344891,
	.0773906,
	.0773906,
	.0344891,
	.0187482,
	.038915,
	.106454,
	.203352,
	.307009,
	.409805,
	.515625,
	.587326,
	.609345,
	.628106,
	.609345,
	.587326,
	.216423,
	.178758,
	.179852,
	.231733,
	.245099,
	.244077,
	.231733,
	.179852,
	.178758,
	.216423,
	.244077,
	.245099,
	.780233,
	.745405,
	.727388,
	.742578,
	.727388,
	.745405,
	.780233,
	.864805,
	.902192,
	.909281,
	.902192,
	.864805,
	.784792,
	.778746,
	.785343,
	.778746,
	.784792,
	.824182,
	.831803,
	.824182
];
/** Points that dlib fits the chip to: nose, eyes and upper lip; jaw, brows and lower lip move too much. */
var fitted = Array.from({ length: 51 }, (_, index) => index + 17).filter((point) => point > 26 && !(point >= 55 && point <= 59) && point < 65);
/**
* dlib's chip: the square in which the mean face lies upright with `padding` around it.
* @param points the 68 landmarks in pixels of the photo.
* @returns the similarity from the chip's pixels to the photo's.
*/
function dlibChip(points, side, padding) {
	const chip = fitted.map((point) => ({
		x: (padding + meanX[point - 17]) / (2 * padding + 1) * side,
		y: (padding + meanY[point - 17]) / (2 * padding + 1) * side
	}));
	return fitSimilarity(chip, fitted.map((point) => points[point]));
}
/**
* A square around the box's centre, as wide as its longer side times `scale`.
* @param points the 68 landmarks: then the square is turned so that the eyes are level; not turned without them.
*/
function boxChip(box, side, scale, points = null) {
	const length = Math.max(box.width, box.height) * scale;
	const angle = points ? tilt(points) : 0;
	const a = length / side * Math.cos(angle);
	const b = length / side * Math.sin(angle);
	const middle = (side - 1) / 2;
	return {
		a,
		b,
		tx: box.x + box.width / 2 - a * middle + b * middle,
		ty: box.y + box.height / 2 - b * middle - a * middle
	};
}
/** Angle of the line through both eyes, in radians, clockwise as pictures count. */
function tilt(points) {
	const centre = (from) => {
		const eye = points.slice(from, from + 6);
		return {
			x: eye.reduce((sum, { x }) => sum + x, 0) / 6,
			y: eye.reduce((sum, { y }) => sum + y, 0) / 6
		};
	};
	const [right, left] = [centre(36), centre(42)];
	return Math.atan2(left.y - right.y, left.x - right.x);
}
export { boxChip, dlibChip };
