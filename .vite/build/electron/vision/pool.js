import { catalog } from "../../models/catalog.js";
import { KithError, UnreadablePhoto } from "../contract/errors.js";
import { ProcessLost, Slot } from "./slot.js";
import { forkOf } from "./vision-process.js";
import { availableParallelism } from "node:os";
// electron/vision/pool.ts
/** A photo that loses its process gets a fresh one once. */
var maxTries = 2;
/** Processes that end this often in a row, through no photo's doing, will not come up at all. */
var maxLossesInARow = 3;
/** Processes are started when there is work for them. */
function startPool(setup, options = {}) {
	return new Pool(setup, options);
}
var Pool = class {
	size;
	#slots;
	#idle;
	#waiting = [];
	#running = /* @__PURE__ */ new Set();
	#lossesInARow = {
		analyse: 0,
		hash: 0,
		embed: 0,
		"embed-crops": 0,
		draw: 0,
		show: 0
	};
	/** Why no more work is taken. */
	#end = null;
	constructor(setup, options) {
		const { size = availableParallelism(), memoryLimitMiB = usualLimit(setup), timeoutMs = 12e4, spawn = forkOf(new URL("./worker.js", import.meta.url)) } = options;
		this.size = size;
		const slot = {
			spawn,
			setup,
			memoryLimit: memoryLimitMiB * 1024 ** 2,
			timeoutMs
		};
		this.#slots = Array.from({ length: size }, () => new Slot(slot));
		this.#idle = this.#slots.toReversed();
	}
	async analyse(path, { signal, chips } = {}) {
		const reply = await this.#ask({
			kind: "analyse",
			path,
			chips
		}, signal);
		if (reply.kind !== "analysis") throw unexpected("analysis", reply);
		return reply.analysis;
	}
	async hash(path, { signal } = {}) {
		const reply = await this.#ask({
			kind: "hash",
			path
		}, signal);
		if (reply.kind !== "hash") throw unexpected("hash", reply);
		return {
			hash: reply.hash,
			bytes: reply.bytes
		};
	}
	async embed(photo, { signal } = {}) {
		return embeddingsOf(await this.#ask({
			kind: "embed",
			...photo
		}, signal), photo.faces.length);
	}
	async embedCrops(photo, { signal } = {}) {
		return embeddingsOf(await this.#ask({
			kind: "embed-crops",
			...photo
		}, signal), photo.faces.length);
	}
	async draw(photo) {
		const reply = await this.#ask({
			kind: "draw",
			...photo
		}, void 0, true);
		if (reply.kind !== "face") throw unexpected("face", reply);
		return reply.face;
	}
	async show(photo, { signal } = {}) {
		const reply = await this.#ask({
			kind: "show",
			...photo
		}, signal, true);
		if (reply.kind !== "picture") throw unexpected("picture", reply);
		return reply.jpeg;
	}
	async memory() {
		return this.#slots.reduce((sum, slot) => sum + slot.peak, 0);
	}
	async close() {
		this.#giveUp(new KithError("cancelled", "The vision processes were closed"));
		await Promise.all(this.#slots.map((slot) => slot.stop()));
	}
	#ask(question, signal, first = false) {
		return new Promise((resolve, reject) => {
			if (this.#end) return reject(this.#end);
			if (signal?.aborted) return reject(signal.reason);
			const settle = () => {
				job.isSettled = true;
				signal?.removeEventListener("abort", abort);
			};
			const job = {
				question,
				lost: 0,
				isSettled: false,
				resolve(reply) {
					settle();
					resolve(reply);
				},
				reject(error) {
					settle();
					reject(error);
				}
			};
			const abort = () => job.reject(signal?.reason);
			signal?.addEventListener("abort", abort);
			if (first) this.#waiting.unshift(job);
			else this.#waiting.push(job);
			this.#next();
		});
	}
	#next() {
		while (this.#idle.length > 0) {
			const job = this.#waiting.shift();
			if (!job) return;
			if (!job.isSettled) this.#run(this.#idle.pop(), job);
		}
	}
	async #run(slot, job) {
		this.#running.add(job);
		try {
			this.#settle(job, await slot.ask(job.question));
		} catch (error) {
			this.#mourn(job, error);
		}
		this.#running.delete(job);
		this.#idle.push(slot);
		this.#next();
	}
	#settle(job, reply) {
		this.#lossesInARow[job.question.kind] = 0;
		if (reply.kind === "broken") this.#giveUp(new KithError(reply.code, reply.detail));
		else if (reply.kind === "unreadable") job.reject(new UnreadablePhoto(reply.code, reply.detail));
		else job.resolve(reply);
	}
	/** Setting up runs no photo, and hashing can't be crashed by one: those losses are Kith's own. */
	#mourn(job, error) {
		if (!(error instanceof ProcessLost)) {
			job.reject(error);
			return;
		}
		if (error.during === "setup" || error.during === "hash" && error.code === "crashed") {
			this.#lossesInARow[job.question.kind] += 1;
			if (this.#lossesInARow[job.question.kind] >= maxLossesInARow) this.#giveUp(new KithError("vision-broken", `A vision process did not come up: ${error.message}`));
		} else job.lost += 1;
		if (job.isSettled) return;
		if (job.lost < maxTries) this.#waiting.unshift(job);
		else job.reject(new UnreadablePhoto(error.code, `${job.question.path}: ${error.message}`));
	}
	#giveUp(reason) {
		this.#end ??= reason;
		for (const job of [...this.#running, ...this.#waiting.splice(0)]) job.reject(this.#end);
	}
};
/**
* Enough for photos of 24 MP, in MiB, so that only a process that grows is replaced. ONNX Runtime holds about three
* times the file of a network: measured after six photos, 408 with dlib (21 MiB) and 608 with FaceNet (90 MiB). With
* less, FaceNet would be loaded again for every photo.
*/
function usualLimit({ encoder }) {
	return Math.max(500, 400 + 3 * catalog[encoder].bytes / 1024 ** 2);
}
function embeddingsOf(reply, count) {
	if (reply.kind !== "embeddings" || reply.embeddings.length !== count) throw unexpected(`${count} embeddings`, reply);
	return reply.embeddings;
}
function unexpected(expected, reply) {
	return new KithError("vision-broken", `Expected ${expected} but received ${reply.kind}`);
}
export { startPool };
