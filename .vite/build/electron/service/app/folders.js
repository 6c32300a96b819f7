import { KithError } from "../../contract/errors.js";
import { isPhotoName, realFolder } from "../walk.js";
import { isWithin } from "../within.js";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { copyFile, mkdir, readdir, stat, utimes } from "node:fs/promises";
import { homedir } from "node:os";
import envPaths from "env-paths";
// electron/service/app/folders.ts
/** How deep below the home folder a dropped folder is sought, and in how many folders at most. */
var SEARCH = {
	depth: 6,
	folders: 2e4
};
/** Where people keep photos besides their home: drives that were plugged in. */
var MOUNTS = [
	"/media",
	"/mnt",
	"/run/media",
	"/Volumes"
];
/** The photos of three to five people each that @vladmandic/face-api shows its own work on (MIT). */
var SAMPLES = [
	1,
	2,
	3,
	4,
	5,
	6
].map((number) => `sample${number}.jpg`);
/** Requests about places on the disk. Looking around is limited to the home folder and mounted drives. */
var folderPlaces = {
	"folders.browse": async ({ path }) => {
		const places = await placesToBegin();
		if (path === null) return {
			path: null,
			parent: null,
			entries: await Promise.all(places.map((place) => entryOf(place, place)))
		};
		const real = await realFolder(path);
		if (!places.some((place) => isWithin(place, real))) throw new KithError("folder-unreadable", `${path}: Kith looks around in your home folder and on drives only`);
		const folders = await subfolders(real);
		const parent = dirname(real);
		return {
			path: real,
			parent: places.some((place) => isWithin(place, parent)) ? parent : null,
			entries: await Promise.all(folders.map((name) => entryOf(name, join(real, name))))
		};
	},
	"folders.find": async ({ name, files }) => {
		const found = [];
		let left = SEARCH.folders;
		let level = await placesToBegin();
		for (let depth = 0; depth < SEARCH.depth && level.length > 0 && found.length === 0; depth++) {
			const next = [];
			for (const folder of level) {
				if (left-- <= 0) break;
				for (const child of await subfolders(folder)) {
					const path = join(folder, child);
					next.push(path);
					if (child === name && await holds(path, files)) found.push(path);
				}
			}
			level = next;
		}
		return found;
	},
	"folders.sample": async () => {
		const from = fileURLToPath(new URL("demo/", import.meta.resolve("@vladmandic/face-api/package.json")));
		const path = join(envPaths("kith", { suffix: "" }).data, "demo", "photos");
		await mkdir(path, { recursive: true });
		for (const name of SAMPLES) await copyOnce(join(from, name), join(path, name));
		return { path };
	}
};
async function placesToBegin() {
	const mounted = await Promise.all(MOUNTS.map(async (mount) => (await subfolders(mount)).map((name) => join(mount, name))));
	return [homedir(), ...mounted.flat()];
}
/** Folders in a folder that people would look into, by name; none where it can't be read. */
async function subfolders(path) {
	return (await readdir(path, { withFileTypes: true }).catch(() => [])).filter((entry) => entry.isDirectory() && !entry.name.startsWith(".") && entry.name !== "node_modules").map(({ name }) => name).toSorted((a, b) => a.localeCompare(b));
}
async function entryOf(name, path) {
	return {
		name,
		path,
		photos: (await readdir(path).catch(() => [])).filter(isPhotoName).length
	};
}
/** Whether a folder holds every one of these files: paths within it, and sizes in bytes. */
async function holds(path, files) {
	for (const { name, size } of files) {
		const file = join(path, name);
		if ((isWithin(path, file) ? await stat(file).catch(() => null) : null)?.size !== size) return false;
	}
	return true;
}
async function copyOnce(from, to) {
	const { size, atime, mtime } = await stat(from);
	if ((await stat(to).catch(() => null))?.size === size) return;
	await copyFile(from, to);
	await utimes(to, atime, mtime);
}
export { folderPlaces };
