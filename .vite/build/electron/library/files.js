import { bumpRevision } from "./settings.js";
// electron/library/files.ts
/** What the next scan would find again without a look: such a file is opened only once it has changed. */
var SETTLED = [
	"empty-file",
	"not-an-image",
	"truncated",
	"too-large"
];
/** Where photos lie: one row for each path of each folder. */
var Files = class {
	#database;
	#link;
	#refuse;
	constructor(database) {
		this.#database = database;
		this.#link = database.sqlite.prepare(`UPDATE files SET status = 'done', photo_id = ?, reason_code = NULL, reason_detail = NULL WHERE id = ?`);
		this.#refuse = database.sqlite.prepare(`UPDATE files SET status = 'unreadable', photo_id = NULL, reason_code = ?, reason_detail = ? WHERE id = ?`);
	}
	/** The row of a folder, made where there is none. `path` is absolute and real, so that a folder has one. */
	folder(path) {
		return this.#database.write(() => {
			this.#database.sqlite.prepare("INSERT INTO folders (path) VALUES (?) ON CONFLICT DO NOTHING").run(path);
			return this.#database.sqlite.prepare("SELECT id FROM folders WHERE path = ?").get(path).id;
		});
	}
	/**
	* Takes over what a walk saw: new and changed files become pending, rows of files that are gone go. Their
	* photos stay, with faces, for a file that was moved brings the same content back under another path.
	*
	* @param unseen subfolders that the walk could not enter, ending in `/`: nothing is known of their files
	* @returns the files that need a look under this detector, in the order seen
	*/
	reconcile(folder, seen, unseen, detector) {
		const { sqlite } = this.#database;
		return this.#database.write(() => {
			const known = this.#known(folder, detector);
			const insert = sqlite.prepare(`INSERT INTO files (folder_id, path, size, mtime_ns, status) VALUES (?, ?, ?, ?, 'pending')`);
			const change = sqlite.prepare(`UPDATE files SET size = ?, mtime_ns = ?, status = 'pending', photo_id = NULL, reason_code = NULL,
           reason_detail = NULL WHERE id = ?`);
			let revised = false;
			const open = [];
			for (const file of seen) {
				const row = known.get(file.path);
				known.delete(file.path);
				if (!row) {
					const id = insert.run(folder, file.path, file.size, file.mtimeNs).lastInsertRowid;
					open.push({
						...file,
						id: Number(id)
					});
				} else if (row.size !== file.size || row.mtimeNs !== file.mtimeNs) {
					change.run(file.size, file.mtimeNs, row.id);
					revised ||= row.hasPhoto;
					open.push({
						...file,
						id: row.id
					});
				} else if (!row.settled) open.push({
					...file,
					id: row.id
				});
			}
			const remove = sqlite.prepare("DELETE FROM files WHERE id = ?");
			for (const [path, row] of known) {
				if (unseen.some((prefix) => path.startsWith(prefix))) continue;
				remove.run(row.id);
				revised ||= row.hasPhoto;
			}
			if (revised) bumpRevision(this.#database);
			return open;
		});
	}
	/** Notes that a file holds a photo that is in the record. */
	link(file, photo) {
		this.#database.write(() => {
			this.#link.run(photo, file);
			bumpRevision(this.#database);
		});
	}
	/** Notes that a file could not be read as a photo. */
	refuse(file, code, detail) {
		this.#database.write(() => this.#refuse.run(code, detail, file));
	}
	/** All files of a folder, ordered by path (by code point). */
	list(folder) {
		return this.#database.read(() => this.#database.sqlite.prepare(`SELECT path, status, reason_code AS reasonCode, reason_detail AS reasonDetail, photo_id AS photoId,
               width, height
             FROM files LEFT JOIN photos ON photos.id = photo_id WHERE folder_id = ? ORDER BY path`).all(folder));
	}
	#known(folder, detector) {
		const rows = this.#database.sqlite.prepare(`SELECT id, path, size, mtime_ns AS mtimeNs, files.photo_id IS NOT NULL AS hasPhoto,
           CASE status
             WHEN 'done' THEN EXISTS
               (SELECT 1 FROM analyses WHERE photo_id = files.photo_id AND detector = ?1)
             WHEN 'unreadable' THEN reason_code IN (${SETTLED.map((code) => `'${code}'`).join()})
             ELSE 0
           END AS settled
         FROM files WHERE folder_id = ?2`, { readBigInts: true }).all(detector, folder);
		return new Map(rows.map((row) => [row.path, {
			id: Number(row.id),
			size: Number(row.size),
			mtimeNs: row.mtimeNs,
			hasPhoto: row.hasPhoto === 1n,
			settled: row.settled === 1n
		}]));
	}
};
export { Files };
