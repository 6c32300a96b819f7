import { KithError } from "../contract/errors.js";
import { basename, join } from "node:path";
// electron/library/photo-cards.ts
/** By date, those without one at the end; the same everywhere, so that next and previous follow the lists. */
var ORDER = `taken_at IS NULL, taken_at, photos.id`;
/** Photos and folders as the screens show them. */
var PhotoCards = class {
	#database;
	constructor(database) {
		this.#database = database;
	}
	list(which, from, limit) {
		const conditions = ["EXISTS (SELECT 1 FROM files WHERE photo_id = photos.id AND (?1 IS NULL OR folder_id = ?1))"];
		if (which.person !== void 0) conditions.push("photos.id IN (SELECT photo_id FROM faces JOIN labels ON face_id = faces.id WHERE person_id = ?2)");
		const where = conditions.join(" AND ");
		const values = [which.folder ?? null, ...which.person === void 0 ? [] : [which.person]];
		return this.#database.read(() => {
			const { sqlite } = this.#database;
			const last = values.length;
			const rows = sqlite.prepare(`SELECT photos.id, taken_at, width, height,
             (SELECT count(*) FROM faces WHERE photo_id = photos.id AND withdrawn = 0) AS faces,
             (SELECT path FROM files WHERE photo_id = photos.id ORDER BY id LIMIT 1) AS path
           FROM photos WHERE ${where} ORDER BY ${ORDER} LIMIT ?${last + 1} OFFSET ?${last + 2}`).all(...values, limit, from);
			const total = sqlite.prepare(`SELECT count(*) AS n FROM photos WHERE ${where}`).get(...values);
			return {
				items: rows.map(cardOf),
				total: total.n
			};
		});
	}
	/** @throws KithError bad-request where there is no such photo */
	get(id) {
		return this.#database.read(() => {
			const { sqlite } = this.#database;
			const row = sqlite.prepare("SELECT * FROM photos WHERE id = ?").get(id);
			if (!row) throw new KithError("bad-request", `Expected a photo of the library but received ${id}`);
			const files = sqlite.prepare(`SELECT folders.path AS folder, files.path FROM files JOIN folders ON folders.id = folder_id
           WHERE photo_id = ? ORDER BY files.id`).all(id);
			return {
				id,
				hash: row.hash,
				bytes: row.bytes,
				width: row.width,
				height: row.height,
				takenAt: row.taken_at,
				several: row.several === 1,
				files: files.map((file) => join(file.folder, file.path))
			};
		});
	}
	/** The photos before and after one, in the order of the lists. */
	neighbours({ id, takenAt }) {
		return this.#database.read(() => {
			const beside = (sign, order) => {
				const dated = takenAt === null ? 1 : 0;
				return this.#database.sqlite.prepare(`SELECT id FROM photos WHERE EXISTS (SELECT 1 FROM files WHERE photo_id = photos.id)
               AND (taken_at IS NULL, coalesce(taken_at, ''), id) ${sign} (?, ?, ?)
             ORDER BY taken_at IS NULL ${order}, taken_at ${order}, id ${order} LIMIT 1`).get(dated, takenAt ?? "", id)?.id ?? null;
			};
			return {
				previous: beside("<", "DESC"),
				next: beside(">", "ASC")
			};
		});
	}
	unreadable(from, limit) {
		return this.#database.read(() => {
			const { sqlite } = this.#database;
			return {
				items: sqlite.prepare(`SELECT files.path AS name, folders.path AS folder, reason_code AS reason, reason_detail AS detail
           FROM files JOIN folders ON folders.id = folder_id WHERE status = 'unreadable'
           ORDER BY folders.path, files.path LIMIT ? OFFSET ?`).all(limit, from),
				total: sqlite.prepare(`SELECT count(*) AS n FROM files WHERE status = 'unreadable'`).get().n
			};
		});
	}
	folders() {
		return this.#database.read(() => this.#database.sqlite.prepare(`SELECT folders.id, folders.path, count(DISTINCT photo_id) AS photos,
               coalesce(sum(status = 'unreadable'), 0) AS unreadable
             FROM folders LEFT JOIN files ON folder_id = folders.id GROUP BY folders.id ORDER BY folders.id DESC`).all());
	}
	/** How much there is of everything. */
	counts() {
		return this.#database.read(() => this.#database.sqlite.prepare(`SELECT (SELECT count(DISTINCT photo_id) FROM files) AS photos,
               (SELECT count(*) FROM faces WHERE withdrawn = 0) AS faces,
               (SELECT count(*) FROM people) AS people,
               (SELECT count(*) FROM faces WHERE withdrawn = 0) - (SELECT count(*) FROM labels) AS unnamed,
               (SELECT count(*) FROM suggestions) AS questions,
               (SELECT count(*) FROM files WHERE status = 'unreadable') AS unreadable`).get());
	}
};
function cardOf(row) {
	return {
		id: row.id,
		takenAt: row.taken_at,
		width: row.width,
		height: row.height,
		faces: row.faces,
		name: basename(row.path ?? "")
	};
}
export { PhotoCards };
