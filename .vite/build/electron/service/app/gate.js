// electron/service/app/gate.ts
/** A gate that stands open until somebody closes it; who waits at it goes on when it is opened. */
var Gate = class {
	#open = null;
	#release = () => {};
	get isClosed() {
		return this.#open !== null;
	}
	close() {
		if (this.#open) return;
		({promise: this.#open, resolve: this.#release} = Promise.withResolvers());
	}
	open() {
		this.#release();
		this.#open = null;
	}
	async pass() {
		while (this.#open) await this.#open;
	}
};
export { Gate };
