import type { FaceId, PersonId, PhotoId } from '../contract/ids.ts';
import type { Database } from './database.ts';

/**
 * Condition on a row of `presences`: no face of the photo is that person's.
 *
 * [Note: A person twice on one photo] Somebody who was put on a photo may get a name on a face of it later, by the user or by
 * Kith. Then lists, counts, search and metadata have the person once, by the face. The row stays: names that Kith gave come
 * and go, a merge is undone, a face is refused, and what the user said is then still there. It is neither an example nor a
 * cannot-link: matching never reads it.
 *
 * CROSS JOIN begins with the few faces of the photo: SQLite would begin with all labels of the person, some thousands.
 *
 * @param label SQL: which labels (`said`) count
 */
export function withoutFace(label = '1'): string {
  return `NOT EXISTS (
    SELECT 1 FROM faces AS seen CROSS JOIN labels AS said ON said.face_id = seen.id
    WHERE seen.photo_id = presences.photo_id AND seen.withdrawn = 0 AND said.person_id = presences.person_id AND ${label})`;
}

/**
 * SQL that selects the photos that a person is on, by a face or without one; some of them several times.
 *
 * @param person SQL that gives the person's id
 */
export function ofPerson(person: string): string {
  return `SELECT photo_id FROM labels JOIN faces ON faces.id = face_id
    WHERE labels.person_id = ${person} AND withdrawn = 0
    UNION ALL SELECT photo_id FROM presences WHERE presences.person_id = ${person}`;
}

/** People on photos where no face of theirs can be seen. Every change is to be made inside an entry of the journal. */
export class Presences {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Puts somebody on a photo. */
  put(photo: PhotoId, person: PersonId): void {
    this.#database.write(() =>
      this.#database.sqlite
        .prepare('INSERT INTO presences (photo_id, person_id) VALUES (?, ?) ON CONFLICT DO NOTHING')
        .run(photo, person),
    );
  }

  /** Takes somebody off a photo. */
  take(photo: PhotoId, person: PersonId): void {
    this.#database.write(() =>
      this.#database.sqlite
        .prepare('DELETE FROM presences WHERE photo_id = ? AND person_id = ?')
        .run(photo, person),
    );
  }

  /** Whether the user put this person on the photo. */
  has(photo: PhotoId, person: PersonId): boolean {
    return this.#database.read(
      () =>
        this.#database.sqlite
          .prepare('SELECT 1 FROM presences WHERE photo_id = ? AND person_id = ?')
          .get(photo, person) !== undefined,
    );
  }

  /** A face of the photo that is that person's; null: none is. */
  faceOf(photo: PhotoId, person: PersonId): FaceId | null {
    const row = this.#database.read(() =>
      this.#database.sqlite
        .prepare(
          `SELECT faces.id FROM faces CROSS JOIN labels ON face_id = faces.id
           WHERE photo_id = ? AND withdrawn = 0 AND person_id = ? ORDER BY faces.id LIMIT 1`,
        )
        .get(photo, person),
    );
    return (row?.id as FaceId | undefined) ?? null;
  }

  /** Who is on a photo without a face, by name. */
  ofPhoto(photo: PhotoId): { id: PersonId; name: string }[] {
    return this.#database.read(() =>
      this.#database.sqlite
        .prepare(
          `SELECT people.id, name FROM presences JOIN people ON people.id = person_id
           WHERE photo_id = ? AND ${withoutFace()} ORDER BY name_key`,
        )
        .all(photo)
        .map(({ id, name }) => ({ id: id as PersonId, name: name as string })),
    );
  }

  /** All that was put on photos, also where a face of the photo is that person's by now; by photo. */
  all(): { photo: PhotoId; person: PersonId }[] {
    return this.#database.read(
      () =>
        this.#database.sqlite
          .prepare(
            'SELECT photo_id AS photo, person_id AS person FROM presences ORDER BY photo_id, person_id',
          )
          .all() as unknown as { photo: PhotoId; person: PersonId }[],
    );
  }

  /** All that was put on photos where the user named no face as that person, and that lie in files; by photo. */
  unnamed(): { photo: PhotoId; person: PersonId; name: string }[] {
    return this.#database.read(
      () =>
        this.#database.sqlite
          .prepare(
            `SELECT photo_id AS photo, person_id AS person, name FROM presences JOIN people ON people.id = person_id
             WHERE EXISTS (SELECT 1 FROM files WHERE files.photo_id = presences.photo_id)
               AND ${withoutFace(`said.by_whom <> 'sure'`)} ORDER BY photo_id, name_key`,
          )
          .all() as unknown as { photo: PhotoId; person: PersonId; name: string }[],
    );
  }

  /** Puts another person on every photo on which somebody was put, instead of them: both have become one. */
  replacePerson(from: PersonId, into: PersonId): void {
    const { sqlite } = this.#database;
    this.#database.write(() => {
      sqlite
        .prepare(
          `INSERT INTO presences (photo_id, person_id) SELECT photo_id, ?1 FROM presences WHERE person_id = ?2
           ON CONFLICT DO NOTHING`,
        )
        .run(into, from);
      this.removePerson(from);
    });
  }

  /** Takes somebody off all photos. */
  removePerson(person: PersonId): void {
    this.#database.write(() =>
      this.#database.sqlite.prepare('DELETE FROM presences WHERE person_id = ?').run(person),
    );
  }
}
