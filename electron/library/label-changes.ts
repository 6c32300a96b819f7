import type { FaceId } from '../contract/ids.ts';
import type { Database } from './database.ts';

/**
 * Which faces' labels have changed, so that whoever holds all of them in memory need not read a hundred thousand each
 * time. Noted by triggers, for this connection alone: whatever changes labels, undo among it, is seen. What is rolled
 * back takes the notes back with it; and where another process has written, everything has to be read anew.
 */
export class LabelChanges {
  readonly #database: Database;
  #isWatched = false;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Begins to take notes. Not within a transaction, which could take the triggers back. */
  watch(): void {
    if (this.#isWatched) return;
    // Not `OR IGNORE`: the conflict clause of the statement that fires a trigger takes its place (sqlite.org/lang_createtrigger.html).
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
   * @param since what this gave as `state` the last time; null: nothing is known yet
   * @returns `faces` null where that can't be told, and all have to be read
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
      // Whoever else keeps count finds another state, and reads all.
      sqlite.exec('DELETE FROM touched; UPDATE taken SET version = version + 1');
      const faces = isKnown ? touched.map((row) => row.face_id as FaceId) : null;
      return { state: `${version + 1} ${others}`, faces };
    });
  }
}
