import { KithError } from "../electron/contract/errors.js";
import { basename } from "node:path";
import { open, readFile } from "node:fs/promises";
// models/import-files.ts
/** FaceNet's weights have 95 MB, the largest encoders about 250. */
var mostBytes = 2 ** 30;
/**
* Tells by its first bytes what kind of file it is; reads nothing else.
*
* @throws KithError `file-missing`; `model-unsupported` when it is too large or of no kind that Kith reads;
* `model-damaged` when it is empty. All name the file.
*/
async function kindOf(path) {
	const name = basename(path);
	const { size, start } = await lookInto(path);
	if (size === 0) throw new KithError("model-damaged", `${name} is empty (0 bytes)`);
	if (size > mostBytes) {
		const gigabytes = (size / 1e9).toFixed(1);
		throw new KithError("model-unsupported", `${name} has ${gigabytes} GB; Kith takes files of models up to 1 GB`);
	}
	const text = start.toString("latin1");
	if (text.startsWith("HDF\r\n\n")) return "hdf5";
	if (/^(\xef\xbb\xbf)?\s*\{/.test(text)) return "json";
	if (text.startsWith("PK")) throw new KithError("model-unsupported", `${name} was written by Keras 3; save it with Keras 2 (model.save("model.h5"))`);
	if (/\.onnx$/i.test(name)) return "onnx";
	throw new KithError("model-unsupported", `${name} is neither a description (model.json) nor weights of Keras (.h5) nor ONNX (.onnx)`);
}
/** Text of a file, without the mark that some editors put in front. */
async function readText(path) {
	return (await readFile(path, "utf8")).replace(/^\uFEFF/, "");
}
async function lookInto(path) {
	try {
		const file = await open(path);
		try {
			const found = await file.stat();
			if (!found.isFile()) throw new KithError("model-unsupported", `${path} is no file`);
			const { buffer, bytesRead } = await file.read(Buffer.alloc(64), 0, 64, 0);
			return {
				size: found.size,
				start: buffer.subarray(0, bytesRead)
			};
		} finally {
			await file.close();
		}
	} catch (cause) {
		if (cause instanceof KithError) throw cause;
		const { code } = cause;
		if (code === "ENOENT" || code === "ENOTDIR") throw new KithError("file-missing", path, { cause });
		throw new KithError("model-damaged", `${path} can't be read: ${cause.message}`, { cause });
	}
}
export { kindOf, readText };
