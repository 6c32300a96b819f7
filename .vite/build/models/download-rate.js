// models/download-rate.ts
/** Milliseconds that the rate looks back, those that it needs to mean anything, and those between two reports. */
var window = 5e3;
var least = 250;
var interval = 100;
/** Turns bytes as they come into reports, ten a second at most. */
var RateMeter = class {
	#report;
	#samples = [];
	#reported = Number.NEGATIVE_INFINITY;
	constructor(report) {
		this.#report = report;
	}
	/** Begins to count at `done`: what was there before did not come at any rate. */
	start(done) {
		this.#samples = [{
			at: performance.now(),
			done
		}];
	}
	/** @param last reported whatever the time */
	show(done, total, last = false) {
		const at = performance.now();
		if (!last && at - this.#reported < interval) return;
		this.#reported = at;
		this.#samples.push({
			at,
			done
		});
		while (this.#samples.length > 2 && at - this.#samples[1].at > window) this.#samples.shift();
		const [oldest] = this.#samples;
		const span = at - oldest.at;
		const rate = span >= least || last ? (done - oldest.done) / Math.max(span, 1) * 1e3 : 0;
		const remaining = total !== null && rate > 0 ? (total - done) / rate : null;
		this.#report({
			done,
			total,
			rate,
			remaining
		});
	}
};
export { RateMeter };
