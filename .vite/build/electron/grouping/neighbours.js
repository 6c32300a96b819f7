import { cohortOf, crowding } from "./crowding.js";
import { plainProduct } from "./product.js";
/** Rows that are multiplied at once: 4 MB of products, and enough work to be worth handing over. */
var BLOCK = 1024;
/**
* Finds out how crowded it is around each face, and which other faces are nearest to it: every pair is looked at, a
* block of rows at a time.
*
* @param product multiplies the blocks; in plain TypeScript when left out, which is right for some thousand faces
*/
async function surroundings(faces, { founder }, product = plainProduct) {
	const offsets = offsetsOf(faces, founder);
	const { vectors, size, photo } = faces;
	const n = photo.length;
	const nearest = new Int32Array(n * 10).fill(-1);
	const similarities = new Float32Array(n * 10).fill(-2);
	const offer = (row, other, value) => {
		const start = row * 10;
		let at = start + 10 - 1;
		for (; at > start && similarities[at - 1] < value; at--) {
			similarities[at] = similarities[at - 1];
			nearest[at] = nearest[at - 1];
		}
		similarities[at] = value;
		nearest[at] = other;
	};
	const block = (from) => vectors.subarray(from * size, Math.min(from + BLOCK, n) * size);
	for (let top = 0; top < n; top += BLOCK) for (let left = top; left < n; left += BLOCK) {
		const columns = Math.min(BLOCK, n - left);
		const dots = await product(block(top), block(left), size);
		for (let a = top; a < Math.min(top + BLOCK, n); a++) {
			const least = a * 10 + 10 - 1;
			const line = (a - top) * columns - left;
			for (let b = left === top ? a + 1 : left; b < left + columns; b++) {
				const value = dots[line + b] - offsets[a] - offsets[b];
				const forA = value > similarities[least];
				const forB = value > similarities[b * 10 + 10 - 1];
				if (!forA && !forB || photo[a] === photo[b]) continue;
				if (forA) offer(a, b, value);
				if (forB) offer(b, a, value);
			}
		}
	}
	return {
		offsets,
		nearest,
		similarities
	};
}
/** Crowding of each face against the groups that there are, as the difference from the mean of all. */
function offsetsOf({ vectors, size, group, quality }, founder) {
	const n = group.length;
	if (n === 0) return /* @__PURE__ */ new Float64Array(0);
	const owner = Int32Array.from(group, (id, row) => id > 0 ? -id : row);
	const { means, own } = cohortOf(vectors, size, owner);
	const crowded = crowding(vectors, size, own, {
		means,
		own
	});
	let sum = 0;
	let good = 0;
	for (let row = 0; row < n; row++) {
		if (!(quality[row] >= founder)) continue;
		sum += crowded[row];
		good++;
	}
	const mean = good > 0 ? sum / good : 0;
	return crowded.map((value) => value - mean);
}
export { surroundings };
