import { UnreadablePhoto } from "../contract/errors.js";
import { heicToTiff } from "./heic.js";
import { openPhoto } from "./photo-file.js";
import sharp from "sharp";
// electron/vision/decode.ts
sharp.concurrency(1);
sharp.cache(false);
/** A picture that declares more pixels than this is a bomb, or nothing that people look for faces in. */
var maxPixels = 268402689;
/**
* `truncated`: a photo whose end is missing is refused rather than half grey, as faces may be in the missing half and
* nobody would ever be told. Lesser damage (odd markers, wrong colour profiles, bytes after the end) is read over.
*/
var reading = {
	autoOrient: true,
	sequentialRead: true,
	failOn: "truncated",
	limitInputPixels: maxPixels
};
/**
* Decodes a photo upright in sRGB, transparent parts on white, reduced to fit `maxSide` × `maxSide` pixels (never
* enlarged). Of files with several pictures, the first.
* @throws UnreadablePhoto `truncated` (incomplete or damaged) or `too-large` (over 268 megapixels).
*/
async function decode(file, maxSide) {
	const source = await open(file);
	const { data, info } = await pixels(file, source, null, maxSide);
	return {
		data,
		width: info.width,
		height: info.height,
		fullWidth: source.width,
		fullHeight: source.height
	};
}
/** Decodes a JPEG that Kith made itself: upright already, and small. */
async function decodeJpeg(jpeg) {
	const { data, info } = await sharp(jpeg).toColourspace("srgb").raw().toBuffer({ resolveWithObject: true });
	const { width, height } = info;
	return {
		data,
		width,
		height,
		fullWidth: width,
		fullHeight: height
	};
}
/**
* Decodes a part of a photo, for when the reduced photo has too few pixels of it. As slow as decoding all of it at full
* size; `fullWidth` and `fullHeight` are the region's.
* @param box in fractions of the upright photo; what lies outside the photo is left off.
* @throws UnreadablePhoto as {@link decode}.
*/
async function decodeRegion(file, box, maxSide) {
	const source = await open(file);
	const region = toRegion(box, source);
	const { data, info } = await pixels(file, source, region, maxSide);
	return {
		data,
		width: info.width,
		height: info.height,
		fullWidth: region.width,
		fullHeight: region.height,
		box: {
			x: region.left / source.width,
			y: region.top / source.height,
			width: region.width / source.width,
			height: region.height / source.height
		}
	};
}
/** Decoding a HEIC takes a second: its regions share one decode for as long as somebody holds the file. */
var tiffs = /* @__PURE__ */ new WeakMap();
async function open(file) {
	const bytes = await readableBySharp(file);
	const image = () => sharp(bytes, reading);
	const { autoOrient } = await image().metadata().catch((error) => {
		throw reason(file, error);
	});
	return {
		width: autoOrient.width,
		height: autoOrient.height,
		image
	};
}
async function readableBySharp(file) {
	if (file.format !== "heic" || await isAv1(file)) return file.bytes;
	const tiff = tiffs.get(file) ?? heicToTiff(file, maxPixels);
	tiffs.set(file, tiff);
	return tiff;
}
/** The brand `mif1` says HEIF, but not which codec is inside; sharp reads AV1. */
async function isAv1(file) {
	const { compression } = await sharp(file.bytes, reading).metadata().catch(() => ({ compression: void 0 }));
	return compression === "av1";
}
async function pixels(file, source, region, maxSide) {
	try {
		return await (region === null ? source.image() : source.image().extract(region)).resize({
			width: maxSide,
			height: maxSide,
			fit: "inside",
			withoutEnlargement: true,
			kernel: "linear"
		}).flatten({ background: "#fff" }).removeAlpha().toColourspace("srgb").raw({ depth: "uchar" }).toBuffer({ resolveWithObject: true });
	} catch (error) {
		throw reason(file, error);
	}
}
/** Fractions → whole pixels that cover them, at least one, inside the photo. */
function toRegion(box, { width, height }) {
	const left = clamp(Math.floor(box.x * width), 0, width - 1);
	const top = clamp(Math.floor(box.y * height), 0, height - 1);
	return {
		left,
		top,
		width: clamp(Math.ceil((box.x + box.width) * width), left + 1, width) - left,
		height: clamp(Math.ceil((box.y + box.height) * height), top + 1, height) - top
	};
}
function clamp(value, low, high) {
	return Math.min(high, Math.max(low, value));
}
/** The first bytes said that the file is a picture, so whatever sharp stumbles over is damage, or size. */
function reason(file, error) {
	if (error instanceof UnreadablePhoto) return error;
	const message = error instanceof Error ? error.message : String(error);
	const tooLarge = /exceeds pixel limit|too (large|many)/i.test(message);
	const [first = message] = message.split("\n").filter((line) => !line.startsWith("source: bad seek"));
	return new UnreadablePhoto(tooLarge ? "too-large" : "truncated", tooLarge ? `${file.path} has more than ${maxPixels} pixels` : `${file.path} is damaged: ${first}`, { cause: error });
}
export { decode, decodeJpeg, decodeRegion, openPhoto };
