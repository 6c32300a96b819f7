import { UnreadablePhoto } from "../contract/errors.js";
import { takenAt } from "./exif.js";
import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { fileTypeFromBuffer } from "file-type";
// electron/vision/photo-file.ts
var formats = /* @__PURE__ */ new Set([
	"jpg",
	"png",
	"webp",
	"tif",
	"gif",
	"avif",
	"heic"
]);
/** No photo that sharp would decode is larger; a film named .jpg is not worth reading. */
var largestFile = 1024 ** 3;
/**
* Reads a file once and tells by its first bytes, never by its name, whether it is a photo.
* @throws UnreadablePhoto `empty-file`, `not-an-image`, `unsupported-format`, `too-large`, `no-permission`, `vanished`.
*/
async function openPhoto(path) {
	const bytes = await read(path);
	if (bytes.length === 0) throw new UnreadablePhoto("empty-file", `${path} holds 0 bytes`);
	const format = await sniff(path, bytes);
	return {
		path,
		bytes,
		hash: createHash("sha256").update(bytes).digest("hex"),
		takenAt: takenAt(bytes),
		format
	};
}
/**
* The identity of a file's content, without keeping it in memory.
* @throws UnreadablePhoto `empty-file`, `not-an-image` (no plain file), `no-permission`, `vanished`.
*/
async function hashFile(path) {
	const hash = createHash("sha256");
	let bytes = 0;
	await reading(path, async () => {
		await requirePlainFile(path);
		await pipeline(createReadStream(path), async (chunks) => {
			for await (const chunk of chunks) {
				bytes += chunk.length;
				hash.update(chunk);
			}
		});
	});
	if (bytes === 0) throw new UnreadablePhoto("empty-file", `${path} holds 0 bytes`);
	return {
		hash: hash.digest("hex"),
		bytes
	};
}
function read(path) {
	return reading(path, async () => {
		const size = await requirePlainFile(path);
		if (size > largestFile) throw new UnreadablePhoto("too-large", `${path} holds ${size} bytes, more than ${largestFile}`);
		return readFile(path);
	});
}
/** Reading a pipe named .jpg would wait for ever. */
async function requirePlainFile(path) {
	const found = await stat(path);
	if (!found.isFile()) throw new UnreadablePhoto("not-an-image", `${path} is no plain file`);
	return found.size;
}
/** Runs `work`, and turns what the file system says against it into reasons. */
async function reading(path, work) {
	try {
		return await work();
	} catch (error) {
		const code = error instanceof Error && "code" in error ? error.code : void 0;
		switch (code) {
			case "ENOENT":
			case "ENOTDIR":
			case "ELOOP":
			case "ENAMETOOLONG": throw new UnreadablePhoto("vanished", `${path} is not there (${code})`, { cause: error });
			case "EACCES":
			case "EPERM":
			case "EBUSY": throw new UnreadablePhoto("no-permission", `${path} may not be read (${code})`, { cause: error });
			case "EIO": throw new UnreadablePhoto("truncated", `${path} can't be read to its end (EIO)`, { cause: error });
			default: throw error;
		}
	}
}
async function sniff(path, bytes) {
	const type = await fileTypeFromBuffer(bytes).catch(() => void 0);
	if (type !== void 0 && isPhotoFormat(type.ext)) return type.ext;
	if (type?.mime.startsWith("image/")) throw new UnreadablePhoto("unsupported-format", `${path} is ${type.mime}`);
	if (type === void 0 && /^(II\*\0|MM\0\*)/.test(bytes.toString("latin1", 0, 4))) return "tif";
	const received = type?.mime ?? "neither a picture nor any known kind of file";
	throw new UnreadablePhoto("not-an-image", `${path} is ${received}`);
}
function isPhotoFormat(name) {
	return formats.has(name);
}
export { hashFile, openPhoto };
