import { EncoderId, type FaceId, type GroupId } from '../contract/ids.ts';
import type { Database } from './database.ts';
import { getSetting, putSetting, revisionOf } from './settings.ts';

/** Faces that Kith takes for one person. */
export class Groups {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Names the present state of all that is grouped. {@link Groups.replace} takes it back, so that groups made
   * from a state that has changed meanwhile are not taken for those of the new one.
   */
  state(): string {
    return this.#database.read(() => revisionOf(this.#database));
  }

  /** Whether the groups were made by this method from the present state. */
  areCurrent(method: string): boolean {
    return this.#database.read(
      () => getSetting(this.#database, 'grouped') === stamp(method, revisionOf(this.#database)),
    );
  }

  /** The encoder by which the present groups were made; null before the first grouping. */
  encoder(): EncoderId | null {
    const { data } = EncoderId.safeParse(
      this.#database.read(() => getSetting(this.#database, 'encoder')) ?? undefined,
    );
    return data ?? null;
  }

  /**
   * Puts these groups in the place of all that were. Where they were made by another encoder than those, the library
   * goes over to it at this moment, all at once.
   *
   * @param by the encoder whose vectors were compared, and how: calibration, version of the method
   * @param groups faces of each group; the first becomes group 1
   * @param state what {@link Groups.state} said before the embeddings were read
   */
  replace(
    groups: readonly (readonly FaceId[])[],
    by: { encoder: EncoderId; method: string },
    state: string,
  ): void {
    const { sqlite } = this.#database;
    this.#database.write(() => {
      sqlite.exec('UPDATE faces SET group_id = NULL WHERE group_id IS NOT NULL; DELETE FROM groups');
      const insert = sqlite.prepare('INSERT INTO groups (id) VALUES (?)');
      const join = sqlite.prepare('UPDATE faces SET group_id = ? WHERE id = ?');
      groups.forEach((faces, i) => {
        const id = (i + 1) as GroupId;
        insert.run(id);
        for (const face of faces) join.run(id, face);
      });
      putSetting(this.#database, 'encoder', by.encoder);
      putSetting(this.#database, 'grouped', stamp(by.method, state));
    });
  }
}

function stamp(method: string, state: string): string {
  return `${method} @ ${state}`;
}
