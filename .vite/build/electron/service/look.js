import { UnreadablePhoto } from "../contract/errors.js";
import { join } from "node:path";
// electron/service/look.ts
/**
* Opens files, each content once. Where a file has as many bytes as a photo of the record, or as another file of
* this scan, it is hashed first, for reading costs a hundredth of analysing.
*/
var Look = class {
	#options;
	/** Sizes in bytes that more than one file of this scan has. */
	#shared = /* @__PURE__ */ new Set();
	/** Contents that are being analysed, or were, and may not be in the record yet. */
	#twins = /* @__PURE__ */ new Map();
	#running = /* @__PURE__ */ new Set();
	constructor(options) {
		this.#options = options;
		const once = /* @__PURE__ */ new Set();
		for (const { size } of options.open) {
			if (once.has(size)) this.#shared.add(size);
			once.add(size);
		}
	}
	/** @throws what the pool throws, but for a file that gives no photo, which is a finding */
	at(file) {
		const look = this.#open(file).catch((error) => {
			if (error instanceof UnreadablePhoto) return error;
			throw error;
		});
		const running = look.then(() => this.#running.delete(running), () => this.#running.delete(running));
		this.#running.add(running);
		return look;
	}
	/** Lets go of an analysis: it is in the record now, and found there. */
	forget(hash) {
		this.#twins.delete(hash);
	}
	/** Resolves when nothing is in flight. */
	async settled() {
		await Promise.all(this.#running);
	}
	async #open(file) {
		const { library, pool, setup, root, signal } = this.#options;
		const path = join(root, file.path);
		if (file.size === 0 || !(this.#shared.has(file.size) || library.photos.hasSize(file.size))) return pool().analyse(path, { signal });
		const { hash } = await pool().hash(path, { signal });
		signal.throwIfAborted();
		const photo = library.photos.analysed(hash, setup.detector);
		if (photo !== null) return { photo };
		const twin = await this.#twins.get(hash)?.catch(() => void 0);
		if (twin) return twin;
		const analysis = pool().analyse(path, { signal });
		this.#twins.set(hash, analysis);
		return analysis;
	}
};
export { Look };
