// electron/library/labels.ts
/** What is known of faces. Every change is to be made inside a deed of the journal. */
var Labels = class {
	#database;
	constructor(database) {
		this.#database = database;
	}
	/** Somebody says who, or what, these faces are. It holds whatever Kith thought, and takes a refusal back. */
	put(faces, said, entry) {
		const { sqlite } = this.#database;
		this.#database.write(() => {
			const put = sqlite.prepare(`INSERT INTO labels (face_id, verdict, person_id, by_whom, probability, entry_id)
         VALUES (?, ?, ?, ?, NULL, ?)
         ON CONFLICT (face_id) DO UPDATE SET verdict = excluded.verdict, person_id = excluded.person_id,
           by_whom = excluded.by_whom, probability = NULL, entry_id = excluded.entry_id`);
			const welcome = sqlite.prepare("DELETE FROM refusals WHERE face_id = ? AND person_id = ?");
			const settle = sqlite.prepare("DELETE FROM suggestions WHERE face_id = ?");
			for (const face of faces) {
				put.run(face, said.verdict, said.person, said.by, entry);
				if (said.person !== null) welcome.run(face, said.person);
				settle.run(face);
			}
		});
	}
	/** Kith names faces. What a hand has said stays as it is, and so does what Kith has said before. */
	putSure(names, entry) {
		const { sqlite } = this.#database;
		this.#database.write(() => {
			const put = sqlite.prepare(`INSERT INTO labels (face_id, verdict, person_id, by_whom, probability, entry_id)
         VALUES (?, 'person', ?, 'sure', ?, ?) ON CONFLICT (face_id) DO NOTHING`);
			const settle = sqlite.prepare("DELETE FROM suggestions WHERE face_id = ?");
			for (const { face, person, probability } of names) {
				put.run(face, person, probability, entry);
				settle.run(face);
			}
		});
	}
	clear(faces) {
		this.#database.write(() => {
			const clear = this.#database.sqlite.prepare("DELETE FROM labels WHERE face_id = ?");
			for (const face of faces) clear.run(face);
		});
	}
	/** Withdraws what Kith has said: of one person, or of all. */
	clearSure(person) {
		this.#database.write(() => this.#database.sqlite.prepare(`DELETE FROM labels WHERE by_whom = 'sure' AND (?1 IS NULL OR person_id = ?1)`).run(person ?? null));
	}
	/** Withdraws the names that Kith gave within one entry, where they still stand. */
	clearSureOf(entry) {
		this.#database.write(() => this.#database.sqlite.prepare(`DELETE FROM labels WHERE by_whom = 'sure' AND entry_id = ?`).run(entry));
	}
	of(faces) {
		return this.#database.read(() => {
			const select = this.#database.sqlite.prepare("SELECT * FROM labels WHERE face_id = ?");
			return faces.flatMap((face) => {
				const row = select.get(face);
				return row ? [labelOf(row)] : [];
			});
		});
	}
	all() {
		return this.#database.read(() => this.#database.sqlite.prepare("SELECT * FROM labels ORDER BY face_id").all()).map(labelOf);
	}
	/** Every face of which a hand said whose it is. */
	examples() {
		return this.all().flatMap(({ face, person, by }) => person === null || by === "sure" ? [] : [{
			face,
			person,
			by
		}]);
	}
	/** "Not Anna": never again, and not now either. */
	refuse(faces, person) {
		const { sqlite } = this.#database;
		this.#database.write(() => {
			const refuse = sqlite.prepare("INSERT OR IGNORE INTO refusals (face_id, person_id) VALUES (?, ?)");
			const clear = sqlite.prepare("DELETE FROM labels WHERE face_id = ? AND person_id = ?");
			const settle = sqlite.prepare("DELETE FROM suggestions WHERE face_id = ? AND person_id = ?");
			for (const face of faces) {
				refuse.run(face, person);
				clear.run(face, person);
				settle.run(face, person);
			}
		});
	}
	refusals() {
		return this.#database.read(() => this.#database.sqlite.prepare("SELECT face_id AS face, person_id AS person FROM refusals ORDER BY face_id, person_id").all());
	}
	/** Puts what Kith would ask in the place of all that it would have asked. */
	suggest(all) {
		const { sqlite } = this.#database;
		this.#database.write(() => {
			sqlite.exec("DELETE FROM suggestions");
			const put = sqlite.prepare("INSERT INTO suggestions (face_id, person_id, probability) VALUES (?, ?, ?)");
			for (const { face, person, probability } of all) put.run(face, person, probability);
		});
	}
};
function labelOf(row) {
	return {
		face: row.face_id,
		verdict: row.verdict,
		person: row.person_id,
		by: row.by_whom,
		probability: row.probability
	};
}
export { Labels };
