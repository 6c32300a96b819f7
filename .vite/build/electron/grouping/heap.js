// electron/grouping/heap.ts
/** Highest score first; among equals the lower slots first, so that the order never depends on insertion. */
function before(x, y) {
	if (x.score !== y.score) return x.score > y.score;
	return x.a !== y.a ? x.a < y.a : x.b < y.b;
}
/** Binary heap of merge candidates. */
var Heap = class {
	#items = [];
	get size() {
		return this.#items.length;
	}
	push(item) {
		const items = this.#items;
		let at = items.push(item) - 1;
		while (at > 0) {
			const parent = at - 1 >> 1;
			if (!before(item, items[parent])) break;
			items[at] = items[parent];
			at = parent;
		}
		items[at] = item;
	}
	pop() {
		const items = this.#items;
		const top = items[0];
		const last = items.pop();
		if (!last || items.length === 0) return top;
		let at = 0;
		for (;;) {
			let child = 2 * at + 1;
			if (child >= items.length) break;
			if (child + 1 < items.length && before(items[child + 1], items[child])) child++;
			if (!before(items[child], last)) break;
			items[at] = items[child];
			at = child;
		}
		items[at] = last;
		return top;
	}
};
export { Heap };
