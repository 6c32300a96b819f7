import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
// models/hash.ts
function sha256(data) {
	return createHash("sha256").update(data).digest("hex");
}
/** Hashes by path, size and time of last change: a model is read once a process, not once a look-up. */
var known = /* @__PURE__ */ new Map();
/** SHA-256 of a file, hex; null when there is no such file. */
async function sha256OfFile(path) {
	const found = await stat(path, { bigint: true }).catch(absent);
	if (!found?.isFile()) return null;
	const key = `${path}\0${found.size}\0${found.mtimeNs}`;
	const hash = known.get(key) ?? readFile(path).then(sha256);
	known.set(key, hash);
	return hash.catch((error) => {
		known.delete(key);
		return absent(error);
	});
}
function absent(error) {
	const code = error.code;
	if (code === "ENOENT" || code === "ENOTDIR") return null;
	throw error;
}
export { sha256, sha256OfFile };
