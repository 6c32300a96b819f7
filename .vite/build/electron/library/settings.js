// electron/library/settings.ts
/**
* A number that grows with every change of what is to be grouped: a photo's faces, or which photos are in
* any file. Groups that were made at this revision need not be made again.
*/
function bumpRevision(database) {
	database.sqlite.prepare(`INSERT INTO settings (key, value) VALUES ('revision', '1')
       ON CONFLICT (key) DO UPDATE SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT)`).run();
}
/** The present revision; `0` in a new library. */
function revisionOf(database) {
	return getSetting(database, "revision") ?? "0";
}
function getSetting(database, key) {
	const row = database.sqlite.prepare("SELECT value FROM settings WHERE key = ?").get(key);
	return row ? row.value : null;
}
function putSetting(database, key, value) {
	database.sqlite.prepare("INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value").run(key, value);
}
/** What is kept of a library besides photos and people; each value is text. */
var Settings = class {
	#database;
	constructor(database) {
		this.#database = database;
	}
	get(key) {
		return this.#database.read(() => getSetting(this.#database, key));
	}
	put(key, value) {
		this.#database.write(() => putSetting(this.#database, key, value));
	}
};
export { Settings, bumpRevision, getSetting, putSetting, revisionOf };
