import { KithError } from "../electron/contract/errors.js";
import { catalog } from "./catalog.js";
import { partPaths } from "./download-part.js";
import { downloadsFolder, planFetch, weightsPath } from "./fetch.js";
import { inWords } from "./files.js";
import { notePath } from "./import-note.js";
import { chosenFolder } from "./store.js";
import { join } from "node:path";
import { rm, rmdir, stat } from "node:fs/promises";
// models/remove.ts
/**
* Removes a model from the folder that people chose, with its note and what has come of a download. Bundled
* models lie elsewhere and stay.
*
* @returns paths of what was removed
* @throws KithError `model-missing` when nothing of it is there; `bad-request` when it is bundled;
* `output-unwritable`
*/
async function removeModel(id, folder = chosenFolder()) {
	const { title, file, bundled } = catalog[id];
	const path = join(folder, file);
	const removed = [];
	for (const each of [
		path,
		notePath(path),
		...leftOvers(id, path)
	]) {
		if (!await stat(each).catch(() => null)) continue;
		try {
			await rm(each);
		} catch (error) {
			throw inWords(error, each);
		}
		removed.push(each);
	}
	await rmdir(downloadsFolder(folder)).catch(() => {});
	if (removed.length > 0) return removed;
	throw bundled ? new KithError("bad-request", `${title} comes with Kith, which makes it again when it needs it`) : new KithError("model-missing", `${title} is not in ${folder}`);
}
function leftOvers(id, path) {
	if (catalog[id].source.kind !== "web") return [];
	const weights = weightsPath(planFetch(id).address, path);
	return [path, weights].flatMap((target) => Object.values(partPaths(target))).concat(weights);
}
export { removeModel };
