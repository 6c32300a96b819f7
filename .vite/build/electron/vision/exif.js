import ExifReader from "exifreader";
// electron/vision/exif.ts
/**
* When the camera took the photo, in its local time. ExifReader, because it reads the EXIF block of HEIC, AVIF, PNG and
* WebP as well as that of JPEG and TIFF.
* @returns `YYYY-MM-DDTHH:MM:SS`, or null where the file doesn't say so in a valid way. Never throws.
*/
function takenAt(bytes) {
	return toLocalTime(readTag(bytes, "DateTimeOriginal")?.description);
}
/** How the picture must be turned and mirrored to be upright, 1..8; 1 (not at all) where the file doesn't say. */
function exifOrientation(bytes) {
	const value = readTag(bytes, "Orientation")?.value;
	return typeof value === "number" && value >= 1 && value <= 8 ? value : 1;
}
function readTag(bytes, tag) {
	try {
		return ExifReader.load(bytes, {
			expanded: true,
			includeTags: { exif: [tag] }
		}).exif?.[tag];
	} catch {
		return;
	}
}
function toLocalTime(text) {
	const match = /^(\d{4}):(\d\d):(\d\d) (\d\d):(\d\d):(\d\d)/.exec(text ?? "");
	if (match === null) return null;
	const [, year, month, day, hour, minute, second] = match;
	const time = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
	const parsed = /* @__PURE__ */ new Date(`${time}Z`);
	return Number.isNaN(parsed.getTime()) || !parsed.toISOString().startsWith(time) ? null : time;
}
export { exifOrientation, takenAt };
