import { UnreadablePhoto } from "../contract/errors.js";
import { exifOrientation } from "./exif.js";
import { wrapAsTiff } from "./tiff.js";
import decodeHeic from "heic-decode";
// electron/vision/heic.ts
/**
* Decodes a HEIC's primary picture into a TIFF of the same pixels, colour profile (iPhones: Display P3) and orientation,
* for sharp to read: its own build leaves HEVC out for its patents. libheif as WebAssembly decodes at full size only,
* about a second for 12 megapixels.
* @throws UnreadablePhoto `truncated` or `too-large`.
*/
async function heicToTiff(file, maxPixels) {
	requireWholeBoxes(file);
	const images = await decodeHeic.all({ buffer: file.bytes }).catch((error) => {
		throw damaged(file, error);
	});
	try {
		const image = images[0];
		if (image.width * image.height > maxPixels) throw new UnreadablePhoto("too-large", `${file.path} is ${image.width} × ${image.height} pixels`);
		const { data, width, height } = await image.decode().catch((error) => {
			throw damaged(file, error);
		});
		const orientation = saysHowToTurn(file.bytes) ? 1 : exifOrientation(file.bytes);
		return wrapAsTiff(data, {
			width,
			height,
			orientation,
			icc: findIcc(file.bytes)
		});
	} finally {
		images.dispose();
	}
}
/**
* Whether the container itself says how to turn and mirror the picture. libheif has then done so, and EXIF's orientation
* must be ignored (ISO/IEC 23008-12, annex A). Some camera apps write EXIF's alone, and mean it.
*/
function saysHowToTurn(bytes) {
	const end = bytes.indexOf("mdat", 0, "latin1");
	const boxes = bytes.subarray(0, end < 0 ? bytes.length : end);
	return boxes.includes("irot", 0, "latin1") || boxes.includes("imir", 0, "latin1");
}
/** The file is a row of boxes (ISO/IEC 14496-12, 4.2), each of which says how long it is. */
function requireWholeBoxes({ path, bytes }) {
	let at = 0;
	while (at + 8 <= bytes.length) {
		let size = bytes.readUInt32BE(at);
		if (size === 0) return;
		if (size === 1 && at + 16 <= bytes.length) size = Number(bytes.readBigUInt64BE(at + 8));
		if (size < 8) break;
		at += size;
	}
	if (at > bytes.length) throw new UnreadablePhoto("truncated", `${path} holds ${bytes.length} of its ${at} bytes`);
}
/** The first `colr` box with a profile in it: size, 'colr', 'prof', the profile. */
function findIcc(bytes) {
	const at = bytes.indexOf("colrprof", 0, "latin1");
	if (at < 4) return null;
	const size = bytes.readUInt32BE(at - 4);
	return at - 4 + size <= bytes.length && size > 12 ? bytes.subarray(at + 8, at - 4 + size) : null;
}
function damaged(file, cause) {
	const message = cause instanceof Error ? cause.message : String(cause);
	return new UnreadablePhoto("truncated", `${file.path} is damaged: ${message}`, { cause });
}
export { heicToTiff };
