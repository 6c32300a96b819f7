import { relative, resolve, sep } from "node:path";
// electron/service/within.ts
/** Whether a path is a folder or lies in it; both as they really are, without links. */
function isWithin(folder, path) {
	const way = relative(resolve(folder), resolve(path));
	return way === "" || !(way === ".." || way.startsWith(`..${sep}`) || resolve(way) === way);
}
export { isWithin };
