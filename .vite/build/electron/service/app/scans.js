import { KithError } from "../../contract/errors.js";
import { reembed } from "../reembed.js";
import { scan } from "../scan.js";
import { realFolder } from "../walk.js";
import { Gate } from "./gate.js";
// electron/service/app/scans.ts
/** How often progress is told, in milliseconds, at most. */
var TELL_EVERY = 200;
var NOTHING_YET = {
	done: 0,
	total: 0,
	rate: 0,
	remaining: null,
	path: null,
	faces: 0
};
/** The one scan that may run at a time. It goes on in the background; everybody is told how far it is. */
var Scans = class {
	#engine;
	#after;
	#gate = new Gate();
	#state = null;
	#stop = new AbortController();
	#running = Promise.resolve();
	#told = 0;
	constructor(engine, after) {
		this.#engine = engine;
		this.#after = after;
	}
	/** The scan that runs, or the last one; null where there was none since the start. */
	get state() {
		return this.#state;
	}
	get isRunning() {
		return this.#state !== null && ![
			"done",
			"cancelled",
			"failed"
		].includes(this.#state.phase);
	}
	/** @throws KithError bad-request while another scan runs; folder-missing, folder-is-a-file, folder-unreadable */
	async start(path) {
		if (this.isRunning) throw new KithError("bad-request", `Kith is still busy with ${this.#state.path}; cancel that first`);
		const folder = await realFolder(path);
		this.#gate.open();
		this.#stop = new AbortController();
		const state = {
			path: folder,
			phase: "scanning",
			progress: NOTHING_YET,
			failure: null
		};
		this.#tell(state);
		this.#running = this.#run(folder, this.#stop.signal);
		return state;
	}
	pause() {
		if (!this.isRunning || this.#gate.isClosed) return;
		this.#gate.close();
		this.#tell({
			...this.#state,
			phase: "paused"
		});
	}
	resume() {
		if (!this.#gate.isClosed) return;
		this.#gate.open();
		if (this.isRunning) this.#tell({
			...this.#state,
			phase: "scanning"
		});
	}
	/** Ends the scan after the photos in hand. What was found stays. */
	async cancel() {
		this.#stop.abort();
		this.#gate.open();
		await this.#running;
	}
	async #run(folder, signal) {
		const engine = this.#engine;
		const { library, by, poolSize } = engine;
		const work = {
			library,
			poolSize,
			signal,
			pool: () => engine.pool()
		};
		const onProgress = (progress) => this.#progress(progress);
		try {
			const outcome = await scan({
				...work,
				folder,
				setup: by,
				onProgress,
				gate: () => this.#gate.pass(),
				onPhoto: (photo) => this.#found(photo)
			});
			this.#phase("embedding");
			await reembed({
				...work,
				encoder: by.encoder,
				folder: outcome.folder,
				onProgress
			});
			this.#phase("grouping");
			await this.#after.group(signal);
			this.#phase("matching");
			await this.#after.match();
			this.#phase("done");
		} catch (error) {
			if (signal.aborted) this.#phase("cancelled");
			else this.#tell({
				...this.#state,
				phase: "failed",
				failure: failureOf(error)
			});
		}
		engine.tell({
			kind: "changed",
			what: [
				"folders",
				"photos",
				"faces",
				"groups",
				"people"
			]
		});
	}
	#found(photo) {
		const faces = this.#engine.library.faces.ofPhoto(photo).map(({ id }) => id);
		if (faces.length > 0) this.#engine.tell({
			kind: "found",
			faces
		});
	}
	#phase(phase) {
		this.#tell({
			...this.#state,
			phase
		});
	}
	#progress(progress) {
		const now = performance.now();
		const state = {
			...this.#state,
			progress
		};
		if (now - this.#told < TELL_EVERY && progress.done < progress.total) {
			this.#state = state;
			return;
		}
		this.#told = now;
		this.#tell(state);
	}
	#tell(state) {
		this.#state = state;
		this.#engine.tell({
			kind: "scan",
			state
		});
	}
};
function failureOf(error) {
	if (error instanceof KithError) return {
		code: error.code,
		detail: error.detail
	};
	return {
		code: "internal",
		detail: error instanceof Error ? error.stack ?? error.message : String(error)
	};
}
export { Scans };
