import type { FaceId, GroupId, PersonId } from '../contract/ids.ts';
import type { Database } from './database.ts';
import type { GroupSizes } from './group-sizes.ts';
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

/** What Kith may ask about. */
export class Questions {
  readonly #database: Database;
  readonly #sizes: GroupSizes;

  constructor(database: Database, sizes: GroupSizes) {
    this.#database = database;
    this.#sizes = sizes;
  }

  /** Groups that are not hidden and have unlabelled faces, the largest first. */
  groups(limit: number): (Unit & { group: GroupId })[] {
    const largest = this.#sizes.largest(limit);
    return largest.map(({ id, size }) => ({ group: id, face: this.faces(id, 1)[0]!, faces: size }));
  }

  /** Every unit with suggestions, with the person who it most likely is. Hidden people are not suggested. */
  suggested(): Suggested[] {
    const rows = this.#rows<[PersonId, GroupId | null, FaceId, number]>(
      `SELECT suggestions.person_id, group_id, face_id, probability
       -- In this order, since there are few suggestions.
       FROM suggestions CROSS JOIN faces ON faces.id = face_id
       WHERE labelled = 0 AND withdrawn = 0
         AND suggestions.person_id NOT IN (SELECT id FROM people WHERE hidden = 1)`,
    );
    const sizeOf = this.#sizes.sizeOf();
    const best = new Map<number, Suggested>();
    for (const [person, likely] of Map.groupBy(rows, ([one]) => one)) {
      for (const unit of unitsOf(
        likely.map(([, ...row]) => row),
        sizeOf,
      )) {
        const key = unit.group ?? -unit.face;
        if (unit.probability > (best.get(key)?.probability ?? 0)) best.set(key, { ...unit, person });
      }
    }
    return [...best.values()];
  }

  /**
   * The units that hold these faces, as far as they are unlabelled. @param likely faces with a probability of 0..1
   * each
   */
  unitsOf(likely: readonly { face: FaceId; probability: number }[]): Likely[] {
    return unitsOf(
      this.#rows<[GroupId | null, FaceId, number]>(
        `SELECT group_id, faces.id, value ->> 1 FROM json_each(?) CROSS JOIN faces ON faces.id = value ->> 0
         WHERE labelled = 0 AND withdrawn = 0`,
        JSON.stringify(likely.map(({ face, probability }) => [face, probability])),
      ),
      this.#sizes.sizeOf(),
    );
  }

  #rows<Row>(sql: string, ...values: string[]): Row[] {
    return this.#database.read(() => {
      const select = this.#database.sqlite.prepareAlone(sql);
      select.setReturnArrays(true);
      return select.all(...values) as unknown as Row[];
    });
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

/**
 * Units that may be asked about, of which some faces may be one person. Added up here, since SQLite takes twice as long.
 *
 * @param likely group, face, and probability of each of these faces
 * @param sizeOf unlabelled faces of a group that is not hidden
 */
function unitsOf(
  likely: readonly (readonly [GroupId | null, FaceId, number])[],
  sizeOf: (group: GroupId) => number | undefined,
): Likely[] {
  const units: Likely[] = [];
  for (const rows of Map.groupBy(likely, ([group, face]) => group ?? -face).values()) {
    const [group] = rows[0]!;
    const faces = group === null ? 1 : sizeOf(group);
    // The user has hidden the group.
    if (faces === undefined) continue;
    // A group may have more faces than a call can have arguments, which Math.min would take.
    const face = rows.reduce((least, [, id]) => (id < least ? id : least), rows[0]![1]);
    const sum = rows.reduce((total, [, , probability]) => total + probability, 0);
    units.push({ group, face, faces, probability: sum / faces });
  }
  return units;
}
