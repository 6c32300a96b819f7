import { KithError } from "../electron/contract/errors.js";
import { catalog } from "./catalog.js";
import { download } from "./download.js";
import { chosenFolder } from "./store.js";
import { basename, dirname, join } from "node:path";
import { rm, rmdir, stat } from "node:fs/promises";
// models/fetch.ts
/**
* Says what a download would be, without the network. `KITH_MODELS_MIRROR` is the base address of a mirror that
* holds all files side by side under the names that they have where they are published.
*
* @throws KithError `bad-request` for a model that has no public address
*/
function planFetch(id, { address, folder } = {}) {
	const { title, licence, bytes, source, sha256, file } = catalog[id];
	if (source.kind !== "web") throw new KithError("bad-request", `${title} has no public address: Kith makes it when it needs it`);
	const mirror = process.env.KITH_MODELS_MIRROR;
	const published = mirror ? `${mirror.replace(/\/+$/, "")}/${basename(new URL(source.address).pathname)}` : source.address;
	return {
		id,
		title,
		licence,
		address: address ?? published,
		bytes,
		exact: sha256 !== null,
		path: join(folder ?? chosenFolder(), file)
	};
}
/**
* Downloads an optional model to the user's folder, because a person asked for it by name; Kith never calls
* this of its own accord. What is published as Keras's weights is converted. On failure nothing is installed,
* and what was installed before is left; what has come of a download that broke off is kept for the next.
*
* @throws KithError `download-failed` when it can't be had, `model-damaged` or `model-unsupported` when it is
* another file, `cancelled`, `disk-full`, `output-unwritable`
*/
async function fetchModel(id, options = {}) {
	const { address, path } = planFetch(id, options);
	const { sha256, bytes } = catalog[id];
	try {
		if (sha256 === null) return await fetchWeights(id, address, path, options);
		await download(address, path, {
			...options,
			sha256,
			bytes
		});
		return {
			id,
			path,
			golden: null
		};
	} catch (error) {
		if (!(error instanceof KithError) || error.code !== "download-failed") throw error;
		throw new KithError(error.code, `${error.detail}; download it elsewhere and run "kith models import" with it, or name a mirror in KITH_MODELS_MIRROR`, { cause: error });
	}
}
/** Where weights lie until they are converted, under the name that they were published by. */
var downloadsFolder = (models) => join(models, "downloads");
var weightsPath = (address, model) => join(downloadsFolder(dirname(model)), basename(new URL(address).pathname));
async function fetchWeights(id, address, path, options) {
	const weights = weightsPath(address, path);
	try {
		if (!await stat(weights).catch(() => null)) await download(address, weights, options);
		options.onConvert?.();
		const { importModel } = await import("./import.js");
		const { golden } = await importModel([weights], {
			folder: dirname(path),
			published: id
		});
		await rm(weights, { force: true });
		return {
			id,
			path,
			golden: golden === "same" ? golden : null
		};
	} catch (error) {
		const code = error instanceof KithError ? error.code : null;
		if (code === "model-damaged" || code === "model-unsupported") await rm(weights, { force: true });
		throw error;
	} finally {
		await rmdir(dirname(weights)).catch(() => {});
	}
}
export { downloadsFolder, fetchModel, planFetch, weightsPath };
