import { KithError } from "../contract/errors.js";
// electron/library/people.ts
/** The people whom somebody named. Every change is to be made inside a deed of the journal. */
var People = class {
	#database;
	constructor(database) {
		this.#database = database;
	}
	all() {
		return this.#database.read(() => this.#database.sqlite.prepare("SELECT * FROM people ORDER BY id").all()).map(personOf);
	}
	/** @throws KithError bad-request where there is no such person */
	get(id) {
		const row = this.#database.read(() => this.#database.sqlite.prepare("SELECT * FROM people WHERE id = ?").get(id));
		if (!row) throw new KithError("bad-request", `Expected a person of the library but received ${id}`);
		return personOf(row);
	}
	/** Whoever has this name, written in whatever case; null: nobody. */
	named(name) {
		const row = this.#database.read(() => this.#database.sqlite.prepare("SELECT * FROM people WHERE name_key = ?").get(nameKey(name)));
		return row ? personOf(row) : null;
	}
	/** @throws KithError bad-request where somebody has that name */
	create(name) {
		this.#refuseTaken(name, null);
		return this.#database.write(() => this.#database.sqlite.prepare("INSERT INTO people (name, name_key) VALUES (?, ?) RETURNING id").get(tidy(name), nameKey(name)).id);
	}
	/** @throws KithError bad-request where somebody else has that name */
	rename(id, name) {
		this.#refuseTaken(name, id);
		this.#run("UPDATE people SET name = ?, name_key = ? WHERE id = ?", tidy(name), nameKey(name), id);
	}
	setBirth(id, birth) {
		this.#run("UPDATE people SET birth = ? WHERE id = ?", birth, id);
	}
	setHidden(id, hidden) {
		this.#run("UPDATE people SET hidden = ? WHERE id = ?", Number(hidden), id);
	}
	setCover(id, face) {
		this.#run("UPDATE people SET cover_face_id = ? WHERE id = ?", face, id);
	}
	/** All that is known of one person is said of another from now on. The first is gone then. */
	merge(from, into) {
		const { sqlite } = this.#database;
		this.#database.write(() => {
			sqlite.prepare("UPDATE labels SET person_id = ? WHERE person_id = ?").run(into, from);
			sqlite.prepare(`INSERT OR IGNORE INTO refusals (face_id, person_id)
           SELECT face_id, ?1 FROM refusals WHERE person_id = ?2
             AND face_id NOT IN (SELECT face_id FROM labels WHERE person_id = ?1)`).run(into, from);
			this.remove(from);
		});
	}
	/** The name goes; the faces stay, and are nobody's. */
	remove(id) {
		const { sqlite } = this.#database;
		this.#database.write(() => {
			sqlite.prepare("DELETE FROM labels WHERE person_id = ?").run(id);
			sqlite.prepare("DELETE FROM refusals WHERE person_id = ?").run(id);
			sqlite.prepare("DELETE FROM suggestions WHERE person_id = ?").run(id);
			sqlite.prepare("DELETE FROM people WHERE id = ?").run(id);
		});
	}
	#run(sql, ...values) {
		this.#database.write(() => this.#database.sqlite.prepare(sql).run(...values));
	}
	#refuseTaken(name, by) {
		const holder = this.named(name);
		if (holder && holder.id !== by) throw new KithError("bad-request", `Expected a new name but ${holder.name} is there already`);
	}
};
/** As it is shown: without spaces around, in Unicode's composed form. */
function tidy(name) {
	return name.normalize("NFC").replace(/\s+/gu, " ").trim();
}
/** Two names are one where only case, spaces or the form of accents differ. */
function nameKey(name) {
	return tidy(name).toLocaleLowerCase("und").normalize("NFC");
}
function personOf(row) {
	return {
		id: row.id,
		name: row.name,
		birth: row.birth,
		hidden: row.hidden === 1,
		cover: row.cover_face_id
	};
}
export { People };
