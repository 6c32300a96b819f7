import { KithError } from "../contract/errors.js";
import { MIGRATIONS } from "./migrations.js";
import { renameSync, rmSync } from "node:fs";
// electron/library/migrate.ts
/** "Kith" in ASCII, in the header of every library, so that no other program's database is taken for one. */
var APPLICATION_ID = 1265202280;
/**
* Brings a library to the newest schema: all missing steps in one transaction, after a copy of the older
* file was put beside it as `<file>.before-v<newest>`.
*
* @throws KithError library-not-a-library for another program's database, library-from-newer-version
*/
function migrate(database, steps = MIGRATIONS) {
	const newest = steps.length;
	if (stateOf(database, newest) === newest) return;
	if (stateOf(database, newest) > 0) keepCopy(database, `${database.file}.before-v${newest}`);
	database.write(() => {
		for (let version = stateOf(database, newest); version < newest; version++) database.sqlite.exec(steps[version]);
		database.sqlite.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${newest}`);
	});
}
/** The schema's version, 0 for a new file. */
function stateOf(database, newest) {
	return database.read(() => {
		const application = pragma(database, "application_id");
		const version = pragma(database, "user_version");
		if (application === 0 && version === 0 && isBare(database)) return 0;
		if (application !== APPLICATION_ID) throw new KithError("library-not-a-library", `${database.file}: a database of another program`);
		if (version > newest) throw new KithError("library-from-newer-version", `${database.file}: expected version ${newest} or older but found ${version}`);
		return version;
	});
}
function pragma(database, name) {
	return Number(database.sqlite.prepare(`PRAGMA ${name}`).get()?.[name]);
}
function isBare(database) {
	return database.sqlite.prepare("SELECT 1 FROM sqlite_schema").get() === void 0;
}
/** `VACUUM INTO`, since a copy of the file alone would lack what still lies in the write-ahead log. */
function keepCopy(database, copy) {
	const part = `${copy}.part`;
	rmSync(part, { force: true });
	database.read(() => database.sqlite.prepare("VACUUM INTO ?").run(part));
	renameSync(part, copy);
}
export { migrate };
