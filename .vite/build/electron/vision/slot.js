import { VisionReply } from "../contract/vision.js";
// electron/vision/slot.ts
/** A process that ended, or was ended, before it replied. */
var ProcessLost = class extends Error {
	during;
	code;
	constructor(during, code, detail) {
		super(detail);
		this.name = "ProcessLost";
		this.during = during;
		this.code = code;
	}
};
/** The place of one vision process: starts it when there is work, and a fresh one after each that was lost. */
var Slot = class {
	#options;
	#running = null;
	#earlierPeak = 0;
	#lastId = 0;
	constructor(options) {
		this.#options = options;
	}
	/** The most bytes that this slot's process, or one before it, was seen to hold. */
	get peak() {
		return Math.max(this.#earlierPeak, this.#running?.peak ?? 0);
	}
	/**
	* Asks about one photo. One call at a time.
	* @returns the reply; to the setup, when that is what fails.
	* @throws ProcessLost
	*/
	async ask(question) {
		if (this.#running && this.#running.how !== null) this.#forget();
		this.#running ??= this.#start();
		const running = this.#running;
		if (question.kind !== "hash" && !running.isSetUp) {
			const reply = await this.#exchange(running, {
				kind: "setup",
				id: this.#nextId(),
				setup: this.#options.setup
			});
			if (reply.kind !== "ready") return reply;
			running.isSetUp = true;
		}
		const reply = await this.#exchange(running, {
			...question,
			id: this.#nextId()
		});
		if (reply.memory.rss > this.#options.memoryLimit) await this.stop();
		return reply;
	}
	/** Ends the process, if there is one; the next question starts another. */
	async stop() {
		const running = this.#running;
		this.#forget();
		running?.process.kill();
		await running?.ended;
	}
	#nextId() {
		this.#lastId += 1;
		return this.#lastId;
	}
	#start() {
		const process = this.#options.spawn();
		const ended = new Promise((resolve) => process.onExit(resolve));
		const running = {
			process,
			isSetUp: false,
			peak: 0,
			ended,
			how: null,
			onReply() {},
			onEnd() {}
		};
		process.onReply((reply) => running.onReply(reply));
		ended.then((how) => {
			running.how = how;
			running.onEnd(how);
		});
		return running;
	}
	#forget() {
		this.#earlierPeak = this.peak;
		this.#running = null;
	}
	async #exchange(running, request) {
		const { timeoutMs } = this.#options;
		const { kind } = request;
		let timer;
		try {
			const reply = await new Promise((resolve, reject) => {
				running.onReply = (received) => {
					const { success, data, error } = VisionReply.safeParse(received);
					if (!success) reject(new ProcessLost(kind, "crashed", `no reply of the contract: ${error.message}`));
					else if (data.id === request.id || data.kind === "broken") resolve(data);
				};
				running.onEnd = (how) => reject(new ProcessLost(kind, "crashed", how));
				if (running.how !== null) running.onEnd(running.how);
				timer = setTimeout(() => reject(new ProcessLost(kind, "timed-out", `no reply within ${timeoutMs / 1e3} s`)), timeoutMs);
				running.process.send(request);
			});
			running.peak = Math.max(running.peak, reply.memory.peak);
			return reply;
		} catch (error) {
			await this.stop();
			throw error;
		} finally {
			clearTimeout(timer);
		}
	}
};
export { ProcessLost, Slot };
