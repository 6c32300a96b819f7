import { KithError } from "../electron/contract/errors.js";
import { sha256, sha256OfFile } from "./hash.js";
import { dirname } from "node:path";
import { randomUUID } from "node:crypto";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
// models/files.ts
/**
* Writes a file whole or not at all: beside its place first, then renamed. Two processes that write the same
* model at once end with one good file.
*
* @throws KithError `disk-full` or `output-unwritable`, naming the file
*/
async function writeWhole(path, data) {
	const draft = `${path}.${randomUUID()}.part`;
	try {
		await mkdir(dirname(path), { recursive: true });
		await writeFile(draft, data, { flush: true });
		await rename(draft, path);
	} catch (error) {
		await rm(draft, { force: true }).catch(() => {});
		if (await sha256OfFile(path).catch(() => null) === sha256(data)) return;
		throw inWords(error, path);
	}
}
/** A failure of the file system as one that a person understands. */
function inWords(error, path) {
	const { code, message } = error;
	if (code === "ENOSPC" || code === "EDQUOT") return new KithError("disk-full", `No room to write ${path}`, { cause: error });
	return new KithError("output-unwritable", `Could not write ${path}: ${message}`, { cause: error });
}
export { inWords, writeWhole };
