// electron/library/face-cards.ts
var CARD = `
  SELECT faces.id, photo_id, x, y, faces.width, faces.height, quality, group_id, verdict, by_whom,
    coalesce(labels.person_id, suggestions.person_id) AS person_id, people.name,
    coalesce(labels.probability, CASE WHEN verdict IS NULL THEN suggestions.probability END) AS probability
  FROM faces
  LEFT JOIN labels ON labels.face_id = faces.id
  LEFT JOIN suggestions ON suggestions.face_id = faces.id AND verdict IS NULL
  LEFT JOIN people ON people.id = coalesce(labels.person_id, suggestions.person_id)`;
/** Faces as the screens show them. */
var FaceCards = class {
	#database;
	constructor(database) {
		this.#database = database;
	}
	/** In the order asked for; those that are gone are left out. */
	get(ids) {
		return this.#database.read(() => {
			const select = this.#database.sqlite.prepare(`${CARD} WHERE faces.id = ?`);
			return ids.flatMap((id) => {
				const row = select.get(id);
				return row ? [cardOf(row)] : [];
			});
		});
	}
	/** The faces on a photo, from left to right. */
	ofPhoto(photo) {
		return this.#all(`${CARD} WHERE photo_id = ? AND withdrawn = 0 ORDER BY x, faces.id`, photo);
	}
	/** A person's faces by status: confirmed and sure by date, those to be asked about the likeliest first. */
	ofPerson(person, status, from, limit) {
		if (status === "ask") return {
			items: this.#all(`${CARD} WHERE suggestions.person_id = ? ORDER BY suggestions.probability DESC, faces.id LIMIT ? OFFSET ?`, person, limit, from),
			total: this.#count("suggestions WHERE person_id = ?", person)
		};
		const by = status === "sure" ? `by_whom = 'sure'` : `by_whom <> 'sure'`;
		return {
			items: this.#all(`${CARD} JOIN photos ON photos.id = photo_id WHERE labels.person_id = ? AND ${by}
       ORDER BY taken_at, photo_id, faces.id LIMIT ? OFFSET ?`, person, limit, from),
			total: this.#count(`labels WHERE person_id = ? AND ${by}`, person)
		};
	}
	/** The faces of a group that nobody has named, the best first. */
	ofGroup(group, from, limit) {
		const which = "group_id = ? AND withdrawn = 0";
		return {
			items: this.#all(`${CARD} WHERE ${which} AND verdict IS NULL ORDER BY quality DESC, faces.id LIMIT ? OFFSET ?`, group, limit, from),
			total: this.#count(`faces WHERE ${which} AND NOT EXISTS (SELECT 1 FROM labels WHERE face_id = faces.id)`, group)
		};
	}
	/** Faces that are in no group and nobody's, the best first. */
	alone(from, limit) {
		const which = "group_id IS NULL AND withdrawn = 0";
		return {
			items: this.#all(`${CARD} WHERE ${which} AND verdict IS NULL ORDER BY quality DESC, faces.id LIMIT ? OFFSET ?`, limit, from),
			total: this.#count(`faces WHERE ${which} AND NOT EXISTS (SELECT 1 FROM labels WHERE face_id = faces.id)`)
		};
	}
	#all(sql, ...values) {
		return this.#database.read(() => this.#database.sqlite.prepare(sql).all(...values)).map(cardOf);
	}
	#count(of, ...values) {
		return this.#database.read(() => this.#database.sqlite.prepare(`SELECT count(*) AS n FROM ${of}`).get(...values).n);
	}
};
function cardOf(row) {
	const { x, y, width, height } = row;
	return {
		id: row.id,
		photo: row.photo_id,
		box: {
			x,
			y,
			width,
			height
		},
		quality: row.quality,
		group: row.group_id,
		status: statusOf(row),
		person: row.person_id === null ? null : {
			id: row.person_id,
			name: row.name
		},
		probability: row.probability
	};
}
function statusOf({ verdict, by_whom: by, person_id: person }) {
	if (verdict === null) return person === null ? "none" : "ask";
	if (verdict !== "person") return verdict;
	return by === "sure" ? "sure" : "confirmed";
}
export { FaceCards };
