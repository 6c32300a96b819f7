import { KithError } from '../contract/errors.ts';
import { byFact, factList } from '../contract/fact-list.ts';
import type { Facts } from '../contract/facts.ts';
import type { FaceId, PersonId } from '../contract/ids.ts';
import { Albums } from './albums.ts';
import type { Database } from './database.ts';
import { Presences } from './presences.ts';
import { Relations } from './relations.ts';

/** Pairs of faces that a page shows before two people who are on one photo are merged. Chosen by hand. */
const SHOWN = 3;

/** Photos on which the user has confirmed or put more than one of these people; mirrors and collages do not count. */
export interface Together {
  photos: number;
  /** Faces of two people on one photo, of up to three photos. */
  examples: [FaceId, FaceId][];
}

/** Makes several people one. Changes are to be made inside an entry of the journal. */
export class Merging {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  together(people: readonly PersonId[]): Together {
    const rows = this.#database.read(() =>
      this.#database.sqlite
        .prepare(
          `WITH confirmed AS MATERIALIZED (
             SELECT photo_id, face_id, person_id FROM labels JOIN faces ON faces.id = face_id
             JOIN photos ON photos.id = photo_id
             WHERE person_id IN (SELECT value FROM json_each(?)) AND by_whom <> 'sure' AND several = 0)
           SELECT a.photo_id AS photo, min(a.face_id) AS one, b.face_id AS other FROM confirmed AS a
           JOIN confirmed AS b ON b.photo_id = a.photo_id AND b.person_id <> a.person_id AND b.face_id > a.face_id
           GROUP BY a.photo_id ORDER BY a.photo_id`,
        )
        .all(JSON.stringify(people)),
    );
    const photos = new Set([...rows.map(({ photo }) => photo), ...this.#putTogether(people)]);
    return {
      photos: photos.size,
      examples: rows.slice(0, SHOWN).map(({ one, other }) => [one as FaceId, other as FaceId]),
    };
  }

  /** Photos on which the user put one of these people without a face, and has another one of them. */
  #putTogether(people: readonly PersonId[]): unknown[] {
    return this.#database.read(() =>
      this.#database.sqlite
        .prepare(
          `WITH asked AS (SELECT value AS id FROM json_each(?))
           SELECT DISTINCT presences.photo_id AS photo FROM presences JOIN photos ON photos.id = photo_id
           WHERE person_id IN (SELECT id FROM asked) AND several = 0 AND (
             EXISTS (SELECT 1 FROM presences AS other
               WHERE other.photo_id = presences.photo_id AND other.person_id <> presences.person_id
                 AND other.person_id IN (SELECT id FROM asked))
             OR EXISTS (SELECT 1 FROM faces CROSS JOIN labels ON face_id = faces.id
               WHERE faces.photo_id = presences.photo_id AND by_whom <> 'sure'
                 AND labels.person_id <> presences.person_id AND labels.person_id IN (SELECT id FROM asked)))`,
        )
        .all(JSON.stringify(people))
        .map(({ photo }) => photo),
    );
  }

  /**
   * The name, facts and cover of the person after a merge: those of `into`; a fact or cover that it lacks comes from the
   * first of the others that has one.
   *
   * @throws KithError not-found
   */
  keeps(from: readonly PersonId[], into: PersonId): Facts & { name: string; cover: FaceId | null } {
    const all = [into, ...from].map((id) => this.#person(id));
    const first = (column: string) => all.find((row) => row[column] !== null)?.[column] ?? null;
    return {
      ...byFact((fact) => first(fact) as string | null),
      name: all[0]!.name as string,
      cover: first('cover') as FaceId | null,
    };
  }

  /** Moves all that is said of `from` to `into`, names `into` in the albums and on photos, and removes `from`. */
  merge(from: PersonId, into: PersonId): void {
    const { sqlite } = this.#database;
    this.#database.write(() => {
      const { name: _, cover, ...facts } = this.keeps([from], into);
      // The person is hidden only where both were hidden.
      sqlite
        .prepare(
          `UPDATE people SET ${factList.map((fact) => `${fact} = ?, `).join('')}cover_face_id = ?,
             hidden = min(hidden, (SELECT hidden FROM people WHERE id = ?)) WHERE id = ?`,
        )
        .run(...factList.map((fact) => facts[fact]), cover, from, into);
      sqlite.prepare('UPDATE labels SET person_id = ? WHERE person_id = ?').run(into, from);
      // Faces that were refused as `from` are refused as `into`, except those that have a label as `into`: see below.
      sqlite
        .prepare(
          `INSERT OR IGNORE INTO refusals (face_id, person_id)
           SELECT face_id, ?1 FROM refusals WHERE person_id = ?2`,
        )
        .run(into, from);
      // A refusal removes a name that Kith gave.
      sqlite
        .prepare(
          `DELETE FROM labels WHERE by_whom = 'sure' AND person_id = ?1
             AND face_id IN (SELECT face_id FROM refusals WHERE person_id = ?1)`,
        )
        .run(into);
      sqlite
        .prepare(
          `DELETE FROM refusals WHERE person_id = ?1
             AND face_id IN (SELECT face_id FROM labels WHERE person_id = ?1)`,
        )
        .run(into);
      this.#withdrawDoubles(into);
      new Albums(this.#database).replacePerson(from, into);
      new Presences(this.#database).replacePerson(from, into);
      new Relations(this.#database).move(from, into);
      sqlite.prepare('DELETE FROM refusals WHERE person_id = ?').run(from);
      sqlite.prepare('DELETE FROM suggestions WHERE person_id = ?').run(from);
      sqlite.prepare('DELETE FROM people WHERE id = ?').run(from);
    });
  }

  /**
   * A person is on a photo once: of names that Kith gave there only the likeliest stays, and none beside a confirmed
   * one.
   */
  #withdrawDoubles(person: PersonId): void {
    this.#database.sqlite
      .prepare(
        `WITH theirs AS MATERIALIZED (
           SELECT face_id, photo_id, rank() OVER (PARTITION BY photo_id
             ORDER BY by_whom = 'sure', probability DESC, face_id) AS place, by_whom
           FROM labels JOIN faces ON faces.id = face_id JOIN photos ON photos.id = photo_id
           WHERE person_id = ?1 AND several = 0)
         DELETE FROM labels WHERE face_id IN
           (SELECT face_id FROM theirs WHERE by_whom = 'sure' AND place > 1)`,
      )
      .run(person);
  }

  #person(id: PersonId): Record<string, unknown> {
    const row = this.#database.read(() =>
      this.#database.sqlite
        .prepare(
          `SELECT name, ${factList.join(', ')}, (SELECT id FROM faces WHERE id = cover_face_id AND withdrawn = 0) AS cover
           FROM people WHERE id = ?`,
        )
        .get(id),
    );
    if (!row) throw new KithError('not-found', `person ${id}`);
    return row;
  }
}
