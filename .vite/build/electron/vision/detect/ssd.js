import { iou } from "../../contract/geometry.js";
import { openSession, runOnPictures } from "../session.js";
import { suppress } from "./nms.js";
import { overview, paint, secondLooks, smallOverview } from "./views.js";
// electron/vision/detect/ssd.ts
/** face-api's own default: above it, its SSD seldom fires on anything but a face. */
var minScore = .5;
/** Above it, it never did on the photos that we looked through; below, a second look decides. */
var sureScore = .7;
/** From here on something may be a face of an unlucky size, and is worth a second look. */
var minDoubt = .25;
/**
* face-api's SSD MobileNet v1, which knows faces of about 25 to 150 pixels on its square of 512. What it half
* recognises in the photo as a whole (the small, the frame-filling, the blurred, a vase) is shown to it again, four
* at a time, each at the size that it knows best.
*/
async function createSsdDetector(modelFile) {
	const session = await openSession(modelFile);
	async function look(photo, canvas) {
		const pixels = await paint(photo, canvas);
		const { boxes, scores } = await runOnPictures(session, pixels, [
			1,
			canvas.height,
			canvas.width,
			3
		]);
		return suppress(readBoxes(boxes, scores, canvas.views));
	}
	return {
		async detect(photo) {
			let seen = await look(photo, overview(photo));
			if (!seen.some(isSure)) seen = suppress([...seen, ...await look(photo, smallOverview(photo))]);
			const faces = seen.filter(isSure);
			const doubts = seen.filter((detection) => !isSure(detection));
			for (const canvas of secondLooks(photo, doubts)) {
				const again = await look(photo, canvas);
				faces.push(...again.filter((detection) => holds(detection, doubts)));
			}
			return suppress(faces);
		},
		dispose: () => session.release()
	};
}
function isSure({ score }) {
	return score > sureScore;
}
/** Whether a second look outweighs the first: what looked like a face at first must do so on the whole. */
function holds(again, doubts) {
	const first = doubts.find((doubt) => iou(doubt.box, again.box) > .3);
	return first !== void 0 && first.score > minScore ? (first.score + again.score) / 2 > minScore : again.score > minScore;
}
/** Boxes come as (top, left, bottom, right) in multiples of 512 pixels; each belongs to the view it lies in. */
function readBoxes(boxes, scores, views) {
	const found = [];
	for (let index = 0; index < scores.length; index++) {
		const score = scores[index];
		if (score <= minDoubt) continue;
		const [top, left, bottom, right] = Array.from(boxes.subarray(index * 4, index * 4 + 4), (value) => value * 512);
		const x = (left + right) / 2;
		const y = (top + bottom) / 2;
		const view = views.find(({ at }) => x >= at.x && y >= at.y && x < at.x + at.width && y < at.y + at.height);
		const box = view && toPhoto(view, left, top, right, bottom);
		if (box) found.push({
			box,
			score,
			landmarks: null
		});
	}
	return found;
}
/** Pixels of the canvas → pixels of the photo, clipped to the view; null when nothing is left. */
function toPhoto(view, left, top, right, bottom) {
	const { at, of } = view;
	const scaleX = of.width / at.width;
	const scaleY = of.height / at.height;
	const x = of.x + Math.max(0, left - at.x) * scaleX;
	const y = of.y + Math.max(0, top - at.y) * scaleY;
	const width = of.x + Math.min(at.width, right - at.x) * scaleX - x;
	const height = of.y + Math.min(at.height, bottom - at.y) * scaleY - y;
	return width > 0 && height > 0 ? {
		x,
		y,
		width,
		height
	} : null;
}
export { createSsdDetector };
