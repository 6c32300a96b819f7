import { iou } from "../../contract/geometry.js";
// electron/vision/detect/nms.ts
/**
* Non-maximum suppression: of detections that overlap, the surest stays.
*
* Two boxes are one face when their IoU is over `maxIou`, or when one lies in the other by more than `maxInside`
* of its own area: the same face found at two scales gives boxes of different sizes, whose IoU alone is small.
*
* @returns the kept detections, surest first; ties by place, so that the order of the input does not matter.
*/
function suppress(detections, maxIou = .5, maxInside = .75) {
	const kept = [];
	for (const candidate of detections.toSorted(bySureness)) if (!kept.some((other) => iou(candidate.box, other.box) > maxIou || inside(candidate, other) > maxInside)) kept.push(candidate);
	return kept;
}
function bySureness(a, b) {
	return b.score - a.score || a.box.x - b.box.x || a.box.y - b.box.y || a.box.width - b.box.width;
}
/** The share of the smaller box that lies in the other, 0..1. */
function inside(a, b) {
	const width = Math.min(a.box.x + a.box.width, b.box.x + b.box.width) - Math.max(a.box.x, b.box.x);
	const height = Math.min(a.box.y + a.box.height, b.box.y + b.box.height) - Math.max(a.box.y, b.box.y);
	if (width <= 0 || height <= 0) return 0;
	return width * height / Math.min(a.box.width * a.box.height, b.box.width * b.box.height);
}
export { suppress };
