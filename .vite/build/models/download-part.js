import { inWords } from "./files.js";
import { dirname } from "node:path";
import { z } from "zod";
import { mkdir, open, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { constants } from "node:fs";
// models/download-part.ts
/** What lies beside the part: from where it is, and how its server tells that file from a later one. */
var PartNote = z.object({
	address: z.string(),
	validator: z.string().nullable()
});
/** Files of a download that is not done: they stay when it is cut off, so that the next one goes on from there. */
var partPaths = (target) => ({
	part: `${target}.part`,
	note: `${target}.part.json`
});
/** What has come so far of a download. All failures are `KithError`s: `disk-full` or `output-unwritable`. */
var PartFile = class PartFile {
	/** Bytes that are there. */
	done;
	/** The server's name for this edition of the file, as `If-Range` takes it; null where it gave none. */
	validator;
	path;
	#note;
	#address;
	#file;
	constructor(target, address, file, done, note) {
		({part: this.path, note: this.#note} = partPaths(target));
		this.#address = address;
		this.#file = file;
		this.done = done;
		this.validator = note?.validator ?? null;
	}
	/** Opens what an earlier download of the same address left, or begins anew. */
	static async open(target, address) {
		const paths = partPaths(target);
		return named(paths.part, async () => {
			await mkdir(dirname(target), { recursive: true });
			const note = await readNote(paths.note);
			const file = await open(paths.part, constants.O_RDWR | constants.O_CREAT);
			const { size } = await file.stat();
			const part = new PartFile(target, address, file, size, note);
			if (note?.address !== address) await part.restart(null);
			return part;
		});
	}
	/** Throws away what has come, since it is of another edition than what comes now. */
	restart(validator) {
		return named(this.path, async () => {
			if (this.done > 0) await this.#file.truncate(0);
			this.done = 0;
			this.validator = validator;
			await writeFile(this.#note, JSON.stringify({
				address: this.#address,
				validator
			}));
		});
	}
	/** Written at its place rather than at the end: two downloads of one file at once do each other no harm. */
	append(chunk) {
		return named(this.path, async () => {
			for (let from = 0; from < chunk.length;) {
				const { bytesWritten } = await this.#file.write(chunk, from, chunk.length - from, this.done);
				from += bytesWritten;
				this.done += bytesWritten;
			}
		});
	}
	/** Makes the part the file itself. */
	finish(target) {
		return named(target, async () => {
			await this.#file.sync();
			await this.#file.close();
			try {
				await rename(this.path, target);
			} catch (error) {
				if ((await stat(target).catch(() => null))?.size !== this.done) throw error;
			}
			await rm(this.#note, { force: true });
		});
	}
	/** Keeps what has come for another time, or takes the empty files away. */
	async close() {
		await this.#file.close();
		if (this.done === 0) await this.#remove();
	}
	async discard() {
		await this.#file.close();
		await this.#remove();
	}
	async #remove() {
		await rm(this.path, { force: true }).catch(() => {});
		await rm(this.#note, { force: true }).catch(() => {});
	}
};
async function readNote(path) {
	try {
		return PartNote.parse(JSON.parse(await readFile(path, "utf8")));
	} catch {
		return null;
	}
}
async function named(path, work) {
	try {
		return await work();
	} catch (error) {
		throw inWords(error, path);
	}
}
export { PartFile, partPaths };
