import { KithError } from '../contract/errors.ts';
import type { PersonId } from '../contract/ids.ts';
import { Query } from '../contract/search.ts';
import type { Database } from './database.ts';

/** A query that the user saved under a name. */
export interface RecordedAlbum {
  id: number;
  name: string;
  query: Query;
}

/** Albums that fill themselves. Every change is to be made inside an entry of the journal. */
export class Albums {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** By name. */
  all(): RecordedAlbum[] {
    return this.#database
      .read(() =>
        this.#database.sqlite.prepare('SELECT * FROM albums ORDER BY name COLLATE NOCASE, id').all(),
      )
      .map(albumOf);
  }

  /** @throws KithError not-found */
  get(id: number): RecordedAlbum {
    const row = this.#database.read(() =>
      this.#database.sqlite.prepare('SELECT * FROM albums WHERE id = ?').get(id),
    );
    if (!row) throw new KithError('not-found', `album ${id}`);
    return albumOf(row);
  }

  create(name: string, query: Query): number {
    return this.#database.write(
      () =>
        this.#database.sqlite
          .prepare('INSERT INTO albums (name, query) VALUES (?, ?) RETURNING id')
          .get(name.normalize('NFC'), JSON.stringify(query))!.id as number,
    );
  }

  rename(id: number, name: string): void {
    this.#run('UPDATE albums SET name = ? WHERE id = ?', name.normalize('NFC'), id);
  }

  remove(id: number): void {
    this.#run('DELETE FROM albums WHERE id = ?', id);
  }

  /** Has every album that names a person name another instead: both have become one. */
  replacePerson(from: PersonId, into: PersonId): void {
    for (const { id, query } of this.all()) {
      let isNamed = false;
      const replaced = query.map(({ not, any }) => ({
        not,
        any: any.map((atom) => {
          if (!('person' in atom) || atom.person !== from) return atom;
          isNamed = true;
          return { ...atom, person: into };
        }),
      }));
      if (isNamed) this.#run('UPDATE albums SET query = ? WHERE id = ?', JSON.stringify(replaced), id);
    }
  }

  #run(sql: string, ...values: (string | number)[]): void {
    this.#database.write(() => this.#database.sqlite.prepare(sql).run(...values));
  }
}

function albumOf(row: Record<string, unknown>): RecordedAlbum {
  // A later version of Kith may have written what this one can't read: such an album finds everything.
  const query = Query.safeParse(JSON.parse(row.query as string));
  return { id: row.id as number, name: row.name as string, query: query.data ?? [] };
}
