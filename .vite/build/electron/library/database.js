import { KithError } from "../contract/errors.js";
import { DatabaseSync } from "node:sqlite";
// electron/library/database.ts
/**
* One SQLite file. All statements run inside {@link Database.read} or {@link Database.write}, which turn
* SQLite's numbers into errors that name the file.
*/
var Database = class {
	file;
	sqlite;
	/** @param patience milliseconds that a statement waits for another process that is writing */
	constructor(file, patience = 5e3) {
		this.file = file;
		this.sqlite = this.read(() => new DatabaseSync(file, { timeout: patience }));
	}
	/** Runs statements that change nothing. */
	read(work) {
		try {
			return work();
		} catch (error) {
			throw explain(error, this.file);
		}
	}
	/**
	* Runs statements as one transaction: all of them are in the record afterwards, or none. A `write` inside
	* a `write` is part of the outer one.
	*/
	write(work) {
		if (this.sqlite.isTransaction) return work();
		return this.read(() => {
			this.sqlite.exec("BEGIN IMMEDIATE");
			try {
				const result = work();
				this.sqlite.exec("COMMIT");
				return result;
			} catch (error) {
				if (this.sqlite.isTransaction) this.sqlite.exec("ROLLBACK");
				throw error;
			}
		});
	}
	close() {
		if (this.sqlite.isOpen) this.sqlite.close();
	}
};
/** SQLite's primary result codes (sqlite.org/rescode.html) that a person can do something about. */
var CODES = /* @__PURE__ */ new Map([
	[3, "library-unwritable"],
	[5, "library-busy"],
	[6, "library-busy"],
	[8, "library-unwritable"],
	[10, "library-unwritable"],
	[11, "library-not-a-library"],
	[13, "disk-full"],
	[14, "library-unwritable"],
	[26, "library-not-a-library"]
]);
/** No room for the index of the write-ahead log: SQLITE_IOERR_SHMSIZE, SQLITE_IOERR_SHMOPEN. */
var NO_ROOM = /* @__PURE__ */ new Set([4874, 4618]);
/** SQLite's error as one that names the library file; anything else comes back as it is. */
function explain(error, file) {
	if (!(error instanceof Error) || !("errcode" in error) || typeof error.errcode !== "number") return error;
	const code = NO_ROOM.has(error.errcode) ? "disk-full" : CODES.get(error.errcode & 255);
	return code ? new KithError(code, `${file}: ${error.message}`, { cause: error }) : error;
}
export { Database };
