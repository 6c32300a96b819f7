import { KithError } from "../electron/contract/errors.js";
import { catalog, modelIds } from "./catalog.js";
import { sha256OfFile } from "./hash.js";
import { readNote } from "./import-note.js";
import { join } from "node:path";
import { existsSync } from "node:fs";
import envPaths from "env-paths";
// models/store.ts
/** Opens the folders that hold models; without `folders`, the usual ones. */
function openStore(options = {}) {
	const folders = options.folders ?? usualFolders();
	return {
		folders,
		async find(id) {
			const held = await firstHolding(folders, catalog[id].file);
			if (!held) throw new KithError("model-missing", howToGet(id));
			const right = await rightHash(id, held.path);
			if (held.hash !== right) throw new KithError("model-damaged", damage(id, held.path, held.hash, right));
			return held.path;
		},
		status: () => Promise.all(modelIds.map((id) => statusOf(id, folders)))
	};
}
/** `KITH_MODELS_DIR` or the user's folder, then the packed app's resources, then the cache. */
function usualFolders() {
	const { resourcesPath } = process;
	const resources = resourcesPath && join(resourcesPath, "models");
	return [
		chosenFolder(),
		...resources && existsSync(resources) ? [resources] : [],
		cacheFolder()
	];
}
/** Where a person puts models, and where a model that was asked for is put. */
function chosenFolder() {
	return process.env.KITH_MODELS_DIR || join(envPaths("kith", { suffix: "" }).data, "models");
}
/** Where the bundled models are made: they can be made again at any time. */
function cacheFolder() {
	return join(envPaths("kith", { suffix: "" }).cache, "models");
}
async function firstHolding(folders, file) {
	for (const folder of folders) {
		const path = join(folder, file);
		const hash = await sha256OfFile(path);
		if (hash) return {
			path,
			hash
		};
	}
	return null;
}
/** What the file must hash to: of people's own weights only the note of their import knows. */
async function rightHash(id, path) {
	return catalog[id].sha256 ?? (await readNote(path))?.sha256 ?? null;
}
async function statusOf(id, folders) {
	const { title, task, file, bytes, licence, bundled } = catalog[id];
	const held = await firstHolding(folders, file);
	return {
		id,
		title,
		task,
		file,
		bytes,
		licence,
		bundled,
		state: !held ? "missing" : held.hash === await rightHash(id, held.path) ? "installed" : "damaged",
		path: held?.path ?? null
	};
}
function howToGet(id) {
	const { title, file, bundled, sha256 } = catalog[id];
	if (bundled) return `${title} (${file}) is missing; run "npm run models" to make it`;
	return `${title} (${file}) is missing; run "kith models get ${id}" to download it, or ${`run "kith models import" with ${sha256 === null ? "files of your own" : "the file"}`}`;
}
function damage(id, path, found, right) {
	const { title, bundled, sha256 } = catalog[id];
	if (sha256 === null) return `${path} (${title}) ${right === null ? "has no note of its import beside it" : `was changed after it was imported: expected SHA-256 ${right} but found ${found}`}; import it again`;
	return `${path} is not the ${title} that Kith knows: expected SHA-256 ${sha256} but found ${found}; delete the file and run "${bundled ? "npm run models" : `kith models get ${id}`}"`;
}
export { cacheFolder, chosenFolder, openStore };
