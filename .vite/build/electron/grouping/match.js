import { assign } from "./assign.js";
// electron/grouping/match.ts
/** People who are kept as candidates of each face. */
var KEPT = 4;
/** How many steps from face to face a name may go. */
var STEPS = 2;
/** Share of what other faces say in a face's similarity to a person; the rest is its own. Measured: see eval. */
var OTHERS = .7;
/** More distance to the next person than this says nothing more. */
var WIDE = .2;
/** Fewer people than this are treated as so many: there are always strangers whom nobody has named. */
var LEAST_PEOPLE = 8;
/** Evidence that a poor face must show beyond others: odds a good seven times as long. */
var POOR = 2;
/**
* Matches every face that needs a name against all people at once, open-set.
*
* A face's similarity to a person is that to the person's examples (half the best, half the three best), less the
* crowding around both faces. It may also come by way of other faces: a chain is as good as its weakest link (minimax
* path, as in single linkage, of {@link STEPS} links beyond the first), so that a face unlike the one example but
* like others of its group is found through them. Chains don't lead through faces that were said to be somebody
* else's, nor, by their neighbours, from face to face of one photo. Near a face that was refused a person's reach
* ends. Similarity and lead over the next person → probability by a calibration (calibration.match) whose prior knows
* how many people there are. On each photo people are assigned together, each once.
*
* @returns candidates by falling probability, one at most for each face
*/
function match(faces, around, said, calibration) {
	const n = faces.photo.length;
	const bestPeople = new Int32Array(n * KEPT).fill(-1);
	const bestScores = new Float32Array(n * KEPT).fill(-2);
	const column = new Column(faces, around, said);
	for (let person = 0; person < said.people; person++) {
		const scores = column.of(person);
		if (scores === null) continue;
		for (let row = 0; row < n; row++) if (!said.settled[row]) offer(bestPeople, bestScores, row, person, scores[row]);
	}
	const candidates = [];
	const options = /* @__PURE__ */ new Map();
	for (let row = 0; row < n; row++) {
		const own = [];
		for (let at = row * KEPT; at < (row + 1) * KEPT && bestPeople[at] >= 0; at++) {
			const rival = at === row * KEPT ? bestScores[at + 1] : bestScores[row * KEPT];
			const margin = rival <= -2 ? WIDE / 2 : bestScores[at] - rival;
			const person = bestPeople[at];
			if (faces.photo[row] !== void 0 && tooEarly(said, row, person)) continue;
			const score = bestScores[at];
			const probability = probabilityOf(score, margin, said.people, faces.quality[row], calibration);
			own.push({
				row,
				person,
				score,
				margin,
				probability
			});
		}
		if (own.length === 0) continue;
		const photo = faces.photo[row];
		if (said.several.has(photo)) candidates.push(own[0]);
		else options.set(photo, [...options.get(photo) ?? [], ...own]);
	}
	const present = peoplePresent(faces, said);
	for (const [photo, ofPhoto] of options) candidates.push(...assigned(ofPhoto, present.get(photo)));
	return candidates.sort((a, b) => b.probability - a.probability || a.row - b.row);
}
/**
* The names that may be given at once: the likeliest ones, as long as the share of wrong ones among them is expected
* to stay within what was allowed.
*
* @param level least expected share of right names, such as 0.999
*/
function sureOf(candidates, level) {
	const sure = [];
	const least = 1 - 10 * (1 - level);
	let wrong = 0;
	for (const candidate of candidates) {
		wrong += 1 - candidate.probability;
		if (candidate.probability < least || wrong > (1 - level) * (sure.length + 1)) break;
		sure.push(candidate);
	}
	return sure;
}
/** Log-odds from similarity and lead; the more people there are, the likelier is one to be similar by chance. */
function probabilityOf(score, margin, people, quality, calibration) {
	const { intercept, slope, lead } = calibration.match ?? fromPairs(calibration);
	const among = Math.log(Math.max(people, LEAST_PEOPLE));
	const poor = quality < calibration.founder ? POOR : 0;
	const z = intercept + slope * score + lead * Math.max(-.2, Math.min(margin, WIDE)) - among - poor;
	return 1 / (1 + Math.exp(-z));
}
/** Where matching was never calibrated: the straight line that touches the evidence of pairs where it is 0. */
function fromPairs({ intercept, slope }) {
	const even = -intercept / slope;
	const steep = -slope / Math.max(even, .1);
	return {
		intercept: -steep * (1 - even * even / 2),
		slope: steep,
		lead: 0
	};
}
/** Similarities of all faces to one person after another; its arrays are used again for each. */
var Column = class {
	#faces;
	#around;
	#examples;
	#refusals;
	/** Person of each example, −1: none. */
	#owner;
	#settled;
	constructor(faces, around, said) {
		this.#faces = faces;
		this.#around = around;
		this.#settled = said.settled;
		this.#owner = new Int32Array(faces.photo.length).fill(-1);
		for (const { row, person } of said.examples) this.#owner[row] = person;
		this.#examples = rowsByPerson(said.examples);
		this.#refusals = rowsByPerson(said.refusals);
	}
	/** Null for a person without an example. */
	of(person) {
		const examples = this.#examples.get(person);
		if (!examples) return null;
		const refused = this.#refusals.get(person) ?? [];
		const own = this.#direct(examples);
		const n = own.length;
		const held = new Uint8Array(n);
		for (const row of refused) this.#holdBack(own, row, held);
		for (let row = 0; row < n; row++) if (this.#owner[row] === person) own[row] = 1;
		else if (this.#settled[row]) own[row] = -2;
		for (const row of refused) own[row] = -2;
		let through = own;
		for (let step = 0; step < STEPS; step++) through = this.#spread(own, through, held);
		return own.map((score, row) => score <= -2 ? -2 : .30000000000000004 * score + OTHERS * through[row]);
	}
	#direct(examples) {
		const n = this.#faces.photo.length;
		const best = new Float32Array(n * 3).fill(-2);
		for (const example of examples) {
			const similarity = this.#to(example);
			for (let row = 0; row < n; row++) {
				let value = similarity[row];
				for (let at = row * 3; at < row * 3 + 3; at++) {
					if (value <= best[at]) continue;
					const former = best[at];
					best[at] = value;
					value = former;
				}
			}
		}
		const counted = Math.min(3, examples.length);
		return Float32Array.from({ length: n }, (_, row) => {
			let sum = 0;
			for (let i = 0; i < counted; i++) sum += best[row * 3 + i];
			return (best[row * 3] + sum / counted) / 2;
		});
	}
	/**
	* What is more like a refused face than like the person loses that much of its similarity, and no other face can
	* speak for it.
	*/
	#holdBack(own, refused, held) {
		const similarity = this.#to(refused);
		for (let row = 0; row < own.length; row++) {
			const closer = similarity[row] - own[row];
			if (closer <= 0) continue;
			own[row] -= closer;
			held[row] = 1;
		}
	}
	/** dot − offset − offset of every face with one. */
	#to(row) {
		const { vectors, size } = this.#faces;
		const { offsets } = this.#around;
		const one = vectors.subarray(row * size, (row + 1) * size);
		return Float32Array.from({ length: offsets.length }, (_, other) => {
			let sum = 0;
			for (let i = 0, at = other * size; i < size; i++, at++) sum += one[i] * vectors[at];
			return sum - offsets[row] - offsets[other];
		});
	}
	#spread(own, through, held) {
		const { nearest, similarities } = this.#around;
		return own.map((score, row) => {
			if (score <= -2 || held[row]) return score;
			let best = Math.max(score, through[row]);
			for (let at = row * 10; at < (row + 1) * 10; at++) {
				const similarity = similarities[at];
				if (similarity <= best) break;
				best = Math.max(best, Math.min(similarity, through[nearest[at]]));
			}
			return best;
		});
	}
};
function offer(people, scores, row, person, score) {
	const start = row * KEPT;
	let at = start + KEPT - 1;
	if (score <= scores[at]) return;
	for (; at > start && scores[at - 1] < score; at--) {
		scores[at] = scores[at - 1];
		people[at] = people[at - 1];
	}
	scores[at] = score;
	people[at] = person;
}
function tooEarly({ births, days }, row, person) {
	return days[row] < births[person];
}
/** People whom a hand has put on each photo. */
function peoplePresent({ photo }, { examples }) {
	const present = /* @__PURE__ */ new Map();
	for (const { row, person } of examples) {
		const at = photo[row];
		present.set(at, (present.get(at) ?? /* @__PURE__ */ new Set()).add(person));
	}
	return present;
}
/** One photo's faces, each with the person who serves all of them best together. */
function assigned(options, present = /* @__PURE__ */ new Set()) {
	const free = options.filter(({ person }) => !present.has(person));
	const rows = [...new Set(free.map(({ row }) => row))];
	if (rows.length <= 1) return free.slice(0, 1);
	const people = [...new Set(free.map(({ person }) => person))];
	const found = new Map(free.map((option) => [`${option.row} ${option.person}`, option]));
	const worth = rows.map((row) => people.map((person) => {
		const option = found.get(`${row} ${person}`);
		return option ? Math.max(0, Math.log(option.probability / (1 - option.probability)) + 12) : 0;
	}));
	return assign(worth).flatMap((person, at) => person < 0 ? [] : [found.get(`${rows[at]} ${people[person]}`)]);
}
function rowsByPerson(list) {
	const rows = /* @__PURE__ */ new Map();
	for (const { row, person } of list) rows.set(person, [...rows.get(person) ?? [], row]);
	return rows;
}
export { WIDE, match, probabilityOf, sureOf };
