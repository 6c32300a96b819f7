import { keyOf } from "./journalled.js";
// electron/library/journal.ts
/**
* Everything that was done to names, labels, refusals and groups, and the way back. What an entry changed is kept as
* the rows before and after, written by the database's own triggers, so undo and redo are the same for all of it.
*/
var Journal = class {
	#database;
	constructor(database) {
		this.#database = database;
	}
	/**
	* Does something and remembers how to undo it, as one transaction. What was undone before can't be redone then.
	*
	* @returns `entry` is null where nothing was changed: there is nothing to undo
	*/
	act(deed, work) {
		const { sqlite } = this.#database;
		return this.#database.write(() => {
			if (sqlite.prepare("SELECT 1 FROM journal_open").get()) throw new Error("Expected one deed at a time but another is still open");
			const entry = sqlite.prepare(`INSERT INTO journal (at, action, detail, by_whom, state) VALUES (?, ?, ?, ?, 'done') RETURNING id`).get((/* @__PURE__ */ new Date()).toISOString(), deed.action, JSON.stringify(deed.detail), deed.by).id;
			sqlite.prepare("INSERT INTO journal_open (entry_id) VALUES (?)").run(entry);
			const result = work(entry);
			sqlite.exec("DELETE FROM journal_open");
			if (!sqlite.prepare("SELECT 1 FROM journal_changes WHERE entry_id = ?").get(entry)) {
				sqlite.prepare("DELETE FROM journal WHERE id = ?").run(entry);
				return {
					entry: null,
					result
				};
			}
			sqlite.prepare(`DELETE FROM journal WHERE state = 'undone'`).run();
			return {
				entry,
				result
			};
		});
	}
	/** Undoes the last entry that is not undone. @returns it; null where there is none */
	undo() {
		return this.#step(`SELECT * FROM journal WHERE state = 'done' ORDER BY id DESC LIMIT 1`, "undone");
	}
	/** Does again what was undone last. @returns it; null where there is none */
	redo() {
		return this.#step(`SELECT * FROM journal WHERE state = 'undone' ORDER BY id LIMIT 1`, "done");
	}
	/** The newest entries first, those undone among them. */
	list(from, limit) {
		return this.#database.read(() => {
			const { sqlite } = this.#database;
			const rows = sqlite.prepare("SELECT * FROM journal ORDER BY id DESC LIMIT ? OFFSET ?").all(limit, from);
			const total = sqlite.prepare("SELECT count(*) AS n FROM journal").get().n;
			return {
				items: rows.map(entryOf),
				total
			};
		});
	}
	get(entry) {
		const row = this.#database.read(() => this.#database.sqlite.prepare("SELECT * FROM journal WHERE id = ?").get(entry));
		return row ? entryOf(row) : null;
	}
	#step(which, state) {
		const { sqlite } = this.#database;
		return this.#database.write(() => {
			const row = sqlite.prepare(which).get();
			if (!row) return null;
			const order = state === "undone" ? "DESC" : "ASC";
			const changes = sqlite.prepare(`SELECT tbl, before, after FROM journal_changes WHERE entry_id = ? ORDER BY seq ${order}`).all(row.id);
			sqlite.exec("PRAGMA defer_foreign_keys = ON");
			for (const { tbl, before, after } of changes) if (state === "undone") this.#become(tbl, after, before);
			else this.#become(tbl, before, after);
			sqlite.prepare("UPDATE journal SET state = ? WHERE id = ?").run(state, row.id);
			return entryOf({
				...row,
				state
			});
		});
	}
	/** Makes the row that is `from` now into `to`. A face that a scan has taken away meanwhile is passed over. */
	#become(table, from, to) {
		const { sqlite } = this.#database;
		const row = JSON.parse(to ?? from);
		const key = keyOf(table);
		const where = key.map((name) => `${name} = ?`).join(" AND ");
		const keys = key.map((name) => row[name]);
		if (to === null) {
			sqlite.prepare(`DELETE FROM ${table} WHERE ${where}`).run(...keys);
			return;
		}
		const face = row.face_id;
		if (face !== void 0 && !sqlite.prepare("SELECT 1 FROM faces WHERE id = ?").get(face)) return;
		if (row.group_id != null) sqlite.prepare("INSERT OR IGNORE INTO groups (id) VALUES (?)").run(row.group_id);
		const columns = Object.keys(row);
		const values = columns.map((name) => row[name]);
		if (table === "faces" || table === "photos") {
			const set = columns.map((name) => `${name} = ?`).join(", ");
			sqlite.prepare(`UPDATE ${table} SET ${set} WHERE ${where}`).run(...values, ...keys);
			return;
		}
		const others = columns.filter((name) => !key.includes(name));
		const change = others.length > 0 ? `DO UPDATE SET ${others.map((name) => `${name} = excluded.${name}`).join(", ")}` : "DO NOTHING";
		sqlite.prepare(`INSERT INTO ${table} (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})
         ON CONFLICT (${key.join(", ")}) ${change}`).run(...values);
	}
};
function entryOf(row) {
	return {
		id: row.id,
		at: row.at,
		action: row.action,
		detail: JSON.parse(row.detail),
		by: row.by_whom,
		state: row.state
	};
}
export { Journal };
