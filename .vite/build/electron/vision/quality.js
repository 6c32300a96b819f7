// electron/vision/quality.ts
/** Faces this many pixels wide between the eyes, in the original photo, are as good as larger ones. */
var ampleEyeDistance = 40;
/** Variance of the Laplacian of an upright chip (0..255 grey) at which a face is half sharp. */
var halfSharp = 60;
/**
* Judges how far a face can be trusted to stand for its person.
* @param five right eye, left eye, nose tip, right and left mouth corner, in pixels of the original photo.
* @param chip the upright face, side × side × 3 bytes RGB.
*/
function judge(five, chip, side, score) {
	const [rightEye, leftEye, nose] = five;
	const eyes = {
		x: leftEye.x - rightEye.x,
		y: leftEye.y - rightEye.y
	};
	const distance = Math.hypot(eyes.x, eyes.y);
	return {
		size: clamp01(distance / ampleEyeDistance),
		sharpness: sharpness(chip, side),
		pose: distance === 0 ? 0 : frontality(rightEye, eyes, nose),
		score: clamp01(score)
	};
}
/** One number out of the parts: their geometric mean, so that one bad part can't be made up for by the others. */
function overall(parts) {
	return (parts.size * parts.sharpness * parts.pose * parts.score) ** .25;
}
/** 1 when the nose stands midway between the eyes, 0 when it stands under one of them (about 50° of yaw). */
function frontality(rightEye, eyes, nose) {
	const along = ((nose.x - rightEye.x) * eyes.x + (nose.y - rightEye.y) * eyes.y) / (eyes.x * eyes.x + eyes.y * eyes.y);
	return clamp01(1 - (Math.abs(along - .5) - .08) / .42);
}
/** Variance of the Laplacian over the chip's inner part (Pech-Pacheco et al. 2000), squeezed to 0..1. */
function sharpness(chip, side) {
	const grey = new Float32Array(side * side);
	for (let index = 0; index < grey.length; index++) {
		const at = index * 3;
		grey[index] = .299 * chip[at] + .587 * chip[at + 1] + .114 * chip[at + 2];
	}
	const margin = Math.max(1, Math.round(side * .2));
	let sum = 0;
	let squares = 0;
	let count = 0;
	for (let row = margin; row < side - margin; row++) for (let column = margin; column < side - margin; column++) {
		const at = row * side + column;
		const edge = grey[at - 1] + grey[at + 1] + grey[at - side] + grey[at + side] - 4 * grey[at];
		sum += edge;
		squares += edge * edge;
		count++;
	}
	if (count === 0) return 0;
	const variance = squares / count - (sum / count) ** 2;
	return variance / (variance + halfSharp);
}
function clamp01(value) {
	return Math.min(1, Math.max(0, value));
}
export { judge, overall };
