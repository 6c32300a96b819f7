// electron/library/people-cards.ts
/** How many faces of each status a person has, and the best of them for a cover. */
var PERSON = `
  SELECT people.id, name, birth, hidden,
    coalesce(
      (SELECT id FROM faces WHERE id = cover_face_id AND withdrawn = 0),
      (SELECT face_id FROM labels JOIN faces ON faces.id = face_id WHERE person_id = people.id
       ORDER BY by_whom = 'sure', quality DESC, face_id LIMIT 1)
    ) AS cover,
    (SELECT count(*) FROM labels WHERE person_id = people.id AND by_whom IN ('hand', 'group')) AS confirmed,
    (SELECT count(*) FROM labels WHERE person_id = people.id AND by_whom = 'sure') AS sure,
    (SELECT count(*) FROM suggestions WHERE person_id = people.id) AS ask
  FROM people`;
/** Faces of a group that its card shows. */
var SHOWN = 5;
/** People and unnamed groups as the screens show them. */
var PeopleCards = class {
	#database;
	/** The groups, as they were at a state of the record. */
	#groups = null;
	constructor(database) {
		this.#database = database;
	}
	/** Whoever is on the most photos first. */
	people(hidden, from, limit) {
		return this.#database.read(() => {
			const { sqlite } = this.#database;
			const rows = sqlite.prepare(`WITH counted AS (
             SELECT people.id AS person, count(face_id) AS n FROM people LEFT JOIN labels ON person_id = people.id
             WHERE hidden = ?1 GROUP BY people.id ORDER BY n DESC, name_key LIMIT ?2 OFFSET ?3)
           SELECT card.* FROM counted JOIN (${PERSON}) AS card ON card.id = person ORDER BY n DESC, name`).all(Number(hidden), limit, from);
			const total = sqlite.prepare("SELECT count(*) AS n FROM people WHERE hidden = ?").get(Number(hidden));
			return {
				items: rows.map(personOf),
				total: total.n
			};
		});
	}
	person(id) {
		return this.#database.read(() => {
			const { sqlite } = this.#database;
			const row = sqlite.prepare(`${PERSON} WHERE people.id = ?`).get(id);
			if (!row) return null;
			const span = sqlite.prepare(`SELECT count(DISTINCT photo_id) AS photos, min(taken_at) AS first, max(taken_at) AS last
           FROM labels JOIN faces ON faces.id = face_id JOIN photos ON photos.id = photo_id WHERE person_id = ?`).get(id);
			const years = span.first === null ? null : [span.first, span.last].map((at) => Number(String(at).slice(0, 4)));
			return {
				...personOf(row),
				photos: span.photos,
				years
			};
		});
	}
	/** People whose name begins with these letters, then those whose name has them somewhere. */
	search(text, limit = 8) {
		const key = text.normalize("NFC").toLocaleLowerCase("und").trim();
		return this.#database.read(() => this.#database.sqlite.prepare(`${PERSON} WHERE instr(name_key, ?1) > 0
             ORDER BY instr(name_key, ?1) <> 1, instr(name_key, ' ' || ?1) = 0, confirmed + sure DESC, name LIMIT ?2`).all(key, limit)).map(personOf);
	}
	/** Groups of which nobody is named yet, the largest first. */
	groups(hidden, from, limit) {
		const all = this.#sized()[hidden ? "hidden" : "visible"];
		const suggestion = this.#database.sqlite.prepare(`SELECT person_id, name, avg(probability) AS probability, count(*) AS n
       FROM suggestions JOIN faces ON faces.id = face_id JOIN people ON people.id = person_id
       WHERE group_id = ? GROUP BY person_id ORDER BY n DESC LIMIT 1`);
		const best = this.#database.sqlite.prepare(`SELECT id FROM faces WHERE group_id = ? AND withdrawn = 0
         AND NOT EXISTS (SELECT 1 FROM labels WHERE face_id = faces.id) ORDER BY quality DESC, id LIMIT ${SHOWN}`);
		return {
			items: this.#database.read(() => all.slice(from, from + limit).map(({ id, size }) => {
				const maybe = suggestion.get(id);
				const [cover, ...others] = best.all(id).map((row) => row.id);
				return {
					id,
					size,
					cover,
					others,
					hidden,
					maybe: maybe ? {
						id: maybe.person_id,
						name: maybe.name,
						probability: maybe.probability
					} : null
				};
			})),
			total: all.length
		};
	}
	progress() {
		return this.#database.read(() => {
			const { sqlite } = this.#database;
			const total = sqlite.prepare("SELECT count(*) AS n FROM faces WHERE withdrawn = 0").get().n;
			const settled = sqlite.prepare("SELECT count(*) AS n FROM labels").get().n;
			return {
				settled: Math.min(settled, total),
				total
			};
		});
	}
	/** Counting all faces takes a tenth of a second at 100,000, so it is done once for each state of the record. */
	#sized() {
		return this.#database.read(() => {
			const { sqlite } = this.#database;
			const state = `${sqlite.prepare("SELECT total_changes() AS n").get().n} ${sqlite.prepare("PRAGMA data_version").get().data_version}`;
			if (this.#groups?.state === state) return this.#groups;
			const rows = sqlite.prepare(`SELECT group_id AS id, count(*) AS size, groups.hidden FROM faces JOIN groups ON groups.id = group_id
           WHERE withdrawn = 0 AND NOT EXISTS (SELECT 1 FROM labels WHERE face_id = faces.id)
           GROUP BY group_id ORDER BY size DESC, group_id`).all();
			const [visible, hidden] = [0, 1].map((flag) => rows.filter((row) => row.hidden === flag));
			this.#groups = {
				state,
				visible,
				hidden
			};
			return this.#groups;
		});
	}
};
function personOf(row) {
	return {
		id: row.id,
		name: row.name,
		cover: row.cover,
		confirmed: row.confirmed,
		sure: row.sure,
		ask: row.ask,
		birth: row.birth,
		hidden: row.hidden === 1
	};
}
export { PeopleCards };
