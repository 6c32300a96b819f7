import { bytesOf } from "./bytes.js";
import { bumpRevision } from "./settings.js";
// electron/library/faces.ts
/** Faces, their crops and embeddings. */
var Faces = class {
	#database;
	constructor(database) {
		this.#database = database;
	}
	/** The faces on all photos of a folder; each face once, ordered by photo, then from left to right. */
	ofFolder(folder) {
		return this.#database.read(() => this.#database.sqlite.prepare(`SELECT id, photo_id, x, y, width, height, score, quality, group_id FROM faces
           WHERE withdrawn = 0 AND photo_id IN (SELECT photo_id FROM files WHERE folder_id = ?) ORDER BY photo_id, x, y, id`).all(folder)).map((row) => ({
			id: row.id,
			photoId: row.photo_id,
			box: {
				x: row.x,
				y: row.y,
				width: row.width,
				height: row.height
			},
			score: row.score,
			quality: row.quality,
			group: row.group_id
		}));
	}
	/**
	* Puts down a face that somebody drew. It counts for nothing until it is shown: see {@link Faces.show}.
	*/
	addDrawn(photo, face, by) {
		const { sqlite } = this.#database;
		return this.#database.write(() => {
			const { x, y, width, height } = face.box;
			const id = sqlite.prepare(`INSERT INTO faces (photo_id, detector, x, y, width, height, landmarks, score, quality, drawn, withdrawn)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 1, 1) RETURNING id`).get(...[
				photo,
				by.detector,
				x,
				y,
				width,
				height
			], ...[
				face.landmarks && JSON.stringify(face.landmarks),
				face.score,
				face.quality
			]).id;
			sqlite.prepare("INSERT INTO crops (face_id, jpeg) VALUES (?, ?)").run(id, face.crop);
			sqlite.prepare("INSERT INTO embeddings (face_id, encoder, vector) VALUES (?, ?, ?)").run(id, by.encoder, bytesOf(face.embedding));
			bumpRevision(this.#database);
			return id;
		});
	}
	/** Shows a drawn face; inside a deed of the journal, so that undoing withdraws it. */
	show(face) {
		this.#database.write(() => this.#database.sqlite.prepare("UPDATE faces SET withdrawn = 0 WHERE id = ?").run(face));
	}
	/** The faces that a photo has. */
	ofPhoto(photo) {
		return this.#database.read(() => this.#database.sqlite.prepare("SELECT id FROM faces WHERE photo_id = ? AND withdrawn = 0 ORDER BY x, id").all(photo));
	}
	/** The vector of one face by an encoder; null where it has none. */
	vector(face, encoder) {
		const row = this.#database.read(() => this.#database.sqlite.prepare("SELECT vector FROM embeddings WHERE face_id = ? AND encoder = ?").get(face, encoder));
		return row ? new Float32Array(new Uint8Array(row.vector).buffer) : null;
	}
	/** The stored crop of each face that has one, as JPEG, in the order asked for. */
	crops(ids) {
		return this.#database.read(() => {
			const select = this.#database.sqlite.prepare("SELECT jpeg FROM crops WHERE face_id = ?");
			return ids.flatMap((id) => {
				const row = select.get(id);
				return row ? [{
					id,
					jpeg: row.jpeg
				}] : [];
			});
		});
	}
	/** All embeddings of an encoder, of faces on photos that some file holds. */
	embeddings(encoder) {
		return this.#database.read(() => {
			const { sqlite } = this.#database;
			const rows = sqlite.prepare(`SELECT embeddings.face_id, hash, quality, photo_id, group_id, several, taken_at FROM embeddings
           JOIN faces ON faces.id = embeddings.face_id JOIN photos ON photos.id = faces.photo_id
           LEFT JOIN labels ON labels.face_id = faces.id
           WHERE encoder = ? AND withdrawn = 0 AND verdict IS NOT 'not-a-face' AND EXISTS (SELECT 1 FROM files WHERE files.photo_id = photos.id)
           ORDER BY hash, x, y, faces.width, faces.height, faces.id`).all(encoder);
			const select = sqlite.prepare("SELECT vector FROM embeddings WHERE face_id = ? AND encoder = ?");
			const vectorOf = (row) => select.get(row.face_id, encoder).vector;
			const bytes = rows[0] ? vectorOf(rows[0]).length : 0;
			const packed = new Uint8Array(rows.length * bytes);
			rows.forEach((row, i) => {
				packed.set(vectorOf(row), i * bytes);
			});
			return {
				size: bytes / Float32Array.BYTES_PER_ELEMENT,
				faceIds: rows.map((row) => row.face_id),
				photoHashes: rows.map((row) => row.hash),
				qualities: Float32Array.from(rows, (row) => row.quality),
				photoIds: rows.map((row) => row.photo_id),
				groups: Int32Array.from(rows, (row) => row.group_id ?? 0),
				several: new Set(rows.filter((row) => row.several === 1).map((row) => row.photo_id)),
				days: Float64Array.from(rows, (row) => row.taken_at === null ? NaN : daysOf(row.taken_at)),
				vectors: new Float32Array(packed.buffer)
			};
		});
	}
};
/** A camera's local time as days, since nothing more exact than that is ever asked of it. */
function daysOf(takenAt) {
	return Date.parse(`${takenAt}Z`) / 864e5;
}
export { Faces };
