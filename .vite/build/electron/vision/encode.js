import { boxChip, dlibChip } from "./align.js";
import { joined, openSession, runOnPictures } from "./session.js";
import { cutChip, mirrorChip } from "./warp.js";
import sharp from "sharp";
// electron/vision/encode.ts
/** More chips than this in one run need more memory than they save time. */
var maxBatch = 16;
/** Opens an encoder whose network takes uint8 RGB chips and gives one vector each. */
async function createEncoder(modelFile, options) {
	const { side, size, mirror } = options;
	const session = await openSession(modelFile);
	const views = mirror ? 2 : 1;
	return {
		needsPoints: options.alignment.kind !== "box" || options.alignment.turn === true,
		async encode(photo, faces) {
			const embeddings = [];
			const perRun = Math.floor(maxBatch / views);
			for (let start = 0; start < faces.length; start += perRun) {
				const part = faces.slice(start, start + perRun);
				const chips = part.flatMap((face) => {
					const chip = chipOf(photo, face, options);
					return mirror ? [chip, mirrorChip(chip, side)] : [chip];
				});
				const outputs = await runOnPictures(session, joined(chips), [
					chips.length,
					side,
					side,
					3
				]);
				const vectors = Object.values(outputs)[0];
				for (let index = 0; index < part.length; index++) embeddings.push(meanDirection(vectors, index * views, views, size));
			}
			return embeddings;
		},
		async chip(photo, face) {
			const raw = {
				width: side,
				height: side,
				channels: 3
			};
			return new Uint8Array(await sharp(chipOf(photo, face, options), { raw }).png().toBuffer());
		},
		dispose: () => session.release()
	};
}
function chipOf(photo, face, options) {
	return cutChip(photo, frameOf(face, options), options.side);
}
function frameOf(face, { alignment, side }) {
	return alignment.kind === "dlib-chip" ? dlibChip(face.points, side, alignment.padding) : boxChip(face.box, side, alignment.scale, alignment.turn ? face.points : null);
}
/** The direction of the mean of `count` consecutive vectors, each set to length 1 first. */
function meanDirection(vectors, first, count, size) {
	const mean = new Float32Array(size);
	for (let view = first; view < first + count; view++) {
		const vector = vectors.subarray(view * size, (view + 1) * size);
		const length = Math.hypot(...vector);
		for (let index = 0; index < size; index++) mean[index] += vector[index] / length;
	}
	const length = Math.hypot(...mean);
	return mean.map((value) => value / length);
}
export { createEncoder };
