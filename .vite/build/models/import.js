import { KithError } from "../electron/contract/errors.js";
import { catalog } from "./catalog.js";
import { inceptionResnetV1 } from "./convert/inception-resnet-v1.js";
import { kerasToOnnx } from "./convert/keras.js";
import { withKerasFile } from "./convert/keras-h5.js";
import { parseKerasModel } from "./convert/keras-model.js";
import { writeWhole } from "./files.js";
import { sha256, sha256OfFile } from "./hash.js";
import { kindOf, readText } from "./import-files.js";
import { goldenCheck } from "./import-golden.js";
import { installKnown, knownModel } from "./import-known.js";
import { notePath, readNote, writeNote } from "./import-note.js";
import { readOnnxEncoder } from "./import-onnx.js";
import { chosenFolder } from "./store.js";
import { basename, join } from "node:path";
import { readFile, rm } from "node:fs/promises";
// models/import.ts
/** Where the golden embedding of each model lies; there is none for 128 numbers, whose weights we never saw. */
var goldenFiles = {
	"facenet-512": "facenet-512.json",
	"facenet-128": null
};
/**
* Installs an encoder from people's own files: Keras's `model.json` with its `.h5`, a whole-model `.h5`, FaceNet's
* bare weights as DeepFace publishes them, or FaceNet as ONNX. It is converted, run once, and only then written,
* whole. A file whose hash the catalog knows is installed as it is, whatever model it is and whatever its name.
*
* @param files paths, in any order
* @throws KithError `bad-request` for a set of files that makes no model; `model-unsupported`, `model-damaged` or
* `file-missing`, naming the file and the layer; `disk-full` or `output-unwritable`. Nothing is installed then.
*/
async function importModel(files, options = {}) {
	const folder = options.folder ?? chosenFolder();
	const known = files.length === 1 ? await knownModel(files[0]) : null;
	if (known) return {
		id: known.id,
		path: await installKnown(known.id, known.bytes, folder),
		golden: null
	};
	const { json, hdf5, onnx } = await sort(files);
	const { id, network, side, size } = onnx ? await convertOnnx(onnx, options) : await convertKeras(hdf5, json, options);
	const main = onnx ?? hdf5;
	const golden = await goldenCheck(network, {
		side,
		size,
		known: goldenFiles[id],
		file: basename(main)
	});
	if (options.published !== void 0 && (id !== options.published || golden === "other")) {
		const { title } = catalog[options.published];
		const why = id === options.published ? "it gives other embeddings" : `it is ${catalog[id].title}`;
		throw new KithError("model-damaged", `${basename(main)} is not ${title} as it was published: ${why}`);
	}
	const path = join(folder, catalog[id].file);
	await install(path, network, golden, json ? [json, main] : [main]);
	return {
		id,
		path,
		golden
	};
}
async function convertKeras(hdf5, json, options) {
	const description = json ? parseKerasModel(await readText(json), basename(json)) : null;
	let ends;
	const network = await withKerasFile(hdf5, (weights) => kerasToOnnx(description ?? describe(weights), weights, (found) => {
		ends = {
			...found,
			id: facenetOf(found, basename(json ?? hdf5))
		};
		return options.normalise ?? catalog[ends.id].normalise;
	}));
	return {
		...ends,
		network
	};
}
async function convertOnnx(path, options) {
	const file = basename(path);
	const { side, size, family, normalise, wrap } = readOnnxEncoder(await readFile(path), file, options);
	if (family === "arcface" || family === "sface") throw new KithError("model-unsupported", `${file} is ${family === "arcface" ? "an ArcFace" : "SFace"} (${side} pixels, ${size} numbers), which wants faces turned upright by five points; Kith does not cut them so`);
	const id = facenetOf({
		side,
		size
	}, file);
	return {
		id,
		side,
		size,
		network: wrap(normalise ?? catalog[id].normalise)
	};
}
async function sort(files) {
	const kinds = await Promise.all(files.map(kindOf));
	if (![
		"hdf5",
		"hdf5,json",
		"onnx"
	].includes([...kinds].sort().join())) {
		const received = files.map((file) => basename(file)).join(", ") || "none";
		throw new KithError("bad-request", `Expected model.json and its weights (.h5), or one .h5 or .onnx alone, but received ${received}`);
	}
	return Object.fromEntries(files.map((file, i) => [kinds[i], file]));
}
/** The model inside a whole-model file; for bare weights, the network that they must belong to. */
function describe(weights) {
	if (weights.description !== null) return parseKerasModel(weights.description, weights.file);
	const size = [...weights.layers.values()].flat().filter(({ shape }) => shape.length === 2).at(-1)?.shape[1];
	if (size === 128 || size === 512) return inceptionResnetV1(size);
	throw new KithError("model-unsupported", `${weights.file} holds weights alone, and not those of FaceNet: no layer gives 128 or 512 numbers; give its model.json too`);
}
function facenetOf({ side, size }, file) {
	if (side === 160 && size === 512) return "facenet-512";
	if (side === 160 && size === 128) return "facenet-128";
	throw new KithError("model-unsupported", `${file} is no FaceNet: expected 160 pixels in and 128 or 512 numbers out but received ${side} and ${size}`);
}
/** Note first: a note without its model is as good as nothing, a model without its note would be a damaged one. */
async function install(path, network, golden, sources) {
	const before = await readNote(path);
	const madeFrom = await Promise.all(sources.map(async (source) => ({
		file: basename(source),
		sha256: await sha256OfFile(source) ?? ""
	})));
	await writeNote(path, {
		kith: 1,
		sha256: sha256(network),
		madeFrom,
		golden
	});
	try {
		await writeWhole(path, network);
	} catch (error) {
		await (before ? writeNote(path, before) : rm(notePath(path), { force: true })).catch(() => {});
		throw error;
	}
}
export { importModel };
