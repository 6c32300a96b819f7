import type { FaceId, PersonId } from '../contract/ids.ts';
import type { Database } from './database.ts';

/** Something that Kith would ask: is this face that person's? */
export interface OpenQuestion {
  face: FaceId;
  person: PersonId;
  probability: number;
  /** Faces that the answer is expected to settle. */
  settles: number;
}

/**
 * The question whose answer is expected to settle the most. Yes makes the face an example of its person, which brings
 * those of its group that are asked about for the same person; no settles this face and, for that person, its group.
 */
export class Questions {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** @param skipped faces that nobody wants to be asked about now */
  next(skipped: ReadonlySet<FaceId>): OpenQuestion | null {
    const rows = this.#database.read(() =>
      this.#database.sqlite
        .prepare(
          `WITH mates AS (
             SELECT person_id, group_id, count(*) AS n FROM suggestions JOIN faces ON faces.id = face_id
             WHERE group_id IS NOT NULL GROUP BY person_id, group_id)
           SELECT face_id AS face, suggestions.person_id AS person, probability,
             1 + (coalesce(n, 1) - 1) * probability AS settles
           FROM suggestions JOIN faces ON faces.id = face_id
           LEFT JOIN mates ON mates.person_id = suggestions.person_id AND mates.group_id = faces.group_id
           ORDER BY settles DESC, quality DESC, face_id LIMIT ?`,
        )
        .all(skipped.size + 1),
    ) as unknown as OpenQuestion[];
    return rows.find(({ face }) => !skipped.has(face)) ?? null;
  }

  /** The best faces that surely are a person's, those of a hand first. */
  references(person: PersonId, count: number): FaceId[] {
    return this.#database.read(() =>
      this.#database.sqlite
        .prepare(
          `SELECT face_id FROM labels JOIN faces ON faces.id = face_id WHERE person_id = ?
           ORDER BY by_whom = 'sure', quality DESC, face_id LIMIT ?`,
        )
        .all(person, count)
        .map((row) => row.face_id as FaceId),
    );
  }
}
