import { KithError } from '../contract/errors.ts';
import { byFact, type Fact } from '../contract/fact-list.ts';
import type { Facts } from '../contract/facts.ts';
import type { FaceId, PersonId } from '../contract/ids.ts';
import { nameKey, tidyName } from '../contract/name-key.ts';
import type { Database } from './database.ts';
import { Presences } from './presences.ts';
import { Relations } from './relations.ts';

export interface RecordedPerson extends Facts {
  id: PersonId;
  name: string;
  hidden: boolean;
  cover: FaceId | null;
}

/** The people whom the user named. Every change is to be made inside an entry of the journal. */
export class People {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  all(): RecordedPerson[] {
    return this.#database
      .read(() => this.#database.sqlite.prepare('SELECT * FROM people ORDER BY id').all())
      .map(personOf);
  }

  /** @throws KithError not-found */
  get(id: PersonId): RecordedPerson {
    const row = this.#database.read(() =>
      this.#database.sqlite.prepare('SELECT * FROM people WHERE id = ?').get(id),
    );
    if (!row) throw new KithError('not-found', `person ${id}`);
    return personOf(row);
  }

  /** The person who has this name, in upper or lower case; null: there is none. */
  named(name: string): RecordedPerson | null {
    const row = this.#database.read(() =>
      this.#database.sqlite.prepare('SELECT * FROM people WHERE name_key = ?').get(nameKey(name)),
    );
    return row ? personOf(row) : null;
  }

  /** @throws KithError bad-request where a person has that name */
  create(name: string): PersonId {
    this.#refuseTaken(name, null);
    return this.#database.write(
      () =>
        this.#database.sqlite
          .prepare('INSERT INTO people (name, name_key) VALUES (?, ?) RETURNING id')
          .get(tidyName(name), nameKey(name))!.id as PersonId,
    );
  }

  /** @throws KithError bad-request where another person has that name */
  rename(id: PersonId, name: string): void {
    this.#refuseTaken(name, id);
    this.#run('UPDATE people SET name = ?, name_key = ? WHERE id = ?', tidyName(name), nameKey(name), id);
  }

  /** @param value null: not known */
  setFact(id: PersonId, fact: Fact, value: string | null): void {
    this.#run(`UPDATE people SET ${fact} = ? WHERE id = ?`, value, id);
  }

  setHidden(id: PersonId, hidden: boolean): void {
    this.#run('UPDATE people SET hidden = ? WHERE id = ?', Number(hidden), id);
  }

  setCover(id: PersonId, face: FaceId | null): void {
    this.#run('UPDATE people SET cover_face_id = ? WHERE id = ?', face, id);
  }

  /** Removes a person with their labels, refusals and relations, and takes them off photos. The faces stay. */
  remove(id: PersonId): void {
    const { sqlite } = this.#database;
    this.#database.write(() => {
      // Deleted here and not by the foreign keys, so that the journal notes labels before their person is gone.
      sqlite.prepare('DELETE FROM labels WHERE person_id = ?').run(id);
      sqlite.prepare('DELETE FROM refusals WHERE person_id = ?').run(id);
      sqlite.prepare('DELETE FROM suggestions WHERE person_id = ?').run(id);
      new Presences(this.#database).removePerson(id);
      new Relations(this.#database).removeAll(id);
      sqlite.prepare('DELETE FROM people WHERE id = ?').run(id);
    });
  }

  #run(sql: string, ...values: (string | number | null)[]): void {
    this.#database.write(() => this.#database.sqlite.prepare(sql).run(...values));
  }

  #refuseTaken(name: string, by: PersonId | null): void {
    const holder = this.named(name);
    if (holder && holder.id !== by) {
      throw new KithError('bad-request', `Expected a new name but ${holder.name} is there already`);
    }
  }
}

/** What a row of `people` says of the person. */
export const factsOf = (row: Record<string, unknown>): Facts => byFact((fact) => row[fact] as string | null);

function personOf(row: Record<string, unknown>): RecordedPerson {
  return {
    id: row.id as PersonId,
    name: row.name as string,
    ...factsOf(row),
    hidden: row.hidden === 1,
    cover: row.cover_face_id as FaceId | null,
  };
}
