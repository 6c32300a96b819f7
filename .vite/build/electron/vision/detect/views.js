import sharp from "sharp";
/** Black pixels between two views, so that no face is seen across their border. */
var gap = 12;
/** Longest side of the small canvas on which faces that fill the frame come to a size that the network knows. */
var smallCanvas = 192;
/** On how many pixels of the canvas a second look shows a doubtful face: the size that the network knows best. */
var bestFace = 60;
/** At most this many doubtful places are looked at again, four to a canvas. */
var maxDoubts = 16;
/** The whole photo, reduced to what the network takes and never enlarged. */
function overview(photo) {
	return canvasOf([fitted(wholeOf(photo), 512, 512, 0, 0, 1)]);
}
/** The whole photo again, much smaller. */
function smallOverview(photo) {
	return canvasOf([fitted(wholeOf(photo), smallCanvas, smallCanvas, 0, 0, 1)]);
}
/** Doubtful places, surest first, each cut out with its surroundings and painted into a quarter of a canvas. */
function secondLooks(photo, doubts) {
	const quarter = 256 - gap;
	const views = doubts.toSorted((a, b) => b.score - a.score).slice(0, maxDoubts).map(({ box }, index) => {
		const side = Math.max(box.width, box.height) * quarter / bestFace;
		const column = index % 2 * 256;
		const row = Math.floor(index / 2) % 2 * 256;
		return fitted(around(box, side, photo), quarter, quarter, column, row, Number.POSITIVE_INFINITY);
	});
	const canvases = [];
	for (let start = 0; start < views.length; start += 4) canvases.push(canvasOf(views.slice(start, start + 4)));
	return canvases;
}
/** Paints a canvas: height × width × 3 bytes, RGB. */
async function paint(photo, { width, height, views }) {
	const pixels = new Uint8Array(width * height * 3);
	for (const { of, at } of views) {
		const picture = await sharp(photo.data, { raw: {
			width: photo.width,
			height: photo.height,
			channels: 3
		} }).extract({
			left: of.x,
			top: of.y,
			width: of.width,
			height: of.height
		}).resize(at.width, at.height, {
			fit: "fill",
			kernel: "linear"
		}).raw().toBuffer();
		for (let row = 0; row < at.height; row++) {
			const from = row * at.width * 3;
			pixels.set(picture.subarray(from, from + at.width * 3), ((at.y + row) * width + at.x) * 3);
		}
	}
	return pixels;
}
/** A view of `of` that fits the given room at (x, y) and enlarges at most `maxScale` times. */
function fitted(of, width, height, x, y, maxScale) {
	const scale = Math.max(0, Math.min(width / of.width, height / of.height, maxScale));
	return {
		of,
		at: {
			x,
			y,
			width: Math.min(width, Math.max(1, Math.round(of.width * scale))),
			height: Math.min(height, Math.max(1, Math.round(of.height * scale)))
		}
	};
}
function wholeOf(photo) {
	return {
		x: 0,
		y: 0,
		width: photo.width,
		height: photo.height
	};
}
/** The smallest canvas that holds all the views. */
function canvasOf(views) {
	const upTo = (most) => Math.ceil(most / 32) * 32;
	return {
		width: upTo(Math.max(...views.map(({ at }) => at.x + at.width))),
		height: upTo(Math.max(...views.map(({ at }) => at.y + at.height))),
		views
	};
}
/** The square of `side` around a box's centre, clipped to the photo, in whole pixels. */
function around(box, side, photo) {
	const left = Math.max(0, Math.floor(box.x + box.width / 2 - side / 2));
	const top = Math.max(0, Math.floor(box.y + box.height / 2 - side / 2));
	const right = Math.min(photo.width, Math.ceil(box.x + box.width / 2 + side / 2));
	const bottom = Math.min(photo.height, Math.ceil(box.y + box.height / 2 + side / 2));
	return {
		x: left,
		y: top,
		width: right - left,
		height: bottom - top
	};
}
export { overview, paint, secondLooks, smallOverview };
