import { KithError } from "../contract/errors.js";
import { Backlog } from "./backlog.js";
import { Database } from "./database.js";
import { FaceCards } from "./face-cards.js";
import { Faces } from "./faces.js";
import { Files } from "./files.js";
import { Groups } from "./groups.js";
import { Journal } from "./journal.js";
import { Labels } from "./labels.js";
import { migrate } from "./migrate.js";
import { People } from "./people.js";
import { PeopleCards } from "./people-cards.js";
import { PhotoCards } from "./photo-cards.js";
import { Photos } from "./photos.js";
import { Questions } from "./questions.js";
import { Settings } from "./settings.js";
import { dirname, resolve } from "node:path";
import { closeSync, mkdirSync, openSync, readSync, statSync } from "node:fs";
// electron/library/open.ts
/**
* Opens a library, makes it where there is none, and brings an older one up to date.
*
* Write-ahead log with `synchronous = NORMAL`: a process that is killed loses nothing that was committed; a
* machine that loses power may lose the last photos, which are then done again, and never the whole
* (sqlite.org/pragma.html#pragma_synchronous).
*
* @throws KithError library-not-a-library, library-from-newer-version, library-unwritable, library-busy,
*   disk-full; `detail` names the file
*/
function openLibrary(path) {
	const file = resolve(path);
	makeRoom(file);
	refuseForeign(file);
	const database = new Database(file);
	try {
		migrate(database);
		database.read(() => database.sqlite.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL"));
		return libraryOn(database);
	} catch (error) {
		database.close();
		throw error;
	}
}
/** The library that lies in a database of the newest version. */
function libraryOn(database) {
	return {
		file: database.file,
		files: new Files(database),
		photos: new Photos(database),
		faces: new Faces(database),
		groups: new Groups(database),
		backlog: new Backlog(database),
		people: new People(database),
		labels: new Labels(database),
		journal: new Journal(database),
		settings: new Settings(database),
		questions: new Questions(database),
		cards: {
			faces: new FaceCards(database),
			people: new PeopleCards(database),
			photos: new PhotoCards(database)
		},
		transaction: (work) => database.write(work),
		copyTo: (path) => copy(database, path),
		close: () => database.close()
	};
}
/** `VACUUM INTO`, since a copy of the file alone would lack what still lies in the write-ahead log. */
function copy(database, path) {
	try {
		database.sqlite.prepare("VACUUM INTO ?").run(path);
	} catch (error) {
		throw new KithError("output-unwritable", `${path}: ${message(error)}`, { cause: error });
	}
}
function makeRoom(file) {
	try {
		mkdirSync(dirname(file), { recursive: true });
	} catch (error) {
		const code = error instanceof Error && "code" in error ? error.code : "";
		throw new KithError(code === "ENOSPC" ? "disk-full" : "library-unwritable", `${file}: ${message(error)}`, { cause: error });
	}
}
/**
* Looks at the first bytes before SQLite does, for SQLite may write into a file that it opens, and a file that
* is no database is somebody's photo or letter. An empty file is taken for a library that was never begun.
*/
function refuseForeign(file) {
	const stats = statSync(file, { throwIfNoEntry: false });
	if (!stats || stats.isFile() && stats.size === 0) return;
	if (!stats.isFile()) throw new KithError("library-not-a-library", `${file}: expected a file but found a folder or a device`);
	const magic = Buffer.from("SQLite format 3\0", "latin1");
	const head = Buffer.alloc(magic.length);
	try {
		const descriptor = openSync(file, "r");
		try {
			readSync(descriptor, head);
		} finally {
			closeSync(descriptor);
		}
	} catch (error) {
		throw new KithError("library-unwritable", `${file}: ${message(error)}`, { cause: error });
	}
	if (!head.equals(magic)) throw new KithError("library-not-a-library", `${file}: no SQLite database`);
}
function message(error) {
	return error instanceof Error ? error.message : String(error);
}
export { libraryOn, openLibrary };
