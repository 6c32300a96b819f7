import { nearestAmong } from "./similarity.js";
// electron/grouping/crowding.ts
/** Groups that stand for everybody else. More would cost time and change the third digit. */
var COHORT = 2e3;
/** Share of the cohort that counts as near. */
var NEAR = .01;
/** At least so many near ones, since a mean of one or two is noise. */
var LEAST_NEAR = 5;
/** The nearest other groups are not counted: they may be the face's own person, not yet joined. */
var PASSED_OVER = 2;
/** With this many groups crowding is believed by half, with fewer by less. */
var HALF_BELIEVED = 100;
/** How much of a face's crowding counts against it: best on LFW between 0.35 and 0.65, where it hardly matters. */
var STRENGTH = .5;
/**
* How crowded it is around each face: some faces (blurred, dark, of a kind rare in training) lie near everybody's,
* and a similarity that says much of one face says little of another. The measure is the mean similarity to the
* nearest other groups, as adaptive score normalisation takes it in speaker verification (Matějka et al. 2017,
* "Analysis of Score Normalization in Multilingual Speaker Recognition"), but over groups instead of faces, so that
* a person with a thousand photos does not crowd himself out.
*
* @returns for each row of `vectors` what to take off its similarities: about 0 on average over a library, positive
*   in a crowd; nearly 0 for all where there are few groups to tell from
*/
function crowding(vectors, size, own, cohort) {
	const chosen = cohort.means.length / size;
	const near = Math.max(LEAST_NEAR, Math.round(chosen * NEAR));
	const wanted = PASSED_OVER + near;
	if (chosen <= wanted) return new Float64Array(own.length);
	const best = nearestAmong(vectors, cohort.means, size, own, wanted);
	const believed = STRENGTH * chosen / (chosen + HALF_BELIEVED);
	return Float64Array.from({ length: own.length }, (_, row) => {
		let sum = 0;
		for (let i = PASSED_OVER; i < wanted; i++) sum += best[row * wanted + i];
		return believed * sum / near;
	});
}
/** Up to {@link COHORT} groups, evenly out of all in the order of their first rows. */
function cohortOf(vectors, size, owner) {
	const groups = [...new Set(owner)].sort((a, b) => a - b);
	const step = Math.max(1, groups.length / COHORT);
	const places = /* @__PURE__ */ new Map();
	for (let at = 0; at < groups.length; at += step) places.set(groups[Math.floor(at)], places.size);
	const own = owner.map((group) => places.get(group) ?? -1);
	const means = new Float32Array(places.size * size);
	const counts = new Int32Array(places.size);
	own.forEach((place, row) => {
		if (place < 0) return;
		counts[place]++;
		for (let i = 0; i < size; i++) means[place * size + i] += vectors[row * size + i];
	});
	for (let i = 0; i < means.length; i++) means[i] /= counts[Math.floor(i / size)];
	return {
		means,
		own
	};
}
export { cohortOf, crowding };
