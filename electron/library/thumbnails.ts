import type { PhotoId } from '../contract/ids.ts';
import type { Database } from './database.ts';

/** Small pictures of photos, so that a list of them needs neither the files nor any decoding. */
export class Thumbnails {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** JPEG, upright; null where none was made yet, as in libraries from before version 6. */
  get(photo: PhotoId): Uint8Array | null {
    const select = 'SELECT jpeg FROM thumbnails WHERE photo_id = ?';
    const row = this.#database.read(() => this.#database.sqlite.prepare(select).get(photo));
    return row ? (row.jpeg as Uint8Array) : null;
  }

  /** Records a thumbnail. A photo that has one keeps it; a photo that is not in the record gets none. */
  put(photo: PhotoId, jpeg: Uint8Array): void {
    this.#database.write(() =>
      this.#database.sqlite
        .prepare('INSERT OR IGNORE INTO thumbnails SELECT id, ? FROM photos WHERE id = ?')
        .run(jpeg, photo),
    );
  }
}
