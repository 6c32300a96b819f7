import { agglomerate } from "./agglomerate.js";
import { attach } from "./attach.js";
import { distanceAt } from "./calibrate.js";
import { cohortOf, crowding } from "./crowding.js";
import { Groups } from "./groups.js";
import { partsOf } from "./halves.js";
import { canonicalOrder } from "./order.js";
import { pairsAbove, similarityOf } from "./similarity.js";
// electron/grouping/cluster.ts
/** How much more evidence a poor face must show to join a group: odds a good seven times as long. */
var POOR = 2;
/**
* How much evidence two faces in the open may be let off at most. It keeps the second pass within the pairs that
* the first one found; on LFW 1 face in 200 would be let off more.
*/
var LENIENCE = 4;
/**
* Groups the faces that are one person each. Average linkage first as the calibration has it, then once more with
* what the first groups tell about how crowded it is around each face; poor faces join at the end. The same faces
* in any order give the same groups.
*
* @returns group of each face, from 0 (the largest) without gaps; −1 for a face that is alone
*/
function cluster(input) {
	const { size, calibration } = input;
	const order = canonicalOrder(input, calibration.founder);
	const n = order.length;
	const place = new Int32Array(n);
	const vectors = new Float32Array(n * size);
	order.forEach((row, at) => {
		place[row] = at;
		vectors.set(input.vectors.subarray(row * size, (row + 1) * size), at * size);
	});
	const photo = order.map((row) => input.photo[row]);
	const cannotLink = (input.cannotLink ?? []).map(([a, b]) => [place[a], place[b]]);
	const seed = input.seed ? order.map((row) => input.seed[row]) : new Int32Array(n);
	const founders = order.findIndex((row) => !(input.quality[row] >= calibration.founder));
	const good = founders < 0 ? n : founders;
	const bound = boundAt(calibration.link, calibration);
	const lenient = boundAt(calibration.link - LENIENCE, calibration);
	const first = new Groups(photo, cannotLink, seed);
	const plainRows = rowsOf(vectors, new Float64Array(n), size, 0, good);
	const edges = freePairs(plainRows, seed, size, lenient);
	agglomerate(plainRows, edges, size, bound, first);
	const offsets = crowdingOf(vectors, size, good, first).map((value) => Math.max(value, (lenient - bound) / 2));
	const groups = new Groups(photo, cannotLink, seed);
	const goodRows = rowsOf(vectors, offsets, size, 0, good);
	agglomerate(goodRows, edges, size, bound, groups);
	const parted = new Groups(photo, cannotLink, seed);
	part(groups.owner.subarray(0, good), {
		vectors,
		size
	}, calibration, parted);
	const poorBound = boundAt(calibration.link + POOR, calibration);
	attach(goodRows, rowsOf(vectors, offsets, size, good, n), size, poorBound, parted);
	const named = numbered(parted.owner);
	return Int32Array.from(place, (at) => named[at]);
}
/**
* Makes the groups of `owner` once more, but for those that look like several people: these fall into their parts.
* What was together before stays so.
*
* @param into every row for itself, but for those of groups that were there before
*/
function part(owner, packed, by, into) {
	for (const rows of Map.groupBy(owner.keys(), (row) => owner[row]).values()) for (const [first, ...others] of partsOf(packed, rows, by)) for (const row of others) {
		const [a, b] = [into.owner[first], into.owner[row]];
		if (a !== b) into.join(a, b);
	}
}
/** Pairs that reach the bound, of which one face at least is in no group yet. */
function freePairs(rows, seed, size, bound) {
	const free = Int32Array.from(rows.offsets, (_, row) => row).filter((row) => seed[row] === 0);
	if (free.length === rows.offsets.length) return pairsAbove(rows, rows, size, bound);
	const vectors = new Float32Array(free.length * size);
	free.forEach((row, at) => {
		vectors.set(rows.vectors.subarray(row * size, (row + 1) * size), at * size);
	});
	const offsets = Float64Array.from(free, (row) => rows.offsets[row]);
	const { a, b } = pairsAbove({
		vectors,
		offsets
	}, rows, size, bound);
	return {
		a: a.map((at) => free[at]),
		b
	};
}
/** Dot product at which two good faces show this much evidence. */
function boundAt(evidence, calibration) {
	const { intercept, slope } = calibration;
	return similarityOf(Math.max(0, distanceAt(.5, 1, 1, {
		intercept: intercept - evidence,
		slope,
		doubt: 0
	})));
}
/** Crowding of every row against the groups of the good ones, as the difference from what those have on average. */
function crowdingOf(vectors, size, good, groups) {
	const cohort = cohortOf(vectors.subarray(0, good * size), size, groups.owner.subarray(0, good));
	const own = new Int32Array(vectors.length / size).fill(-1);
	own.set(cohort.own);
	const crowded = crowding(vectors, size, own, cohort);
	let sum = 0;
	for (let row = 0; row < good; row++) sum += crowded[row];
	return crowded.map((value) => value - sum / Math.max(1, good));
}
function rowsOf(vectors, offsets, size, from, to) {
	return {
		vectors: vectors.subarray(from * size, to * size),
		offsets: offsets.subarray(from, to)
	};
}
/** Groups of two or more by size, the largest first; those of one face become −1. */
function numbered(owner) {
	const sizes = /* @__PURE__ */ new Map();
	for (const at of owner) sizes.set(at, (sizes.get(at) ?? 0) + 1);
	const names = /* @__PURE__ */ new Map();
	[...sizes].filter(([, count]) => count > 1).sort(([a, many], [b, few]) => few - many || a - b).forEach(([at], index) => {
		names.set(at, index);
	});
	return owner.map((at) => names.get(at) ?? -1);
}
export { cluster };
