import type { EntryId, FaceId, PersonId } from '../contract/ids.ts';
import type { Database } from './database.ts';

/** What is known of one face. */
export interface Label {
  face: FaceId;
  verdict: 'person' | 'ignored' | 'not-a-face';
  person: PersonId | null;
  /** A hand, of this very face or of its group; or Kith. */
  by: 'hand' | 'group' | 'sure';
  /** That it is right, 0..1, where Kith says so. */
  probability: number | null;
}

/** A face that stands for a person. */
export interface Example {
  face: FaceId;
  person: PersonId;
  by: 'hand' | 'group';
}

/** Another face on the photo of a face (?1) that is a person (?2) already; none on a mirror or a collage. */
const ELSEWHERE = `
  SELECT other.id FROM faces JOIN photos ON photos.id = faces.photo_id AND several = 0
  JOIN faces AS other ON other.photo_id = faces.photo_id AND other.id <> faces.id
  JOIN labels ON labels.face_id = other.id AND labels.person_id = ?2 WHERE faces.id = ?1`;

/** What is known of faces. Every change is to be made inside an entry of the journal. */
export class Labels {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Somebody says who, or what, these faces are. It holds whatever Kith thought, and takes a refusal back. */
  put(
    faces: readonly FaceId[],
    said: Pick<Label, 'verdict' | 'person'> & { by: 'hand' | 'group' },
    entry: EntryId,
  ): void {
    const { sqlite } = this.#database;
    // One statement for all: a group may have ten thousand faces.
    const all = JSON.stringify(faces);
    const listed = 'IN (SELECT value FROM json_each(?))';
    this.#database.write(() => {
      sqlite
        .prepare(
          `INSERT INTO labels (face_id, verdict, person_id, by_whom, probability, entry_id)
           SELECT value, ?, ?, ?, NULL, ? FROM json_each(?) WHERE true
           ON CONFLICT (face_id) DO UPDATE SET verdict = excluded.verdict, person_id = excluded.person_id,
             by_whom = excluded.by_whom, probability = NULL, entry_id = excluded.entry_id`,
        )
        .run(said.verdict, said.person, said.by, entry, all);
      if (said.person !== null) {
        sqlite
          .prepare(`DELETE FROM refusals WHERE face_id ${listed} AND person_id = ?`)
          .run(all, said.person);
      }
      sqlite.prepare(`DELETE FROM suggestions WHERE face_id ${listed}`).run(all);
    });
  }

  /**
   * Faces are a person's: somebody pointed at some, and `members` go by their groups. Nobody is on a photo twice, so a mate
   * is refused where a hand has put that person on its photo; where somebody points at a face, whatever put the person on
   * another face of its photo is withdrawn, unless somebody pointed at that one too.
   */
  give(person: PersonId, pointed: readonly FaceId[], members: readonly FaceId[], entry: EntryId): void {
    const { sqlite } = this.#database;
    this.#database.write(() => {
      this.put(pointed, { verdict: 'person', person, by: 'hand' }, entry);
      const named = new Set(pointed);
      const given = new Set([...pointed, ...members]);
      const photoOf = new Map(
        sqlite
          .prepare(
            `SELECT faces.id, photo_id FROM json_each(?) JOIN faces ON faces.id = value
             JOIN photos ON photos.id = photo_id WHERE several = 0`,
          )
          .all(JSON.stringify([...given]))
          .map(({ id, photo_id: photo }) => [id as FaceId, photo as number]),
      );
      const there = this.#onPhotos(person);
      const taken = Map.groupBy(
        there.filter(({ by }) => by !== 'sure'),
        ({ photo }) => photo,
      );
      const [right, wrong]: [FaceId[], FaceId[]] = [[], []];
      for (const face of members) {
        if (named.has(face)) continue;
        const photo = photoOf.get(face);
        const others = (photo !== undefined && taken.get(photo)) || [];
        if (others.some((other) => other.face !== face)) wrong.push(face);
        else {
          right.push(face);
          if (photo !== undefined) taken.set(photo, [...others, { face, photo, by: 'group' }]);
        }
      }
      this.refuse(wrong, person);
      this.put(right, { verdict: 'person', person, by: 'group' }, entry);
      const photos = new Set(photoOf.values());
      const shown = new Set(pointed.map((face) => photoOf.get(face)));
      const weaker = (by: Label['by'], photo: number) =>
        (by === 'sure' && photos.has(photo)) || (by === 'group' && shown.has(photo));
      this.clear(
        there.flatMap(({ face, photo, by }) => (weaker(by, photo) && !given.has(face) ? [face] : [])),
      );
    });
  }

  /** A person's faces, but for those on mirrors and collages. */
  #onPhotos(person: PersonId): { face: FaceId; photo: number; by: Label['by'] }[] {
    return this.#database.sqlite
      .prepare(
        `SELECT face_id AS face, photo_id AS photo, by_whom AS by FROM labels JOIN faces ON faces.id = face_id
         JOIN photos ON photos.id = photo_id WHERE person_id = ? AND several = 0`,
      )
      .all(person) as unknown as { face: FaceId; photo: number; by: Label['by'] }[];
  }

  /**
   * Kith names faces. What a hand has said stays as it is, and so does what Kith has said before: nobody is put on a
   * photo on which they are already.
   *
   * @returns the names that were not given for that reason
   */
  putSure<T extends { face: FaceId; person: PersonId; probability: number }>(
    names: readonly T[],
    entry: EntryId,
  ): T[] {
    const { sqlite } = this.#database;
    return this.#database.write(() => {
      const put = sqlite.prepare(
        `INSERT INTO labels (face_id, verdict, person_id, by_whom, probability, entry_id)
         SELECT id, 'person', ?, 'sure', ?, ? FROM faces WHERE id = ? ON CONFLICT (face_id) DO NOTHING`,
      );
      const settle = sqlite.prepare('DELETE FROM suggestions WHERE face_id = ?');
      const taken = sqlite.prepare(`${ELSEWHERE} LIMIT 1`);
      const passedOver: T[] = [];
      for (const name of names) {
        const { face, person, probability } = name;
        if (taken.get(face, person)) {
          passedOver.push(name);
          continue;
        }
        // A scan may have taken the face away.
        put.run(person, probability, entry, face);
        settle.run(face);
      }
      return passedOver;
    });
  }

  clear(faces: readonly FaceId[]): void {
    this.#database.write(() => {
      const clear = this.#database.sqlite.prepare('DELETE FROM labels WHERE face_id = ?');
      for (const face of faces) clear.run(face);
    });
  }

  /** Withdraws what Kith has said: of one person, or of all. */
  clearSure(person?: PersonId): void {
    this.#database.write(() =>
      this.#database.sqlite
        .prepare(`DELETE FROM labels WHERE by_whom = 'sure' AND (?1 IS NULL OR person_id = ?1)`)
        .run(person ?? null),
    );
  }

  /** Withdraws the names that Kith gave within one entry, where they still stand. */
  clearSureOf(entry: EntryId): void {
    this.#database.write(() =>
      this.#database.sqlite.prepare(`DELETE FROM labels WHERE by_whom = 'sure' AND entry_id = ?`).run(entry),
    );
  }

  /** The names that Kith gave within these entries, where they still stand. */
  sureOf(entries: readonly EntryId[]): { face: FaceId; person: PersonId }[] {
    return this.#database.read(
      () =>
        this.#database.sqlite
          .prepare(
            `SELECT face_id AS face, person_id AS person FROM labels
             WHERE by_whom = 'sure' AND entry_id IN (SELECT value FROM json_each(?))`,
          )
          .all(JSON.stringify(entries)) as unknown as { face: FaceId; person: PersonId }[],
    );
  }

  of(faces: readonly FaceId[]): Label[] {
    return this.#database.read(() => {
      const select = this.#database.sqlite.prepare('SELECT * FROM labels WHERE face_id = ?');
      return faces.flatMap((face) => {
        const row = select.get(face);
        return row ? [labelOf(row)] : [];
      });
    });
  }

  all(): Label[] {
    return this.#database
      .read(() => this.#database.sqlite.prepare('SELECT * FROM labels ORDER BY face_id').all())
      .map(labelOf);
  }

  /** Every face of which a hand said whose it is. */
  examples(): Example[] {
    return this.all().flatMap(({ face, person, by }) =>
      person === null || by === 'sure' ? [] : [{ face, person, by }],
    );
  }

  /** "Not Anna": never again, and not now either. */
  refuse(faces: readonly FaceId[], person: PersonId): void {
    const { sqlite } = this.#database;
    this.#database.write(() => {
      const refuse = sqlite.prepare('INSERT OR IGNORE INTO refusals (face_id, person_id) VALUES (?, ?)');
      const clear = sqlite.prepare('DELETE FROM labels WHERE face_id = ? AND person_id = ?');
      const settle = sqlite.prepare('DELETE FROM suggestions WHERE face_id = ? AND person_id = ?');
      for (const face of faces) {
        refuse.run(face, person);
        clear.run(face, person);
        settle.run(face, person);
      }
    });
  }

  refusals(): { face: FaceId; person: PersonId }[] {
    return this.#database.read(
      () =>
        this.#database.sqlite
          .prepare('SELECT face_id AS face, person_id AS person FROM refusals ORDER BY face_id, person_id')
          .all() as unknown as { face: FaceId; person: PersonId }[],
    );
  }

  /**
   * Puts what Kith would ask in the place of all that it would have asked; writes only where that is something else.
   *
   * @returns whether it was
   */
  suggest(all: readonly { face: FaceId; person: PersonId; probability: number }[]): boolean {
    const { sqlite } = this.#database;
    return this.#database.write(() => {
      let isOther = false;
      const former = new Map(
        sqlite
          .prepare('SELECT * FROM suggestions')
          .all()
          .map(({ face_id: face, person_id: person, probability }) => [
            face as FaceId,
            { person, probability },
          ]),
      );
      const put = sqlite.prepare(
        `INSERT INTO suggestions (face_id, person_id, probability) SELECT id, ?, ? FROM faces WHERE id = ?
         ON CONFLICT (face_id) DO UPDATE SET person_id = excluded.person_id, probability = excluded.probability`,
      );
      for (const { face, person, probability } of all) {
        const before = former.get(face);
        former.delete(face);
        if (before?.person === person && before.probability === probability) continue;
        isOther = true;
        put.run(person, probability, face);
      }
      const drop = sqlite.prepare('DELETE FROM suggestions WHERE face_id = ?');
      for (const face of former.keys()) drop.run(face);
      return isOther || former.size > 0;
    });
  }

  /** Person and speaker of every face that has a label; a hundred thousand within some hundredths of a second. */
  brief(): [face: FaceId, person: PersonId | null, by: Label['by']][] {
    return this.#database.read(() => {
      const select = this.#database.sqlite.prepare('SELECT face_id, person_id, by_whom FROM labels');
      select.setReturnArrays(true);
      return select.all() as unknown as [FaceId, PersonId | null, Label['by']][];
    });
  }
}

function labelOf(row: Record<string, unknown>): Label {
  return {
    face: row.face_id as FaceId,
    verdict: row.verdict as Label['verdict'],
    person: row.person_id as PersonId | null,
    by: row.by_whom as Label['by'],
    probability: row.probability as number | null,
  };
}
