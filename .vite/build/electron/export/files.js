import { KithError } from "../contract/errors.js";
import { basename, dirname, join } from "node:path";
import { randomBytes } from "node:crypto";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
// electron/export/files.ts
/**
* Writes a file whole or not at all: first beside its place, then renamed into it.
* @throws KithError `disk-full` or `output-unwritable`, naming the file.
*/
async function writeWhole(path, bytes) {
	const draft = join(dirname(path), `.${randomBytes(6).toString("hex")}.kith-draft`);
	try {
		await mkdir(dirname(path), { recursive: true });
		await writeFile(draft, bytes);
		await rename(draft, path);
	} catch (error) {
		await rm(draft, { force: true }).catch(() => void 0);
		throw unwritable(path, error);
	}
}
/** What a failed write means to a person. */
function unwritable(path, error) {
	if (error instanceof KithError) return error;
	const code = error.code ?? "";
	if (code === "ENOSPC" || code === "EDQUOT") return new KithError("disk-full", path, { cause: error });
	const reason = {
		EACCES: "no permission",
		EPERM: "no permission",
		EROFS: "the disk is read-only",
		ENOTDIR: "a part of this path is a file",
		EEXIST: "a part of this path is a file",
		EISDIR: `${basename(path)} is a folder`,
		ENAMETOOLONG: "the name is too long"
	};
	return new KithError("output-unwritable", `${path} (${reason[code] ?? String(error)})`, { cause: error });
}
export { unwritable, writeWhole };
