import { match, sureOf } from "../grouping/match.js";
import { surroundings } from "../grouping/neighbours.js";
import { Worker } from "node:worker_threads";
// electron/service/naming.ts
/** With fewer faces it is done sooner than a thread starts. */
var WORTH_A_THREAD = 500;
/**
* What Kith makes of the names that people gave: who is sure, and who is to be asked. Faces and what lies around them
* are held in memory, as they are at one state of the record: {@link Naming.prepare} reads them.
*/
var Naming = class {
	#library;
	#encoder;
	#calibration;
	#held = null;
	constructor(library, encoder, calibration) {
		this.#library = library;
		this.#encoder = encoder;
		this.#calibration = calibration;
	}
	/**
	* Matches everybody, names those who are sure, and notes whom to ask about. To be called within a deed of the
	* journal, so that undoing it takes these names back with it.
	*
	* @returns everybody who was named now
	*/
	spread(levels, entry) {
		const { sure, ask } = this.#opinions(levels);
		this.#library.labels.putSure(sure, entry);
		this.#library.labels.suggest(ask);
		return sure;
	}
	/** Notes anew whom to ask about; names nobody. For after an undo, a refusal, another level. */
	refresh(levels) {
		const { sure, ask } = this.#opinions(levels);
		this.#library.labels.suggest([...sure, ...ask]);
	}
	/** Reads the faces anew next time: something else than their names has changed. */
	forget() {
		this.#held = null;
	}
	/** What an entry of the journal brought, in numbers. */
	ledger(entry, person, examples) {
		const { labels, people, cards } = this.#library;
		const named = labels.all().filter((label) => label.by === "sure" && label.person === person);
		const faces = cards.faces.get(named.map(({ face }) => face));
		const { name } = people.get(person);
		const card = cards.people.person(person);
		return {
			entry,
			person: {
				id: person,
				name
			},
			examples,
			sure: named.length,
			photos: new Set(faces.map(({ photo }) => photo)).size,
			ask: card.ask,
			left: cards.photos.counts().unnamed
		};
	}
	#opinions(levels) {
		if (!this.#held) throw new Error("Expected the faces to be prepared before anybody is matched");
		const { table, faces, around } = this.#held;
		const people = this.#library.people.all();
		const number = new Map(people.map(({ id }, at) => [id, at]));
		const opinion = ({ row, person, probability }) => ({
			face: table.faceIds[row],
			person: people[person].id,
			probability
		});
		const candidates = match(faces, around, this.#said(table, faces, number), this.#calibration);
		const named = new Map(this.#library.labels.all().map((label) => [label.face, label]));
		const sure = sureOf(candidates, levels.sure);
		const rest = candidates.slice(sure.length);
		return {
			sure: sure.map(opinion).filter(({ face }) => !named.has(face)),
			ask: rest.map(opinion).filter(({ face, probability }) => probability >= levels.ask && !named.has(face))
		};
	}
	#said(table, faces, number) {
		const rowOf = new Map(table.faceIds.map((id, row) => [id, row]));
		const settled = new Uint8Array(table.faceIds.length);
		const examples = [];
		const known = this.#library.labels.all();
		const good = /* @__PURE__ */ new Set();
		for (const { face, person, by } of known) {
			const row = rowOf.get(face);
			if (row === void 0 || by === "sure") continue;
			settled[row] = 1;
			if (person !== null && faces.quality[row] >= this.#calibration.founder) good.add(person);
		}
		for (const { face, person, by } of known) {
			const row = rowOf.get(face);
			if (row === void 0 || by === "sure" || person === null) continue;
			if (good.has(person) && faces.quality[row] < this.#calibration.founder) continue;
			examples.push({
				row,
				person: number.get(person)
			});
		}
		const births = Float64Array.from(this.#library.people.all(), ({ birth }) => birth === null ? NaN : Date.parse(birth) / 864e5);
		const refusals = this.#library.labels.refusals().flatMap(({ face, person }) => {
			const row = rowOf.get(face);
			return row === void 0 ? [] : [{
				row,
				person: number.get(person)
			}];
		});
		const several = new Set([...table.several].map((id) => id));
		return {
			people: number.size,
			examples,
			refusals,
			settled,
			births,
			days: table.days,
			several
		};
	}
	/**
	* Reads the faces, and finds what lies around each, where that has not been done since the record has changed. To be
	* awaited before anything that matches.
	*/
	async prepare() {
		const state = this.#library.groups.state();
		if (this.#held?.state === state) return;
		const table = this.#library.faces.embeddings(this.#encoder);
		const faces = {
			vectors: table.vectors,
			size: table.size,
			photo: Int32Array.from(table.photoIds),
			group: table.groups,
			quality: table.qualities
		};
		const around = faces.photo.length < WORTH_A_THREAD ? await surroundings(faces, this.#calibration) : await surroundingsApart(faces, this.#calibration);
		this.#held = {
			state,
			table,
			faces,
			around
		};
	}
};
/** In a thread, so that the service goes on answering; with the fast product, which blocks its thread. */
async function surroundingsApart(faces, calibration) {
	const worker = new Worker(new URL("./neighbours-worker.js", import.meta.url), { workerData: {
		faces,
		calibration
	} });
	try {
		return await new Promise((resolve, reject) => {
			worker.once("message", resolve);
			worker.once("error", reject);
			worker.once("exit", (code) => reject(/* @__PURE__ */ new Error(`Expected neighbours but the thread ended with ${code}`)));
		});
	} finally {
		await worker.terminate();
	}
}
export { Naming };
