import { dirname, resolve } from "node:path";
import { statSync } from "node:fs";
// electron/shell/opened.ts
/**
* The folder that a start of Kith is about, as the person who stands in `standing` meant it; null where none was named.
* @param argv the command line. In development its first word is the app's own folder.
*/
function folderOf(argv, standing, isPackaged) {
	const folder = argv.slice(1).filter((word) => !word.startsWith("-"))[isPackaged ? 0 : 1];
	return folder === void 0 ? null : folderAt(resolve(standing, folder));
}
/** What is dropped on the icon may be a photo: then it is the folder that the photo is in. */
function folderAt(path) {
	return statSync(path, { throwIfNoEntry: false })?.isFile() ? dirname(path) : path;
}
export { folderAt, folderOf };
