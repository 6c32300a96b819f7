import type { FaceId, GroupId, PersonId } from '../contract/ids.ts';
import type { Database } from './database.ts';
import { isFirst, UNLABELLED_VERSION } from './stacked.ts';

/** Faces that one answer labels: the unlabelled faces of a group, or a face without a group. */
export interface Unit {
  /** Null: a face without a group. */
  group: GroupId | null;
  /** The best of its faces. */
  face: FaceId;
  faces: number;
}

/** A unit that may be the person in question. */
export interface Likely extends Unit {
  /** Probability that it is, 0..1: the mean over its faces. */
  probability: number;
}

/** A unit that may be a person with a name. */
export interface Suggested extends Likely {
  person: PersonId;
}

/** What Kith may ask about. It is read from two indexes, so that 100,000 faces take some hundredths of a second. */
export class Questions {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Groups that are not hidden and have unlabelled faces, the largest first. */
  groups(limit: number): (Unit & { group: GroupId })[] {
    return this.#database.read(() => {
      const rows = this.#database.sqlite
        .prepare(
          `WITH sized AS (
             SELECT group_id AS id, count(*) AS n, min(id) AS first FROM faces
             WHERE group_id IS NOT NULL AND labelled = 0 AND withdrawn = 0 GROUP BY group_id)
           SELECT sized.id, n FROM sized JOIN groups ON groups.id = sized.id WHERE hidden = 0
           ORDER BY n DESC, first LIMIT ?`,
        )
        .all(limit);
      return rows.map(({ id, n }) => ({
        group: id as GroupId,
        face: this.faces(id as GroupId, 1)[0]!,
        faces: n as number,
      }));
    });
  }

  /** Every unit with suggestions, with the person who it most likely is. Hidden people are not suggested. */
  suggested(): Suggested[] {
    const units = this.#units(
      `SELECT suggestions.person_id AS person, group_id AS grp, min(face_id) AS face, sum(probability) AS p
       -- In this order, since there are few suggestions.
       FROM suggestions CROSS JOIN faces ON faces.id = face_id
       WHERE labelled = 0 AND withdrawn = 0
         AND suggestions.person_id NOT IN (SELECT id FROM people WHERE hidden = 1)
       GROUP BY suggestions.person_id, coalesce(group_id, -face_id)`,
    );
    const best = new Map<number, Suggested>();
    for (const unit of units) {
      const key = unit.group ?? -unit.face;
      if (unit.probability > (best.get(key)?.probability ?? 0)) best.set(key, unit);
    }
    return [...best.values()];
  }

  /**
   * The units that hold these faces, as far as they are unlabelled. @param likely faces with a probability of 0..1
   * each
   */
  unitsOf(likely: readonly { face: FaceId; probability: number }[]): Likely[] {
    return this.#units(
      `SELECT NULL AS person, group_id AS grp, min(faces.id) AS face, sum(value ->> 1) AS p
       FROM json_each(?) CROSS JOIN faces ON faces.id = value ->> 0
       WHERE labelled = 0 AND withdrawn = 0
       GROUP BY coalesce(group_id, -faces.id)`,
      JSON.stringify(likely.map(({ face, probability }) => [face, probability])),
    );
  }

  /**
   * Units that may be asked about.
   *
   * @param sums SQL that selects person, grp, face, and p: the sum of the probabilities of the unit's faces
   */
  #units(sums: string, ...values: string[]): Suggested[] {
    const rows = this.#database.read(() => {
      const select = this.#database.sqlite.prepare(
        `WITH of AS (${sums})
         SELECT person, grp, face, p, CASE WHEN grp IS NULL THEN 1 ELSE
           (SELECT count(*) FROM faces WHERE group_id = grp AND labelled = 0 AND withdrawn = 0) END AS n
         FROM of LEFT JOIN groups ON groups.id = grp WHERE hidden IS NOT 1`,
      );
      select.setReturnArrays(true);
      return select.all(...values) as unknown as [PersonId, GroupId | null, FaceId, p: number, n: number][];
    });
    return rows.map(([person, group, face, p, faces]) => ({
      person,
      group,
      face,
      faces,
      probability: p / faces,
    }));
  }

  /** Unlabelled faces of a group, the best first. */
  faces(group: GroupId, limit = -1): FaceId[] {
    return this.#database.read(() =>
      this.#database.sqlite
        .prepare(
          `SELECT id FROM faces WHERE group_id = ? AND labelled = 0 AND withdrawn = 0
           ORDER BY quality DESC, id LIMIT ?`,
        )
        .all(group, limit)
        .map(({ id }) => id as FaceId),
    );
  }

  /** Other unlabelled faces of a face's group, the best first; of versions of one photo only one. */
  others(group: GroupId, face: FaceId, limit: number): FaceId[] {
    return this.#database.read(() =>
      this.#database.sqlite
        .prepare(
          `SELECT id FROM faces WHERE group_id = ?1 AND labelled = 0 AND withdrawn = 0 AND id <> ?2
             AND ${isFirst(UNLABELLED_VERSION)} AND NOT EXISTS (
               SELECT 1 FROM stacks AS own JOIN stacks AS its ON its.stack = own.stack
               WHERE own.face_id = faces.id AND its.face_id = ?2)
           ORDER BY quality DESC, id LIMIT ?3`,
        )
        .all(group, face, limit)
        .map(({ id }) => id as FaceId),
    );
  }

  /** A person's best labelled faces, those that the user named first. */
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
