import { eachTile } from "./tiles.js";
// electron/grouping/similarity.ts
/** Dot product of two vectors of the same length; for L2-normalised ones the cosine, −1..1. */
function dot(a, b) {
	let sum = 0;
	for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
	return sum;
}
/** Euclidean distance, 0..2, of two unit vectors with this dot product. */
function distanceOf(similarity) {
	return Math.sqrt(Math.max(0, 2 - 2 * similarity));
}
/** Dot product of two unit vectors at this Euclidean distance (0..2): inverse of {@link distanceOf}. */
function similarityOf(distance) {
	return 1 - distance * distance / 2;
}
/**
* Every pair for which `dot − offset − offset` is at least `bound`: all of `ones` against all of `others`, or where
* both are the same object each pair of its rows once, the lower row first.
*/
function pairsAbove(ones, others, size, bound) {
	let room = 1024;
	let count = 0;
	let a = new Int32Array(room);
	let b = new Int32Array(room);
	const same = ones === others;
	eachTile(ones.vectors, others.vectors, size, (tile, top, rows, left, columns) => {
		for (let r = 0; r < rows; r++) {
			const least = bound + ones.offsets[top + r];
			for (let c = same && top === left ? r + 1 : 0; c < columns; c++) {
				if (tile[r * 64 + c] < least + others.offsets[left + c]) continue;
				if (count === room) {
					room *= 2;
					a = grown(a, room);
					b = grown(b, room);
				}
				a[count] = top + r;
				b[count++] = left + c;
			}
		}
	});
	return {
		a: a.slice(0, count),
		b: b.slice(0, count)
	};
}
/**
* Each row's highest dot products with the rows of a cohort, highest first; −1 where the cohort is too small.
*
* @param cohort m × size, packed row by row
* @param own for each row the place in the cohort that doesn't count for it; −1: all count
* @param count how many are wanted
* @returns n × count, packed
*/
function nearestAmong(vectors, cohort, size, own, count) {
	const best = new Float32Array(vectors.length / size * count).fill(-1);
	const offer = (row, value) => {
		const start = row * count;
		let at = start + count - 1;
		if (value <= best[at]) return;
		for (; at > start && best[at - 1] < value; at--) best[at] = best[at - 1];
		best[at] = value;
	};
	eachTile(vectors, cohort, size, (tile, top, rows, left, columns) => {
		for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) if (own[top + r] !== left + c) offer(top + r, tile[r * 64 + c]);
	});
	return best;
}
function grown(from, room) {
	const into = new Int32Array(room);
	into.set(from);
	return into;
}
export { distanceOf, dot, nearestAmong, pairsAbove, similarityOf };
