import { KithError } from "../electron/contract/errors.js";
import { catalog, modelIds } from "./catalog.js";
import { writeWhole } from "./files.js";
import { sha256 } from "./hash.js";
import { basename, join } from "node:path";
import { readFile, stat } from "node:fs/promises";
// models/import-known.ts
/**
* The model of the catalog that a file is, to the byte and whatever its name; null when it is none. Only a file of
* some model's very length is read.
*
* @throws KithError `model-damaged` when it can't be read
*/
async function knownModel(path) {
	const found = await stat(path).catch(() => null);
	const alike = modelIds.filter((id) => catalog[id].sha256 !== null && catalog[id].bytes === found?.size);
	if (!found?.isFile() || alike.length === 0) return null;
	try {
		const bytes = await readFile(path);
		const hash = sha256(bytes);
		const id = alike.find((other) => catalog[other].sha256 === hash);
		return id === void 0 ? null : {
			id,
			bytes
		};
	} catch (cause) {
		throw new KithError("model-damaged", `${basename(path)} can't be read: ${cause.message}`, { cause });
	}
}
/** Puts such a file where the store looks for it. @returns its path @throws KithError `disk-full`, `output-unwritable` */
async function installKnown(id, bytes, folder) {
	const path = join(folder, catalog[id].file);
	await writeWhole(path, bytes);
	return path;
}
export { installKnown, knownModel };
