import { bytesOf } from "./bytes.js";
import { bumpRevision } from "./settings.js";
// electron/library/backlog.ts
/**
* The way from one encoder to another: which photos lack the new one's vectors, and their arrival, photo by photo.
* Faces, boxes and groups are not touched, and neither are the vectors of other encoders.
*/
var Backlog = class {
	#database;
	constructor(database) {
		this.#database = database;
	}
	/**
	* Photos that some file holds and of which some face has no vector of this encoder. Of the folder asked for, also
	* those whose vectors were made from crops, since their files were just seen.
	*/
	photos(encoder, folder) {
		return this.#database.read(() => this.#database.sqlite.prepare(`SELECT id FROM photos
           WHERE EXISTS (SELECT 1 FROM files WHERE photo_id = photos.id)
             AND EXISTS (SELECT 1 FROM analyses WHERE photo_id = photos.id)
             AND NOT EXISTS (SELECT 1 FROM analyses WHERE photo_id = photos.id AND encoder = ?1)
             AND (EXISTS (SELECT 1 FROM files WHERE photo_id = photos.id AND folder_id = ?2)
               OR EXISTS (SELECT 1 FROM faces WHERE photo_id = photos.id AND NOT EXISTS
                 (SELECT 1 FROM embeddings WHERE face_id = faces.id AND encoder = ?1)))
           ORDER BY id`).all(encoder, folder)).map(({ id }) => id);
	}
	/** What is needed to embed a photo's faces again. */
	photo(id, folder) {
		return this.#database.read(() => {
			const { sqlite } = this.#database;
			const { hash, width, height } = sqlite.prepare("SELECT * FROM photos WHERE id = ?").get(id);
			const files = sqlite.prepare(`SELECT folders.path AS folder, files.path FROM files JOIN folders ON folders.id = folder_id
           WHERE photo_id = ? ORDER BY folder_id <> ?, files.id`).all(id, folder);
			const faces = sqlite.prepare("SELECT * FROM faces WHERE photo_id = ? ORDER BY id").all(id);
			return {
				id,
				hash,
				width,
				height,
				paths: files.map((file) => `${file.folder}/${file.path}`),
				faces: faces.map((face) => ({
					id: face.id,
					box: {
						x: face.x,
						y: face.y,
						width: face.width,
						height: face.height
					},
					landmarks: face.landmarks === null ? null : JSON.parse(face.landmarks),
					detector: face.detector
				}))
			};
		});
	}
	/**
	* Records new vectors of one photo's faces in one transaction; one that was analysed anew meanwhile is left alone.
	*
	* @param vectors one for each face of `photo`, in order
	* @param from where they were made from. The photo itself settles it; crops leave it to be done better when a
	*   scan meets its file.
	*/
	record(photo, vectors, encoder, from) {
		const { sqlite } = this.#database;
		this.#database.write(() => {
			if (!this.#isUnchanged(photo)) return;
			const put = sqlite.prepare(`INSERT INTO embeddings (face_id, encoder, vector) VALUES (?, ?, ?)
         ON CONFLICT (face_id, encoder) DO UPDATE SET vector = excluded.vector`);
			photo.faces.forEach(({ id }, i) => {
				put.run(id, encoder, bytesOf(vectors[i]));
			});
			if (from === "photo") sqlite.prepare(`INSERT INTO analyses (photo_id, encoder, detector)
             SELECT photo_id, ?, detector FROM analyses WHERE photo_id = ? LIMIT 1 ON CONFLICT DO NOTHING`).run(encoder, photo.id);
			if (photo.faces.length > 0) bumpRevision(this.#database);
		});
	}
	#isUnchanged({ id, faces }) {
		const now = this.#database.sqlite.prepare("SELECT id, x, y, width, height FROM faces WHERE photo_id = ? ORDER BY id").all(id);
		const key = (face) => [
			face.x,
			face.y,
			face.width,
			face.height
		].join();
		return now.length === faces.length && now.every((row, i) => row.id === faces[i].id && key(row) === key(faces[i].box));
	}
};
export { Backlog };
