import { MANIFEST, claim, sweep } from "./claim.js";
import { writeWhole } from "./files.js";
import { NameBook, safeName } from "./names.js";
import { join, parse } from "node:path";
// electron/export/crops.ts
/** Crops held in memory at once. */
var BATCH = 64;
/**
* Writes `group-001/<photo>-<n>.jpg` …, faces alone in their group under `alone/`, and `manifest.json`.
* With `flat`, all files lie in `folder` itself. Repeating it replaces what it wrote before and nothing else.
* @param load gives small JPEGs, in the order asked for.
* @returns how many files lie there now.
* @throws KithError `output-unwritable`, `disk-full`
*/
async function writeCrops(folder, faces, load, { flat = false } = {}) {
	const before = await claim(folder);
	const written = name(faces, before.foreign, flat);
	const now = new Set(written.map((face) => face.file));
	const stale = before.own.filter((file) => !now.has(file));
	await writeManifest(folder, [...written, ...stale.map((file) => ({ file }))]);
	for (let at = 0; at < written.length; at += BATCH) {
		const batch = written.slice(at, at + BATCH);
		const jpegs = await load(batch);
		for (const [index, face] of batch.entries()) await writeWhole(join(folder, face.file), jpegs[index]);
	}
	await sweep(folder, stale);
	await writeManifest(folder, written);
	return written.length;
}
function name(faces, foreign, flat) {
	const book = new NameBook([...foreign, MANIFEST]);
	const sizes = /* @__PURE__ */ new Map();
	for (const { group } of faces) if (group !== null) sizes.set(group, (sizes.get(group) ?? 0) + 1);
	const counts = /* @__PURE__ */ new Map();
	return faces.map((face) => {
		const number = (counts.get(face.photo) ?? 0) + 1;
		counts.set(face.photo, number);
		const folder = face.folder === void 0 ? folderOf(face.group, sizes) : safeName(face.folder);
		const file = book.take(flat ? "" : folder, parse(face.photo).name, `-${number}.jpg`);
		return {
			...face,
			file
		};
	});
}
function folderOf(group, sizes) {
	if (group === null || sizes.get(group) === 1) return "alone";
	return `group-${String(group).padStart(3, "0")}`;
}
async function writeManifest(folder, faces) {
	const rows = faces.map(({ file, group, id, photo, box, score, quality }) => ({
		file,
		group,
		face: id,
		photo,
		box,
		score,
		quality
	}));
	await writeWhole(join(folder, MANIFEST), `${JSON.stringify({
		writtenBy: "kith",
		version: 1,
		faces: rows
	}, null, 2)}\n`);
}
export { writeCrops };
