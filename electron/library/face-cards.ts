import type { UnitBox } from '../contract/geometry.ts';
import type { FaceId, GroupId, PersonId, PhotoId } from '../contract/ids.ts';
import type { FaceCard, FaceStatus, ListedFace } from '../contract/people.ts';
import type { Database } from './database.ts';
import { isFirst, UNLABELLED_VERSION, versionsOf } from './stacked.ts';

/** One page of a list, and how long all of it is. */
export interface Page<T> {
  items: T[];
  total: number;
}

const CARD = `
  SELECT faces.id, photo_id, x, y, faces.width, faces.height, quality, group_id, verdict, by_whom,
    coalesce(labels.person_id, suggestions.person_id) AS person_id, people.name,
    coalesce(labels.probability, CASE WHEN verdict IS NULL THEN suggestions.probability END) AS probability
  FROM faces
  LEFT JOIN labels ON labels.face_id = faces.id
  LEFT JOIN suggestions ON suggestions.face_id = faces.id AND verdict IS NULL
  LEFT JOIN people ON people.id = coalesce(labels.person_id, suggestions.person_id)`;

/** Faces as the screens show them. */
export class FaceCards {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Cards in the order of `ids`; faces that are gone are left out. */
  get(ids: readonly FaceId[]): FaceCard[] {
    return this.#database.read(() => {
      const select = this.#database.sqlite.prepare(`${CARD} WHERE faces.id = ?`);
      return ids.flatMap((id) => {
        const row = select.get(id);
        return row ? [cardOf(row)] : [];
      });
    });
  }

  /** The faces on a photo, from left to right. */
  ofPhoto(photo: PhotoId): FaceCard[] {
    return this.#all(`${CARD} WHERE photo_id = ? AND withdrawn = 0 ORDER BY x, faces.id`, photo);
  }

  /**
   * A person's faces by status: confirmed and sure by date, those to be asked about the likeliest first.
   *
   * @param stacked whether one face stands for all versions of a photo, with the others in `versions`
   */
  ofPerson(
    person: PersonId,
    status: 'confirmed' | 'sure' | 'ask',
    from: number,
    limit: number,
    stacked = false,
  ): Page<ListedFace> {
    const isAsk = status === 'ask';
    const table = isAsk ? 'suggestions' : 'labels';
    const by = { ask: '', sure: ` AND by_whom = 'sure'`, confirmed: ` AND by_whom <> 'sure'` }[status];
    const isListed = `EXISTS (SELECT 1 FROM ${table} AS listing WHERE listing.face_id = version.id
      AND listing.person_id = ${table}.person_id${by.replace('by_whom', 'listing.by_whom')})`;
    const first = stacked ? ` AND ${isFirst(isListed)}` : '';
    const items = this.#all(
      isAsk
        ? `${CARD} WHERE suggestions.person_id = ?${first}
           ORDER BY suggestions.probability DESC, faces.id LIMIT ? OFFSET ?`
        : `${CARD} JOIN photos ON photos.id = photo_id WHERE labels.person_id = ?${by}${first}
           ORDER BY taken_at, photo_id, faces.id LIMIT ? OFFSET ?`,
      person,
      limit,
      from,
    );
    const all = `${table} ${stacked ? 'CROSS JOIN faces ON faces.id = face_id' : ''} WHERE person_id = ?${by}${first}`;
    return {
      items: this.#withVersions(items, stacked ? isListed : null, table),
      total: this.#count(all, person),
    };
  }

  /** The faces of a group that have no label, the best first. @param stacked as in {@link FaceCards.ofPerson} */
  ofGroup(group: GroupId, from: number, limit: number, stacked = false): Page<ListedFace> {
    const which = stacked ? `group_id = ? AND ${isFirst(UNLABELLED_VERSION)}` : 'group_id = ?';
    const { items, total } = this.#open(which, [group], from, limit);
    return { items: this.#withVersions(items, stacked ? UNLABELLED_VERSION : null), total };
  }

  /** Faces that are no face, or nobody's the user wants to know, the last said first. */
  marked(as: 'ignored' | 'not-a-face', from: number, limit: number): Page<FaceCard> {
    // Such a label is of no person: said here, since an index finds those.
    const which = 'labels.person_id IS NULL AND labels.verdict = ? AND withdrawn = 0';
    const items = this.#all(
      `${CARD} WHERE ${which} ORDER BY labels.entry_id DESC, faces.id LIMIT ? OFFSET ?`,
      as,
      limit,
      from,
    );
    return {
      items,
      total: this.#count(`labels JOIN faces ON faces.id = face_id WHERE ${which}`, as),
    };
  }

  /** Faces without a group and without a label, the best first. */
  alone(from: number, limit: number): Page<FaceCard> {
    return this.#open('group_id IS NULL', [], from, limit);
  }

  /** Faces without a label, in the order of the index on them. */
  #open(which: string, values: number[], from: number, limit: number): Page<FaceCard> {
    const all = `faces WHERE ${which} AND labelled = 0 AND withdrawn = 0`;
    // The index alone gives the page's ids: reading the row of every face before the page would take longer than the page.
    const items = this.#all(
      `WITH listed AS (SELECT id FROM ${all} ORDER BY quality DESC, id LIMIT ? OFFSET ?)
       ${CARD} WHERE faces.id IN (SELECT id FROM listed) ORDER BY quality DESC, faces.id`,
      ...values,
      limit,
      from,
    );
    return { items, total: this.#count(all, ...values) };
  }

  /** @param isListed as in {@link isFirst}, may name a row of `table`; null: each face stands for itself */
  #withVersions(cards: readonly FaceCard[], isListed: string | null, table?: string): ListedFace[] {
    if (isListed === null) return cards.map((card) => ({ ...card, versions: [] }));
    return this.#database.read(() => {
      const select = this.#database.sqlite.prepare(versionsOf(isListed, table));
      return cards.map((card) => ({
        ...card,
        versions: select.all(card.id).map(({ id, photo }) => ({ id: id as FaceId, photo: photo as PhotoId })),
      }));
    });
  }

  #all(sql: string, ...values: (string | number)[]): FaceCard[] {
    return this.#database.read(() => this.#database.sqlite.prepare(sql).all(...values)).map(cardOf);
  }

  #count(of: string, ...values: (string | number)[]): number {
    return this.#database.read(
      () => this.#database.sqlite.prepare(`SELECT count(*) AS n FROM ${of}`).get(...values)!.n as number,
    );
  }
}

function cardOf(row: Record<string, unknown>): FaceCard {
  const { x, y, width, height } = row;
  return {
    id: row.id as FaceId,
    photo: row.photo_id as PhotoId,
    box: { x, y, width, height } as UnitBox,
    quality: row.quality as number,
    group: row.group_id as GroupId | null,
    status: statusOf(row),
    person: row.person_id === null ? null : { id: row.person_id as PersonId, name: row.name as string },
    probability: row.probability as number | null,
  };
}

function statusOf({ verdict, by_whom: by, person_id: person }: Record<string, unknown>): FaceStatus {
  if (verdict === null) return person === null ? 'none' : 'ask';
  if (verdict !== 'person') return verdict as FaceStatus;
  return by === 'sure' ? 'sure' : 'confirmed';
}
