import { openPhoto } from "./photo-file.js";
import { decode, decodeRegion } from "./decode.js";
import sharp from "sharp";
// electron/vision/show.ts
/**
* A photo, or a part of it, upright and in sRGB, for people to look at.
*
* @param options.side longest side in pixels; smaller pictures are not enlarged
* @param options.region what is wanted of the upright photo; all of it when left out
* @returns JPEG, quality 88
* @throws UnreadablePhoto
*/
async function showPhoto(options) {
	const file = await openPhoto(options.path);
	const { data, width, height } = options.region ? await decodeRegion(file, options.region, options.side) : await decode(file, options.side);
	const jpeg = await sharp(data, { raw: {
		width,
		height,
		channels: 3
	} }).jpeg({ quality: 88 }).toBuffer();
	return new Uint8Array(jpeg);
}
export { showPhoto };
