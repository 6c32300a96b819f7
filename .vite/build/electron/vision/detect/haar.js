import { iou } from "../../contract/geometry.js";
import { loadCascade } from "./cascade.js";
import { search } from "./haar-looks.js";
import { suppress } from "./nms.js";
import { loadOpenCv } from "./opencv.js";
import sharp from "sharp";
// electron/vision/detect/haar.ts
/** Longest side on which is searched, in pixels; the time grows with its square. */
var maxSide = 1024;
/** Boxes of two looks with more IoU than this are one place. */
var samePlace = .4;
/**
* Evidence at which a place is taken for a face. Measured on the demonstration photos, the family photos and some of LFW:
* lower adds false boxes quickly and hardly any face.
*/
var enoughEvidence = 7;
/**
* The classic: Viola and Jones's boosted cascades (CVPR 2001; Lienhart and Maydt, ICIP 2002), by OpenCV as WebAssembly.
* A single cascade takes window blinds for faces and misses heads that lean, so several look in several ways, and a
* face is where they agree. Some seconds a photo on one core, of which most goes into the turned looks.
* @param files OpenCV's cascades.
* @throws KithError `model-damaged` where OpenCV can't read one.
*/
async function createHaarDetector(files) {
	const opencv = loadOpenCv();
	const cascades = {
		frontal: await loadCascade(opencv, files.frontal),
		alt2: await loadCascade(opencv, files.alt2),
		profile: await loadCascade(opencv, files.profile)
	};
	return {
		async detect(photo) {
			const scale = Math.min(1, maxSide / Math.max(photo.width, photo.height));
			const sightings = search(opencv, cascades, await greyPicture(photo, scale));
			return suppress(gather(sightings).filter((place) => evidence(place) >= enoughEvidence).map((place) => toDetection(place, scale, photo)));
		},
		async dispose() {
			for (const cascade of Object.values(cascades)) cascade.dispose();
		}
	};
}
async function greyPicture(photo, scale) {
	const width = Math.max(1, Math.round(photo.width * scale));
	const height = Math.max(1, Math.round(photo.height * scale));
	const raw = {
		width: photo.width,
		height: photo.height,
		channels: 3
	};
	return {
		pixels: await sharp(photo.data, { raw }).resize(width, height, { fit: "fill" }).greyscale().raw().toBuffer(),
		width,
		height
	};
}
/** Gathers sightings around the strongest of each place. */
function gather(sightings) {
	const places = [];
	for (const sighting of sightings.toSorted((a, b) => b.windows - a.windows)) {
		const place = places.find(([strongest]) => iou(strongest.box, sighting.box) > samePlace);
		if (!place) places.push([sighting]);
		else if (!place.some(({ look }) => look === sighting.look)) place.push(sighting);
	}
	return places;
}
/** Windows of one look repeat each other, looks do so less: hence the sum of logarithms. One look alone never suffices. */
function evidence(place) {
	return place.reduce((sum, { windows }) => sum + Math.log2(1 + windows), 0);
}
/** The mean box, each weighing as much as its windows; the score rises from 0.5 where the evidence just suffices. */
function toDetection(place, scale, photo) {
	const windows = place.reduce((sum, sighting) => sum + sighting.windows, 0);
	const mean = (side) => place.reduce((sum, sighting) => sum + sighting.box[side] * sighting.windows, 0) / windows / scale;
	const left = Math.max(0, mean("x"));
	const top = Math.max(0, mean("y"));
	return {
		box: {
			x: left,
			y: top,
			width: Math.min(photo.width, mean("x") + mean("width")) - left,
			height: Math.min(photo.height, mean("y") + mean("height")) - top
		},
		score: 1 - 2 ** (-evidence(place) / enoughEvidence),
		landmarks: null
	};
}
export { createHaarDetector };
