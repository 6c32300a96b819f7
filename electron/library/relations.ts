import { KithError } from '../contract/errors.ts';
import type { PersonId } from '../contract/ids.ts';
import { CONVERSE, type RelationKind } from '../contract/relations.ts';
import type { Database } from './database.ts';
import { descentOf, lineage } from './lineage.ts';

/** Something that is said of two people: `person` is a parent, partner or sibling of `of`. */
export interface RecordedRelation {
  person: PersonId;
  is: Exclude<RelationKind, 'child'>;
  of: PersonId;
}

/** Somebody who is something to a person. `follows`: by a parent whom they share, and not since somebody said so. */
export interface RelativeOf {
  person: PersonId;
  is: RelationKind;
  follows: boolean;
}

/** A row of the table: what the person of the lower id is to the other. */
interface Stored {
  person_id: PersonId;
  other_id: PersonId;
  kind: RelationKind;
}

/** Who is whose parent, child, partner or sibling. Every change is to be made inside an entry of the journal. */
export class Relations {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Everything that is said, each once: parents of their children. */
  all(): RecordedRelation[] {
    return this.#stored().map(({ person_id: one, other_id: other, kind }) =>
      kind === 'child' ? { person: other, is: 'parent', of: one } : { person: one, is: kind, of: other },
    );
  }

  /** What a person is to another, as somebody said it; null: nothing is said. */
  between(person: PersonId, other: PersonId): RelationKind | null {
    const [low, high] = person < other ? [person, other] : [other, person];
    const kind = this.#database.read(() =>
      this.#database.sqlite
        .prepare('SELECT kind FROM relations WHERE person_id = ? AND other_id = ?')
        .get(low, high),
    )?.kind as RelationKind | undefined;
    if (kind === undefined) return null;
    return person < other ? kind : CONVERSE[kind];
  }

  /** Everybody who has a relative of this kind. */
  having(kind: RelationKind): PersonId[] {
    const people = new Set(this.all().flatMap(({ person, of }) => [person, of]));
    return [...people].filter((person) => this.of(person).some(({ is }) => is === kind));
  }

  /** Everybody who is something to a person, siblings by a shared parent included. */
  of(person: PersonId): RelativeOf[] {
    return this.#database.read(() => {
      const said = this.#database.sqlite.prepare(
        `SELECT other_id AS person, CASE kind WHEN 'parent' THEN 'child' WHEN 'child' THEN 'parent' ELSE kind END AS kind
         FROM relations WHERE person_id = ?1
         UNION ALL SELECT person_id, kind FROM relations WHERE other_id = ?1`,
      );
      const saidOf = (id: PersonId) =>
        said.all(id).map((row) => ({ person: row.person as PersonId, is: row.kind as RelationKind }));
      const own = saidOf(person);
      const known = new Set([person, ...own.map((one) => one.person)]);
      const parents = own.filter(({ is }) => is === 'parent');
      // What is said of two people stands above what would follow.
      const siblings = parents
        .flatMap((parent) => saidOf(parent.person))
        .filter((one) => one.is === 'child' && !known.has(one.person));
      return [
        ...own.map((one) => ({ ...one, follows: false })),
        ...[...new Set(siblings.map((one) => one.person))].map(
          (one): RelativeOf => ({ person: one, is: 'sibling', follows: true }),
        ),
      ];
    });
  }

  /**
   * Says that `person` is something of the person `of`, in the place of whatever was said of the two.
   *
   * @throws KithError bad-request where both are one, or somebody would be among their own ancestors
   */
  put(person: PersonId, is: RelationKind, of: PersonId): void {
    if (person === of) throw new KithError('bad-request', `Expected two people but received ${person} twice`);
    if (this.closesCircle(person, is, of)) {
      throw new KithError(
        'bad-request',
        `Expected nobody among their own ancestors but person ${person} would be, as ${is} of person ${of}`,
      );
    }
    const [low, high, kind] = person < of ? [person, of, is] : [of, person, CONVERSE[is]];
    this.#database.write(() =>
      this.#database.sqlite
        .prepare(
          `INSERT INTO relations (person_id, other_id, kind) VALUES (?, ?, ?)
           ON CONFLICT (person_id, other_id) DO UPDATE SET kind = excluded.kind`,
        )
        .run(low, high, kind),
    );
  }

  /** Takes back what is said of two people. */
  remove(person: PersonId, other: PersonId): void {
    const [low, high] = person < other ? [person, other] : [other, person];
    this.#database.write(() =>
      this.#database.sqlite
        .prepare('DELETE FROM relations WHERE person_id = ? AND other_id = ?')
        .run(low, high),
    );
  }

  /** Takes back everything that is said of a person. */
  removeAll(person: PersonId): void {
    this.#database.write(() =>
      this.#database.sqlite
        .prepare('DELETE FROM relations WHERE person_id = ?1 OR other_id = ?1')
        .run(person),
    );
  }

  /**
   * Two people become one: what was said of `from` is said of `into`. What is said of `into` already stands above it, and
   * what would make somebody their own relative or ancestor is left out.
   */
  move(from: PersonId, into: PersonId): void {
    const relatives = this.of(from).filter(({ follows, person }) => !follows && person !== into);
    this.removeAll(from);
    for (const { person, is } of relatives) {
      if (this.allows(person, is, into)) this.put(person, is, into);
    }
  }

  /** Whether this can be said of two people without taking back anything. */
  allows(person: PersonId, is: RelationKind, of: PersonId): boolean {
    return person !== of && this.between(person, of) === null && !this.closesCircle(person, is, of);
  }

  /** Whether somebody would be among their own ancestors, if this were said in the place of what is said of the two. */
  closesCircle(person: PersonId, is: RelationKind, of: PersonId): boolean {
    if (is !== 'parent' && is !== 'child') return false;
    const [parent, child] = is === 'parent' ? [person, of] : [of, person];
    const others = this.#stored().flatMap((row) => {
      const isOfThem = [row.person_id, row.other_id].every((id) => id === person || id === of);
      return isOfThem ? [] : (descentOf({ ...row }) ?? []);
    });
    return lineage(others, child, parent) !== null;
  }

  #stored(): Stored[] {
    return this.#database.read(() =>
      this.#database.sqlite.prepare('SELECT * FROM relations ORDER BY person_id, other_id').all(),
    ) as unknown as Stored[];
  }
}
