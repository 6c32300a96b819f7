import { UnreadablePhoto } from "../contract/errors.js";
import { toPixelBox, toUnitBox } from "../contract/geometry.js";
import { openPhoto } from "./photo-file.js";
import { boxChip } from "./align.js";
import { cropJpeg, onCrop } from "./crop.js";
import { decode, decodeJpeg } from "./decode.js";
import { fivePoints } from "./landmarks.js";
import { loadStages } from "./load.js";
import { judge, overall } from "./quality.js";
import { cutChip } from "./warp.js";
// electron/vision/pipeline.ts
/** Faces narrower or lower than this in the original photo are nobody that could be known again. */
var smallestFace = 24;
/** The crop that people look at: its side in pixels, and how much of the photo it shows around the face. */
var crop = {
	side: 192,
	padding: .35
};
/** Side of the chip on which sharpness is judged, in pixels. */
var judgedSide = 96;
/** @throws KithError `model-missing` or `model-damaged`, naming the model. */
async function createPipeline(setup) {
	const { detector, landmarker, encoder } = await loadStages(setup);
	const timings = {
		decode: 0,
		detect: 0,
		landmarks: 0,
		embed: 0,
		crop: 0
	};
	async function timed(stage, work) {
		const start = performance.now();
		const result = await work;
		timings[stage] += performance.now() - start;
		return result;
	}
	async function embedKnown(photo, faces) {
		const detections = faces.map((face) => asDetected(face, photo));
		const points = encoder.needsPoints ? await timed("landmarks", landmarker.find(photo, detections)) : detections.map(() => []);
		const toEncode = detections.map(({ box }, index) => ({
			box,
			points: points[index]
		}));
		return timed("embed", encoder.encode(photo, toEncode));
	}
	async function faceOf(photo, found) {
		const { detection, five, embedding } = found;
		const box = toUnitBox(detection.box, photo);
		return {
			box,
			landmarks: five.map((point) => toUnitPoint(point, photo)),
			score: Math.min(1, detection.score),
			quality: qualityOf(photo, detection, five),
			embedding,
			crop: await timed("crop", cropJpeg(photo, box, crop))
		};
	}
	return {
		timings,
		async analyse(path, { chips = false } = {}) {
			const file = await openPhoto(path);
			const photo = await timed("decode", decode(file, setup.maxSide));
			const detections = largeEnough(await timed("detect", detector.detect(photo)), photo);
			const points = await timed("landmarks", landmarker.find(photo, detections));
			const toEncode = detections.map(({ box }, index) => ({
				box,
				points: points[index]
			}));
			const embeddings = await timed("embed", encoder.encode(photo, toEncode));
			const faces = [];
			for (const [index, detection] of detections.entries()) {
				const found = {
					detection,
					five: fivePoints(points[index]),
					embedding: embeddings[index]
				};
				const chip = chips ? await timed("crop", encoder.chip(photo, toEncode[index])) : void 0;
				faces.push({
					...await faceOf(photo, found),
					...chip ? { chip } : {}
				});
			}
			return {
				hash: file.hash,
				bytes: file.bytes.length,
				width: photo.fullWidth,
				height: photo.fullHeight,
				takenAt: file.takenAt,
				faces
			};
		},
		async embed({ path, hash, faces }) {
			const file = await openPhoto(path);
			if (file.hash !== hash) throw new UnreadablePhoto("vanished", `${path} holds another photo meanwhile`);
			return embedKnown(await timed("decode", decode(file, setup.maxSide)), faces);
		},
		async embedCrops({ width, height, faces }) {
			const embeddings = [];
			for (const face of faces) {
				const picture = await timed("decode", decodeJpeg(face.crop));
				const known = onCrop(face, {
					width,
					height
				}, crop.padding);
				embeddings.push(...await embedKnown(picture, [known]));
			}
			return embeddings;
		},
		async draw({ path, hash, box }) {
			const file = await openPhoto(path);
			if (file.hash !== hash) throw new UnreadablePhoto("vanished", `${path} holds another photo meanwhile`);
			const photo = await timed("decode", decode(file, setup.maxSide));
			const detection = {
				box: toPixelBox(box, photo),
				score: 1,
				landmarks: null
			};
			const [points] = await timed("landmarks", landmarker.find(photo, [detection]));
			const [embedding] = await timed("embed", encoder.encode(photo, [{
				box: detection.box,
				points
			}]));
			return faceOf(photo, {
				detection,
				five: fivePoints(points),
				embedding
			});
		},
		async dispose() {
			await Promise.all([
				detector.dispose(),
				landmarker.dispose(),
				encoder.dispose()
			]);
		}
	};
}
/**
* A recorded face as its detector gave it, so that new embeddings are those of a fresh analysis. Only YuNet finds
* points of its own; with other detectors the recorded ones came later.
*/
function asDetected({ box, landmarks, detector }, photo) {
	const own = detector === "yunet" ? landmarks : null;
	return {
		box: toPixelBox(box, photo),
		score: 1,
		landmarks: own?.map(({ x, y }) => ({
			x: x * photo.width,
			y: y * photo.height
		})) ?? null
	};
}
function largeEnough(detections, photo) {
	const scale = photo.fullWidth / photo.width;
	return detections.filter(({ box }) => Math.min(box.width, box.height) * scale >= smallestFace);
}
function qualityOf(photo, detection, five) {
	const scale = photo.fullWidth / photo.width;
	const inOriginal = five.map(({ x, y }) => ({
		x: x * scale,
		y: y * scale
	}));
	const chip = cutChip(photo, boxChip(detection.box, judgedSide, 1), judgedSide);
	return overall(judge(inOriginal, chip, judgedSide, detection.score));
}
function toUnitPoint(point, photo) {
	return {
		x: point.x / photo.width,
		y: point.y / photo.height
	};
}
export { createPipeline };
