import { KithError } from '../contract/errors.ts';
import type { FaceId, GroupId, PersonId } from '../contract/ids.ts';
import type { Database } from './database.ts';

/** Refuses a command that names what is not in the library (any more), before it changes anything. */
export class Require {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** @throws KithError not-found, naming the first face that is not there */
  faces(ids: readonly FaceId[]): void {
    this.#all('face', 'faces WHERE withdrawn = 0 AND id = value', ids);
  }

  /** @throws KithError not-found, naming the first group that is not there */
  groups(ids: readonly GroupId[]): void {
    this.#all('group', 'groups WHERE id = value', ids);
  }

  /** @throws KithError not-found, naming the first person who is not there */
  people(ids: readonly PersonId[]): void {
    this.#all('person', 'people WHERE id = value', ids);
  }

  #all(what: string, rows: string, ids: readonly number[]): void {
    const missing = this.#database.read(() =>
      this.#database.sqlite
        .prepare(`SELECT value AS id FROM json_each(?) WHERE NOT EXISTS (SELECT 1 FROM ${rows}) LIMIT 1`)
        .get(JSON.stringify(ids)),
    );
    if (missing) throw new KithError('not-found', `${what} ${missing.id}`);
  }
}
