// electron/grouping/groups.ts
/**
* Who is with whom so far, and who may never be: two faces of one photo, and pairs known to be two people. A group
* goes by the row that it began with. Whatever is forbidden to two groups stays so when they grow.
*/
var Groups = class {
	/** Group of each row. */
	owner;
	#photo;
	#members;
	#photos;
	/** By row that a group goes by: whether that group was there before, and may only grow. */
	#fixed;
	/** By row: the rows that it must not be with. */
	#enemies = /* @__PURE__ */ new Map();
	/**
	* Every row for itself, but for those of groups that are there already.
	*
	* @param seed group that each row is in already, 0: none; two of these never become one
	*/
	constructor(photo, cannotLink, seed = []) {
		const rows = Array.from({ length: photo.length }, (_, row) => row);
		this.owner = Int32Array.from(rows);
		this.#photo = photo;
		this.#members = rows.map((row) => [row]);
		this.#photos = rows.map((row) => /* @__PURE__ */ new Set([photo[row]]));
		for (const [a, b] of cannotLink) {
			this.#enemies.set(a, [...this.#enemies.get(a) ?? [], b]);
			this.#enemies.set(b, [...this.#enemies.get(b) ?? [], a]);
		}
		this.#fixed = new Uint8Array(photo.length);
		const first = /* @__PURE__ */ new Map();
		for (let row = 0; row < seed.length; row++) {
			const group = seed[row];
			if (group === 0) continue;
			const owner = first.get(group);
			if (owner !== void 0) this.join(owner, row);
			else {
				first.set(group, row);
				this.#fixed[row] = 1;
			}
		}
	}
	/** Whether the group that goes by this row was there before. */
	isFixed(owner) {
		return this.#fixed[owner] === 1;
	}
	forbids(a, b) {
		if (this.isFixed(a) && this.isFixed(b)) return true;
		const [few, many] = this.#members[a].length < this.#members[b].length ? [a, b] : [b, a];
		return this.#members[few].some((row) => this.#photos[many].has(this.#photo[row]) || this.#enemies.get(row)?.some((enemy) => this.owner[enemy] === many));
	}
	/** All of `b` goes over to `a`. */
	join(a, b) {
		if (this.isFixed(b)) this.#fixed[a] = 1;
		for (const row of this.#members[b]) {
			this.owner[row] = a;
			this.#members[a].push(row);
			this.#photos[a].add(this.#photo[row]);
		}
		this.#members[b] = [];
		this.#photos[b].clear();
	}
};
export { Groups };
