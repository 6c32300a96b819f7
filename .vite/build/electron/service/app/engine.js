import { modelsInUse } from "../../../models/choice.js";
import { openStore } from "../../../models/store.js";
import { openLibrary } from "../../library/open.js";
import { startPool } from "../../vision/pool.js";
import { availableParallelism } from "node:os";
// electron/service/app/engine.ts
/** Longest side, in pixels, to which photos are decoded. */
var MAX_SIDE = 1600;
/** What all requests share: the record, the models in use, the vision processes, and those who listen. */
var Engine = class Engine {
	store = openStore();
	poolSize;
	#options;
	#listeners = /* @__PURE__ */ new Set();
	#library;
	#by;
	#pool = null;
	constructor(options, by) {
		this.#options = options;
		this.#by = by;
		this.poolSize = options.poolSize ?? availableParallelism();
		this.#library = openLibrary(options.libraryFile);
	}
	/** @throws KithError the errors of opening a library, and of reading the person's choice of models */
	static async start(options) {
		return new Engine(options, await modelsInUse(options));
	}
	get library() {
		return this.#library;
	}
	/** Detector and encoder for what is scanned from now on. */
	get by() {
		return this.#by;
	}
	/** The vision processes, started when first needed. */
	pool() {
		const { size, spawn } = {
			size: this.poolSize,
			spawn: this.#options.spawn
		};
		const setup = {
			...this.#by,
			models: [...this.store.folders],
			maxSide: MAX_SIDE
		};
		this.#pool ??= startPool(setup, {
			size,
			...spawn ? { spawn } : {}
		});
		return this.#pool;
	}
	/** Takes over another choice of models. Photos in flight of the former ones fail as cancelled. */
	async changeModels() {
		const by = await modelsInUse(this.#options);
		if (by.detector === this.#by.detector && by.encoder === this.#by.encoder) return;
		this.#by = by;
		await this.#pool?.close();
		this.#pool = null;
	}
	/** Closes the record, lets `work` do what it likes to the file, and opens it again whatever comes of it. */
	async withoutLibrary(work) {
		this.#library.close();
		try {
			return await work(this.#options.libraryFile);
		} finally {
			this.#library = openLibrary(this.#options.libraryFile);
		}
	}
	tell(event) {
		for (const listener of this.#listeners) listener(event);
	}
	on(listener) {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}
	async close() {
		await this.#pool?.close();
		this.#library.close();
	}
};
export { Engine };
