import type { FaceId } from '../contract/ids.ts';
import type { Portrait } from '../contract/vision.ts';
import type { Database } from './database.ts';

/** Pictures of those faces that their crops alone show badly. */
export class Portraits {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** JPEG; null where none of this edition was drawn yet, as in libraries from before version 20. */
  get(face: FaceId, edition: string): Uint8Array | null {
    const select = 'SELECT jpeg FROM portraits WHERE face_id = ? AND edition = ?';
    const row = this.#database.read(() => this.#database.sqlite.prepare(select).get(face, edition));
    return row ? (row.jpeg as Uint8Array) : null;
  }

  /** Records what was drawn, in place of an earlier edition. A face that is not in the record (any more) gets none. */
  put(face: FaceId, { edition, jpeg }: Portrait): void {
    this.#database.write(() =>
      this.#database.sqlite
        .prepare('INSERT OR REPLACE INTO portraits SELECT id, ?, ? FROM faces WHERE id = ?')
        .run(edition, jpeg, face),
    );
  }
}
