import { KithError } from "../contract/errors.js";
import { isAbsolute, join, relative, sep } from "node:path";
import { readdir, realpath, stat } from "node:fs/promises";
// electron/service/walk.ts
var PHOTO = /\.(?:jpe?g|jpe|jfif|png|webp|tiff?|gif|avif|heic|heif|hif)$/i;
/** Whether a file may be a photo, by its name. */
function isPhotoName(name) {
	return PHOTO.test(name) && !name.startsWith(".");
}
/** Thumbnails, bins and system folders that are not marked by a dot: Synology, Windows, Linux. */
var SYSTEM = /* @__PURE__ */ new Set([
	"@eadir",
	"#recycle",
	"$recycle.bin",
	"recycler",
	"system volume information",
	"lost+found"
]);
/** How many files are asked for their size at once. */
var STATS_AT_ONCE = 256;
/**
* The real, absolute path of a folder that can be listed.
*
* @throws KithError folder-missing, folder-is-a-file, folder-unreadable
*/
async function realFolder(folder) {
	try {
		const real = await realpath(folder);
		if (!(await stat(real)).isDirectory()) throw new KithError("folder-is-a-file", folder);
		await readdir(real);
		return real;
	} catch (error) {
		if (error instanceof KithError) throw error;
		const missing = ["ENOENT", "ENOTDIR"].includes(codeOf(error));
		throw new KithError(missing ? "folder-missing" : "folder-unreadable", folder, { cause: error });
	}
}
/**
* Finds the files of a folder that may be photos. The order is the same on each run: by name (by UTF-16 unit),
* and what lies behind links to folders comes last. Hidden, trash and system folders are skipped. Each real
* folder is walked once, however many links lead to it; a link to a folder above is never followed, for it
* would bring in what nobody asked for.
*
* @param root real path, as {@link realFolder} gives it; hidden itself or not, it is walked
* @param onPassedOver is told of subfolders and links that can't be entered
*/
async function* walk(root, onPassedOver = () => {}) {
	const visited = /* @__PURE__ */ new Set();
	const links = [];
	yield* walkReal(root, root);
	for (let link = links.shift(); link !== void 0; link = links.shift()) {
		const { path, from } = link;
		const real = await realpath(path).catch((error) => passOver(path, error));
		if (real === void 0 || isWithin(root, real) || isWithin(from, real)) continue;
		yield* walkReal(path, real);
	}
	/** `shown`: the path by which the walk came; `real`: the same without links. */
	async function* walkReal(shown, real) {
		if (visited.has(real)) return;
		visited.add(real);
		const entries = await readdir(shown, { withFileTypes: true }).catch((error) => passOver(shown, error));
		if (!entries) return;
		entries.sort((a, b) => a.name < b.name ? -1 : 1);
		const found = entries.filter((entry) => !isSkipped(entry.name) && mayMatter(entry));
		for (let at = 0; at < found.length; at += STATS_AT_ONCE) {
			const batch = found.slice(at, at + STATS_AT_ONCE);
			const stats = await Promise.all(batch.map((entry) => statOf(entry, join(shown, entry.name))));
			for (const [i, entry] of batch.entries()) {
				const path = join(shown, entry.name);
				const seen = stats[i];
				if (entry.isDirectory()) yield* walkReal(path, join(real, entry.name));
				else if (seen?.isDirectory()) links.push({
					path,
					from: real
				});
				else if (seen?.isFile() && PHOTO.test(entry.name)) yield {
					path: toShown(path),
					size: Number(seen.size),
					mtimeNs: seen.mtimeNs
				};
			}
		}
	}
	async function statOf(entry, path) {
		if (entry.isDirectory()) return void 0;
		try {
			return await stat(path, { bigint: true });
		} catch (error) {
			return (entry.isSymbolicLink() || entry.name.includes("�")) && PHOTO.test(entry.name) ? passOver(path, error) : void 0;
		}
	}
	function passOver(path, error) {
		const code = codeOf(error);
		const reason = code === "EACCES" || code === "EPERM" ? "no-permission" : code === "ENOENT" ? "vanished" : "unreadable";
		onPassedOver({
			path: toShown(path),
			reason
		});
	}
	function toShown(path) {
		return relative(root, path).split(sep).join("/");
	}
}
/** Folders, links (to either), and files that are named like photos. */
function mayMatter(entry) {
	return entry.isDirectory() || entry.isSymbolicLink() || entry.isFile() && PHOTO.test(entry.name);
}
function isSkipped(name) {
	return name.startsWith(".") || SYSTEM.has(name.toLowerCase());
}
/** Whether `inner` is `outer` or lies below it; both real. */
function isWithin(inner, outer) {
	const way = relative(outer, inner);
	return !(way === ".." || way.startsWith(`..${sep}`) || isAbsolute(way));
}
function codeOf(error) {
	return error instanceof Error && "code" in error ? String(error.code) : "";
}
export { isPhotoName, realFolder, walk };
