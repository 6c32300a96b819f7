import { KithError } from "../electron/contract/errors.js";
import { DetectorId, EncoderId } from "../electron/contract/ids.js";
import { catalog } from "./catalog.js";
import { writeWhole } from "./files.js";
import { openStore } from "./store.js";
import { join } from "node:path";
import { z } from "zod";
import { access, readFile } from "node:fs/promises";
import envPaths from "env-paths";
// models/choice.ts
/** The person's settings, of which other ones than these are left as they are. */
var Settings = z.looseObject({
	detector: DetectorId.optional(),
	encoder: EncoderId.optional()
});
/** The files that a detector or an encoder is made of. */
var FILES = {
	ssd: ["ssd"],
	yunet: ["yunet"],
	haar: [
		"haar-frontal-default",
		"haar-frontal-alt2",
		"haar-profile"
	],
	dlib: ["dlib"],
	"facenet-512": ["facenet-512"],
	"facenet-128": ["facenet-128"]
};
/**
* Which detector and encoder a command uses: what was said with it; else what was chosen by {@link chooseModel};
* else FaceNet and YuNet, each where it is installed; else the bundled ones.
*
* What is installed is told by the presence of its file: its hash is checked when it is loaded, and a damaged
* model is an error then. Going on with another one would group the library anew, and nobody would know why.
*
* @throws KithError `bad-request` when the settings can't be read
*/
async function modelsInUse(said = {}, store = openStore()) {
	const chosen = await readSettings();
	const [yunet, facenet] = await Promise.all([isThere("yunet", store), isThere("facenet-512", store)]);
	return {
		detector: said.detector ?? chosen.detector ?? (yunet ? "yunet" : "ssd"),
		encoder: said.encoder ?? chosen.encoder ?? (facenet ? "facenet-512" : "dlib")
	};
}
/**
* Makes a detector or an encoder the one that is used from now on.
*
* @throws KithError `model-missing` or `model-damaged` for one that is not installed; `bad-request` when the
* settings can't be read; `output-unwritable`, `disk-full`
*/
async function chooseModel(id, store = openStore()) {
	for (const file of FILES[id]) if (!catalog[file].bundled) await store.find(file);
	const part = isDetector(id) ? { detector: id } : { encoder: id };
	await writeSettings({
		...await readSettings(),
		...part
	});
}
/** Whether some FaceNet is there. */
async function hasFacenet(store = openStore()) {
	return await isThere("facenet-512", store) || isThere("facenet-128", store);
}
function isDetector(id) {
	return DetectorId.safeParse(id).success;
}
/** Settings are the person's and hold for all libraries, so they lie in none of them. */
function settingsFile() {
	return join(envPaths("kith", { suffix: "" }).data, "settings.json");
}
async function isThere(id, { folders }) {
	for (const folder of folders) if (await access(join(folder, catalog[id].file)).then(() => true, () => false)) return true;
	return false;
}
async function readSettings() {
	const path = settingsFile();
	let text;
	try {
		text = await readFile(path, "utf8");
	} catch (error) {
		if (error.code === "ENOENT") return {};
		throw new KithError("bad-request", `The settings can't be read: ${error.message}`, { cause: error });
	}
	try {
		return Settings.parse(JSON.parse(text));
	} catch (error) {
		throw new KithError("bad-request", `The settings in ${path} are damaged or from another Kith; delete the file and choose again with "kith models use"`, { cause: error });
	}
}
async function writeSettings(settings) {
	await writeWhole(settingsFile(), new TextEncoder().encode(`${JSON.stringify(settings, null, 2)}\n`));
}
export { chooseModel, hasFacenet, isDetector, modelsInUse };
