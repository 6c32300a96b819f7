import { toPixelBox, toUnitBox } from "../contract/geometry.js";
import sharp from "sharp";
// electron/vision/crop.ts
/**
* Cuts a square around a face, for people to look at. Near the photo's edge the square is moved inside, so that it shows
* nothing but the photo; it is never wider than the photo's shorter side, and never enlarged.
* @param options.side longest side of the crop, in pixels.
* @param options.padding surroundings on each side, as a fraction of the box's longer side.
* @returns JPEG, sRGB, quality 85.
*/
async function cropJpeg(photo, box, options) {
	const { left, top, length } = squareAround(box, photo, options.padding);
	const jpeg = await sharp(photo.data, { raw: {
		width: photo.width,
		height: photo.height,
		channels: 3
	} }).extract({
		left,
		top,
		width: length,
		height: length
	}).resize({
		width: options.side,
		height: options.side,
		withoutEnlargement: true
	}).jpeg({ quality: 85 }).toBuffer();
	return new Uint8Array(jpeg);
}
/** Where a face's box and points lie on its crop, in fractions of that, to a pixel of the photo. */
function onCrop(face, photo, padding) {
	const { left, top, length } = squareAround(face.box, photo, padding);
	const square = {
		width: length,
		height: length
	};
	const { x, y, width, height } = toPixelBox(face.box, photo);
	const point = (of) => ({
		x: (of.x * photo.width - left) / length,
		y: (of.y * photo.height - top) / length
	});
	return {
		...face,
		box: toUnitBox({
			x: x - left,
			y: y - top,
			width,
			height
		}, square),
		landmarks: face.landmarks?.map(point) ?? null
	};
}
/** In whole pixels of the photo. */
function squareAround(box, photo, padding) {
	const { x, y, width, height } = toPixelBox(box, photo);
	const wanted = Math.max(width, height) * (1 + 2 * padding);
	const length = Math.max(1, Math.round(Math.min(wanted, photo.width, photo.height)));
	return {
		left: inside(x + width / 2 - length / 2, photo.width - length),
		top: inside(y + height / 2 - length / 2, photo.height - length),
		length
	};
}
function inside(start, last) {
	return Math.min(last, Math.max(0, Math.round(start)));
}
export { cropJpeg, onCrop };
