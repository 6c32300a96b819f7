import type { EntryId, FaceId, PersonId } from '../contract/ids.ts';
import type { Database } from './database.ts';

/** The label of one face. */
export interface Label {
  face: FaceId;
  verdict: 'person' | 'ignored' | 'not-a-face';
  person: PersonId | null;
  /** `hand`: the user, of this face by itself; `group`: the user, of the face's group; `sure`: Kith. */
  by: 'hand' | 'group' | 'sure';
  /** Probability that the label is right, 0..1, where Kith gave it. */
  probability: number | null;
}

/** A face that the user named, as an example of its person. */
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

/** The labels of faces. Every change is to be made inside an entry of the journal. */
export class Labels {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Records who, or what, these faces are by the user. It replaces labels that Kith gave, and removes refusals of
   * that person.
   */
  put(
    faces: readonly FaceId[],
    label: Pick<Label, 'verdict' | 'person'> & { by: 'hand' | 'group' },
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
        .run(label.verdict, label.person, label.by, entry, all);
      if (label.person !== null) {
        sqlite
          .prepare(`DELETE FROM refusals WHERE face_id ${listed} AND person_id = ?`)
          .run(all, label.person);
      }
      sqlite.prepare(`DELETE FROM suggestions WHERE face_id ${listed}`).run(all);
    });
  }

  /**
   * Names faces as a person's. The user pointed at each face of `pointed`; `members` are named by their groups. A person is
   * on a photo only once. So a member is refused where the user has named another face of its photo as that person. And
   * where the user points at a face, the person's other labels on its photo are removed, except on faces that the user
   * pointed at too.
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

  /** A person's labelled faces, without those on mirrors and collages. */
  #onPhotos(person: PersonId): { face: FaceId; photo: number; by: Label['by'] }[] {
    return this.#database.sqlite
      .prepare(
        `SELECT face_id AS face, photo_id AS photo, by_whom AS by FROM labels JOIN faces ON faces.id = face_id
         JOIN photos ON photos.id = photo_id WHERE person_id = ? AND several = 0`,
      )
      .all(person) as unknown as { face: FaceId; photo: number; by: Label['by'] }[];
  }

  /**
   * Names faces that Kith is sure of. Faces that have a label keep it. No face is named as a person who is on its photo
   * already.
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
        // A scan may have removed the face; then nothing is inserted.
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

  /** Withdraws the names that Kith gave: of one person, or of all. */
  clearSure(person?: PersonId): void {
    this.#database.write(() =>
      this.#database.sqlite
        .prepare(`DELETE FROM labels WHERE by_whom = 'sure' AND (?1 IS NULL OR person_id = ?1)`)
        .run(person ?? null),
    );
  }

  /** Withdraws the names that Kith gave within one entry and that are still there. */
  clearSureOf(entry: EntryId): void {
    this.#database.write(() =>
      this.#database.sqlite.prepare(`DELETE FROM labels WHERE by_whom = 'sure' AND entry_id = ?`).run(entry),
    );
  }

  /** The names that Kith gave within these entries and that are still there. */
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

  /** Every face that the user has named. */
  examples(): Example[] {
    return this.all().flatMap(({ face, person, by }) =>
      person === null || by === 'sure' ? [] : [{ face, person, by }],
    );
  }

  /** Records that faces are not this person: their labels and suggestions of the person go, and Kith gives none again. */
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
   * Replaces all suggestions, from which Kith asks questions. Only suggestions that differ are written.
   *
   * @returns whether any differed
   */
  suggest(all: readonly { face: FaceId; person: PersonId; probability: number }[]): boolean {
    const { sqlite } = this.#database;
    return this.#database.write(() => {
      let isOther = false;
      const suggestions = sqlite.prepareAlone('SELECT face_id, person_id, probability FROM suggestions');
      // There are tens of thousands, and each name reads them: as arrays it takes half the time.
      suggestions.setReturnArrays(true);
      const rows = suggestions.all() as unknown as [FaceId, PersonId, number][];
      const former = new Map(rows.map(([face, person, probability]) => [face, { person, probability }]));
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

  /** Person and giver of every label; a hundred thousand are read within some hundredths of a second. */
  brief(): [face: FaceId, person: PersonId | null, by: Label['by']][] {
    return this.#database.read(() => {
      const select = this.#database.sqlite.prepareAlone('SELECT face_id, person_id, by_whom FROM labels');
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
