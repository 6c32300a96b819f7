import { Heap } from "./heap.js";
// electron/grouping/agglomerate.ts
/**
* Average-linkage clustering (UPGMA, Sokal & Michener 1958) under constraints, exact and without a matrix: the
* average dot product of two groups is the dot product of their sums over the product of their sizes, and an
* average reaches the bound only where some single pair does, so those pairs are the only ones ever looked at. Best
* merge first; a forbidden merge is passed over. Ties go to the lower rows.
*
* @param rows the first rows of `groups`, alone or in groups that are there already; later ones are left alone
* @param edges every pair of `rows` that reaches the bound; others among them do no harm
* @param bound least average of `dot − offset − offset` between two groups for them to be merged
*/
function agglomerate(rows, edges, size, bound, groups) {
	const n = rows.offsets.length;
	const sums = new Float64Array(n * size);
	const taken = new Float64Array(n);
	const count = new Int32Array(n);
	for (let row = 0; row < n; row++) {
		const owner = groups.owner[row];
		for (let i = 0; i < size; i++) sums[owner * size + i] += rows.vectors[row * size + i];
		taken[owner] += rows.offsets[row];
		count[owner]++;
	}
	const age = new Int32Array(n);
	const neighbours = Array.from({ length: n }, () => /* @__PURE__ */ new Set());
	const heap = new Heap();
	const linkage = (a, b) => {
		let dot = 0;
		for (let i = 0, p = a * size, q = b * size; i < size; i++) dot += sums[p + i] * sums[q + i];
		return dot / (count[a] * count[b]) - taken[a] / count[a] - taken[b] / count[b];
	};
	const offer = (one, other) => {
		const [a, b] = one < other ? [one, other] : [other, one];
		const score = linkage(a, b);
		if (score >= bound) heap.push({
			score,
			a,
			b,
			ageA: age[a],
			ageB: age[b]
		});
	};
	const absorb = (a, b) => {
		groups.join(a, b);
		for (let i = 0; i < size; i++) sums[a * size + i] += sums[b * size + i];
		taken[a] += taken[b];
		count[a] += count[b];
		age[a]++;
		age[b] = -1;
		for (const other of neighbours[b]) {
			neighbours[other].delete(b);
			neighbours[other].add(a);
			neighbours[a].add(other);
		}
		neighbours[b].clear();
	};
	for (let i = 0; i < edges.a.length; i++) {
		const [a, b] = [groups.owner[edges.a[i]], groups.owner[edges.b[i]]];
		if (a === b || neighbours[a].has(b)) continue;
		if (linkage(a, b) < bound || groups.forbids(a, b)) continue;
		neighbours[a].add(b);
		neighbours[b].add(a);
		offer(a, b);
	}
	for (let next = heap.pop(); next; next = heap.pop()) {
		const { a, b } = next;
		if (age[a] !== next.ageA || age[b] !== next.ageB) continue;
		neighbours[a].delete(b);
		neighbours[b].delete(a);
		if (groups.forbids(a, b)) continue;
		absorb(a, b);
		for (const other of neighbours[a]) offer(a, other);
	}
}
export { agglomerate };
