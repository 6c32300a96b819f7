import { KithError } from "../contract/errors.js";
import { unwritable } from "./files.js";
import { dirname, join } from "node:path";
import { z } from "zod";
import { readFile, readdir, rm, rmdir } from "node:fs/promises";
// electron/export/claim.ts
var MANIFEST = "manifest.json";
/** Relative, without `..`, under at most one folder: what Kith itself writes, and so what Kith may replace. */
var OwnPath = z.string().regex(/^([^/\\]+\/)?[^/\\]+\.jpg$/).refine((path) => !path.startsWith(".."));
var Owned = z.object({
	writtenBy: z.literal("kith"),
	faces: z.array(z.object({ file: OwnPath }))
});
var CROPS = {
	name: MANIFEST,
	own: (json) => Owned.parse(json).faces.map((face) => face.file)
};
/**
* Looks at a folder before anything is written to it. A folder that holds files but no manifest of Kith's is
* refused, so that crops are never strewn among somebody's photos.
* @throws KithError `output-unwritable`
*/
async function claim(folder, manifest = CROPS) {
	const there = await list(folder);
	if (there.length === 0) return {
		own: [],
		foreign: []
	};
	const own = await ownFiles(folder, manifest);
	if (own === null) throw new KithError("output-unwritable", `${folder} (expected an empty folder or one with Kith's ${manifest.name}, found ${there.length === 1 ? "a file" : `${there.length} files`} of somebody else's)`);
	const known = /* @__PURE__ */ new Set([...own, manifest.name]);
	return {
		own,
		foreign: there.filter((path) => !known.has(path))
	};
}
/** Takes away what an earlier run wrote and this one did not, and folders that became empty by it. */
async function sweep(folder, stale) {
	for (const file of stale) {
		await rm(join(folder, file), { force: true });
		if (file.includes("/")) await rmdir(join(folder, dirname(file))).catch(() => void 0);
	}
}
async function list(folder) {
	try {
		return (await readdir(folder, {
			recursive: true,
			withFileTypes: true
		})).filter((entry) => !entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name).slice(join(folder, "/").length).replaceAll("\\", "/"));
	} catch (error) {
		if (error.code === "ENOENT") return [];
		throw unwritable(folder, error);
	}
}
async function ownFiles(folder, { name, own }) {
	try {
		return own(JSON.parse(await readFile(join(folder, name), "utf8")));
	} catch {
		return null;
	}
}
export { MANIFEST, claim, sweep };
