import { EncoderId } from "../contract/ids.js";
import { getSetting, putSetting, revisionOf } from "./settings.js";
// electron/library/groups.ts
/** Faces that Kith takes for one person. */
var Groups = class {
	#database;
	constructor(database) {
		this.#database = database;
	}
	/**
	* Names the present state of all that is grouped. {@link Groups.replace} takes it back, so that groups made
	* from a state that has changed meanwhile are not taken for those of the new one.
	*/
	state() {
		return this.#database.read(() => revisionOf(this.#database));
	}
	/** Whether the groups were made by this method from the present state. */
	areCurrent(method) {
		return this.#database.read(() => getSetting(this.#database, "grouped") === stamp(method, revisionOf(this.#database)));
	}
	/** Whether the groups that there are were made by this method, of whatever state. */
	wereMadeBy(method) {
		return this.#database.read(() => getSetting(this.#database, "grouped")?.startsWith(stamp(method, "")) === true);
	}
	/** The encoder by which the present groups were made; null before the first grouping. */
	encoder() {
		const { data } = EncoderId.safeParse(this.#database.read(() => getSetting(this.#database, "encoder")) ?? void 0);
		return data ?? null;
	}
	/**
	* Adds to the groups that are there: faces without a group get one, and no other face is touched.
	*
	* @param joins faces that join a group of the record
	* @param founded faces of each group that begins
	* @param state what {@link Groups.state} said before the embeddings were read
	*/
	extend(change, by, state) {
		const { sqlite } = this.#database;
		this.#database.write(() => {
			const join = sqlite.prepare("UPDATE faces SET group_id = ? WHERE id = ? AND group_id IS NULL");
			for (const { face, group } of change.joins) join.run(group, face);
			for (const faces of change.founded) {
				const id = this.create();
				for (const face of faces) join.run(id, face);
			}
			putSetting(this.#database, "encoder", by.encoder);
			putSetting(this.#database, "grouped", stamp(by.method, state));
		});
	}
	/** A new, empty group. Its number was never another group's, so that undoing can bring that one back. */
	create() {
		const { sqlite } = this.#database;
		return this.#database.write(() => {
			const most = sqlite.prepare("SELECT coalesce(max(id), 0) AS id FROM groups").get().id;
			const id = Math.max(most, Number(getSetting(this.#database, "last-group") ?? 0)) + 1;
			putSetting(this.#database, "last-group", String(id));
			sqlite.prepare("INSERT INTO groups (id) VALUES (?)").run(id);
			return id;
		});
	}
	/** Moves faces to a group, or out of all groups; groups that are empty then go. */
	move(faces, to) {
		const { sqlite } = this.#database;
		this.#database.write(() => {
			const move = sqlite.prepare("UPDATE faces SET group_id = ? WHERE id = ?");
			for (const face of faces) move.run(to, face);
			this.#sweep();
		});
	}
	/** All faces of `from` join `into`. */
	merge(from, into) {
		const { sqlite } = this.#database;
		this.#database.write(() => {
			const move = sqlite.prepare("UPDATE faces SET group_id = ? WHERE group_id = ?");
			for (const group of from) if (group !== into) move.run(into, group);
			this.#sweep();
		});
	}
	setHidden(groups, hidden) {
		this.#database.write(() => {
			const hide = this.#database.sqlite.prepare("UPDATE groups SET hidden = ? WHERE id = ?");
			for (const group of groups) hide.run(Number(hidden), group);
		});
	}
	/** Faces of these groups that nobody has given a verdict on. */
	unlabelled(groups) {
		return this.#database.read(() => {
			const select = this.#database.sqlite.prepare(`SELECT id FROM faces WHERE group_id = ? AND withdrawn = 0
           AND NOT EXISTS (SELECT 1 FROM labels WHERE face_id = faces.id AND by_whom <> 'sure') ORDER BY id`);
			return groups.flatMap((group) => select.all(group).map(({ id }) => id));
		});
	}
	/** A number for each new group: that of the former group that most of its faces were in, else a new one. */
	#inherited(groups) {
		const former = this.#database.sqlite.prepare("SELECT group_id FROM faces WHERE id = ?");
		const overlaps = groups.flatMap((faces, index) => {
			const counts = /* @__PURE__ */ new Map();
			for (const face of faces) {
				const group = former.get(face)?.group_id;
				if (group != null) counts.set(group, (counts.get(group) ?? 0) + 1);
			}
			return [...counts].map(([group, count]) => ({
				index,
				group,
				count
			}));
		});
		overlaps.sort((a, b) => b.count - a.count || a.index - b.index || a.group - b.group);
		const ids = groups.map(() => void 0);
		const taken = /* @__PURE__ */ new Set();
		for (const { index, group } of overlaps) {
			if (ids[index] !== void 0 || taken.has(group)) continue;
			ids[index] = group;
			taken.add(group);
		}
		return ids.map((id) => id ?? this.create());
	}
	#sweep() {
		this.#database.sqlite.exec("DELETE FROM groups WHERE NOT EXISTS (SELECT 1 FROM faces WHERE group_id = groups.id)");
	}
	/**
	* Puts these groups in the place of all that were. Where they were made by another encoder than those, the library
	* goes over to it at this moment, all at once.
	*
	* @param by the encoder whose vectors were compared, and how: calibration, version of the method
	* @param groups faces of each group; one that mostly was a group keeps its number
	* @param state what {@link Groups.state} said before the embeddings were read
	*/
	replace(groups, by, state) {
		const { sqlite } = this.#database;
		this.#database.write(() => {
			const ids = this.#inherited(groups);
			const next = new Map(groups.flatMap((faces, i) => faces.map((face) => [face, ids[i]])));
			const move = sqlite.prepare("UPDATE faces SET group_id = ? WHERE id = ? AND group_id IS NOT ?");
			for (const { id, group_id } of sqlite.prepare("SELECT id, group_id FROM faces").all()) {
				const group = next.get(id) ?? null;
				if (group !== group_id) move.run(group, id, group);
			}
			this.#sweep();
			putSetting(this.#database, "encoder", by.encoder);
			putSetting(this.#database, "grouped", stamp(by.method, state));
		});
	}
};
function stamp(method, state) {
	return `${method} @ ${state}`;
}
export { Groups };
