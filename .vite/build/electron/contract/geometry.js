import { z } from "zod";
// electron/contract/geometry.ts
var fraction = z.number();
/** A point as fractions of the upright photo: x of its width, y of its height. May lie outside 0..1. */
var UnitPoint = z.object({
	x: fraction,
	y: fraction
});
/** A box as fractions of the upright photo, so that it means the same at every decoded size. */
var UnitBox = z.object({
	x: fraction,
	y: fraction,
	width: fraction,
	height: fraction
}).brand();
z.object({
	x: z.number(),
	y: z.number(),
	width: z.number(),
	height: z.number()
}).brand();
/** Pixels of a picture of `size` → fractions of it. */
function toUnitBox(box, size) {
	return {
		x: box.x / size.width,
		y: box.y / size.height,
		width: box.width / size.width,
		height: box.height / size.height
	};
}
/** Fractions → pixels of a picture of `size`, not rounded. */
function toPixelBox(box, size) {
	return {
		x: box.x * size.width,
		y: box.y * size.height,
		width: box.width * size.width,
		height: box.height * size.height
	};
}
/** Intersection over union of two boxes in the same units, 0..1. */
function iou(a, b) {
	const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
	const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
	if (width <= 0 || height <= 0) return 0;
	const overlap = width * height;
	return overlap / (a.width * a.height + b.width * b.height - overlap);
}
export { UnitBox, UnitPoint, iou, toPixelBox, toUnitBox };
