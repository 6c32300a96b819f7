// electron/export/names.ts
/** Longest stem in UTF-8 bytes; leaves room for a number and an extension under the 255 of most file systems. */
var LONGEST = 160;
/** Names that Windows keeps for devices, with or without an extension. */
var DEVICE = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)/i;
/**
* A file name that every system accepts, made of any name: letters and digits of all scripts stay, everything
* else that some file system, shell or archive trips over (quotes, newlines, emoji, separators) becomes `_`.
*/
function safeName(name) {
	const plain = name.normalize("NFC").replace(/[^\p{L}\p{M}\p{N} ._()+-]/gu, "_").replace(/^[ .-]+|[ .]+$/g, "_");
	let short = "";
	for (const letter of plain) {
		if (Buffer.byteLength(short + letter) > LONGEST) break;
		short += letter;
	}
	if (short === "") return "_";
	return DEVICE.test(short) ? `_${short}` : short;
}
/** Hands out names in one folder tree so that no two are the same, on file systems that ignore case too. */
var NameBook = class {
	#taken;
	/** @param taken relative paths that are somebody else's, with `/` between the parts. */
	constructor(taken = []) {
		this.#taken = new Set([...taken].map(fold));
	}
	/** `folder/stem` + `end`, or `folder/stem_2` + `end` and so on where that is taken. */
	take(folder, stem, end) {
		const start = folder === "" ? "" : `${folder}/`;
		for (let round = 1;; round += 1) {
			const path = `${start}${safeName(stem)}${round === 1 ? "" : `_${round}`}${end}`;
			if (this.#taken.has(fold(path))) continue;
			this.#taken.add(fold(path));
			return path;
		}
	}
};
function fold(path) {
	return path.normalize("NFC").toLowerCase();
}
export { NameBook, safeName };
