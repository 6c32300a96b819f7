import type { FaceId } from '../contract/ids.ts';
import type { Database } from './database.ts';

/**
 * Tells which faces' labels have changed, so that a cache of all labels need not read a hundred thousand each time.
 * Triggers note the changes of this database connection, also those by undo. A rollback removes the notes with the
 * changes. Where another connection has written, all labels have to be read again.
 */
export class LabelChanges {
  readonly #database: Database;
  #isWatched = false;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Begins to note changes. To be called outside of a transaction, whose rollback would remove the triggers. */
  watch(): void {
    if (this.#isWatched) return;
    // Not `OR IGNORE`: the statement that fires a trigger may override it (sqlite.org/lang_createtrigger.html).
    const note = (event: string, of: string) =>
      `CREATE TEMP TRIGGER touched_${event} AFTER ${event} ON main.labels BEGIN
         INSERT INTO touched (face_id) SELECT ${of}.face_id
         WHERE NOT EXISTS (SELECT 1 FROM touched WHERE face_id = ${of}.face_id); END;`;
    this.#database.read(() =>
      this.#database.sqlite.exec(
        `PRAGMA temp_store = MEMORY;
         CREATE TEMP TABLE touched (face_id INTEGER PRIMARY KEY);
         CREATE TEMP TABLE taken (version INTEGER NOT NULL);
         INSERT INTO taken VALUES (0);
         ${note('insert', 'new')} ${note('update', 'new')} ${note('delete', 'old')}`,
      ),
    );
    this.#isWatched = true;
  }

  /**
   * Faces whose labels have changed.
   *
   * @param since the `state` that this returned the last time; null: no label was read yet
   * @returns `faces` null: which faces changed is not known, and all labels have to be read
   */
  take(since: string | null): { state: string; faces: FaceId[] | null } {
    if (!this.#isWatched) return { state: '', faces: null };
    const { sqlite } = this.#database;
    return this.#database.read(() => {
      const others = sqlite.prepare('PRAGMA data_version').get()!.data_version;
      const version = sqlite.prepare('SELECT version FROM taken').get()!.version as number;
      const touched = sqlite.prepare('SELECT face_id FROM touched').all();
      const isKnown = since === `${version} ${others}`;
      if (isKnown && touched.length === 0) return { state: since, faces: [] };
      // Other callers find another state the next time, and read all labels.
      sqlite.exec('DELETE FROM touched; UPDATE taken SET version = version + 1');
      const faces = isKnown ? touched.map((row) => row.face_id as FaceId) : null;
      return { state: `${version + 1} ${others}`, faces };
    });
  }
}
