import type { FaceId, PhotoId } from '../contract/ids.ts';
import type { Database } from './database.ts';

/** Which faces are on versions of one photo. Derived data: it can be made again at any time, and is not journalled. */
export class Stacks {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** The number of the stack of each face that is in one: the id of its oldest face. */
  all(): Map<FaceId, FaceId> {
    const rows = this.#database.read(() => {
      const select = this.#database.sqlite.prepareAlone('SELECT face_id, stack FROM stacks');
      select.setReturnArrays(true);
      return select.all() as unknown as [FaceId, FaceId][];
    });
    return new Map(rows);
  }

  /**
   * Replaces all stacks by these. Only faces whose stack differs are written.
   *
   * @param stacks the faces of each; those that are gone by now are left out
   * @returns whether anything changed
   */
  replace(stacks: readonly (readonly FaceId[])[]): boolean {
    const wanted = new Map(
      stacks.flatMap((faces) => {
        const first = faces.reduce((least, face) => (face < least ? face : least));
        return faces.map((face) => [face, first] as const);
      }),
    );
    const { sqlite } = this.#database;
    return this.#database.write(() => {
      const former = this.all();
      const gone = [...former.keys()].filter((face) => !wanted.has(face));
      const changed = [...wanted].filter(([face, stack]) => former.get(face) !== stack);
      const drop = sqlite.prepare('DELETE FROM stacks WHERE face_id = ?');
      const put = sqlite.prepare(
        `INSERT INTO stacks (face_id, stack) SELECT id, ? FROM faces WHERE id = ?
         ON CONFLICT (face_id) DO UPDATE SET stack = excluded.stack`,
      );
      for (const face of gone) drop.run(face);
      for (const [face, stack] of changed) put.run(stack, face);
      return gone.length + changed.length > 0;
    });
  }

  /** The dHash of photos: null where the thumbnail can't be decoded, no entry where it was not hashed yet. */
  hashes(photos: Iterable<PhotoId>): Map<PhotoId, string | null> {
    return this.#database.read(() => {
      const select = this.#database.sqlite.prepare('SELECT dhash FROM photo_hashes WHERE photo_id = ?');
      const found = new Map<PhotoId, string | null>();
      for (const photo of photos) {
        const row = select.get(photo);
        if (row) found.set(photo, row.dhash as string | null);
      }
      return found;
    });
  }

  /** Records the dHash of photos, except of those that are gone by now. */
  putHashes(hashes: ReadonlyMap<PhotoId, string | null>): void {
    this.#database.write(() => {
      const put = this.#database.sqlite.prepare(
        'INSERT OR REPLACE INTO photo_hashes (photo_id, dhash) SELECT id, ? FROM photos WHERE id = ?',
      );
      for (const [photo, dhash] of hashes) put.run(dhash, photo);
    });
  }
}
