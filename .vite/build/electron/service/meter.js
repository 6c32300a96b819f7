// electron/service/meter.ts
/** Counts what a scan has done and says how long the rest will take. */
var Meter = class {
	#total;
	#unchanged;
	#start;
	#now;
	#counted = 0;
	#faces = 0;
	#path = null;
	/** @param now milliseconds of a clock that never goes back */
	constructor(total, unchanged, now = () => performance.now()) {
		this.#total = total;
		this.#unchanged = unchanged;
		this.#now = now;
		this.#start = now();
	}
	/** Counts one file and the faces that it added. */
	count(path, faces) {
		this.#counted += 1;
		this.#faces += faces;
		this.#path = path;
	}
	report() {
		const seconds = Math.max((this.#now() - this.#start) / 1e3, .001);
		const done = this.#unchanged + this.#counted;
		const rate = this.#counted / seconds;
		const left = this.#total - done;
		return {
			done,
			total: this.#total,
			rate,
			remaining: left === 0 ? 0 : rate > 0 ? left / rate : null,
			path: this.#path,
			faces: this.#faces
		};
	}
};
export { Meter };
