import { CROP_PADDING } from '../contract/crop-square.ts';
import { factList } from '../contract/fact-list.ts';
import type { FaceId, GroupId, PersonId } from '../contract/ids.ts';
import type { GroupCard, NamingProgress, PersonCard, PersonDetail, PersonLife } from '../contract/people.ts';
import { RelationKind, type Relative } from '../contract/relations.ts';
import type { Database } from './database.ts';
import type { Page } from './face-cards.ts';
import type { GroupSizes } from './group-sizes.ts';
import { lifeOf } from './lives.ts';
import { factsOf } from './people.ts';
import { ofPerson } from './presences.ts';
import { Relations } from './relations.ts';
import { isFirst, UNLABELLED_VERSION } from './stacked.ts';
import { SteadyOrder } from './steady-order.ts';

/** Faces among which a person's cover is chosen: reading all takes long where there are thousands. Chosen by hand. */
const COVERS = 40;

/** Whether a face reaches the edge of its photo: a part of it may be missing. */
const CLIPPED = '(faces.x <= 0 OR faces.y <= 0 OR faces.x + faces.width >= 1 OR faces.y + faces.height >= 1)';

/** Whether the middle of another face is on a face's picture, which shows {@link CROP_PADDING} around it. */
const SHARED = `EXISTS (
  SELECT 1 FROM faces AS other JOIN photos AS own ON own.id = other.photo_id
  WHERE other.photo_id = faces.photo_id AND other.id <> faces.id AND other.withdrawn = 0
    AND 2 * max(abs((other.x + other.width / 2 - faces.x - faces.width / 2) * own.width),
                abs((other.y + other.height / 2 - faces.y - faces.height / 2) * own.height))
      < ${1 + 2 * CROP_PADDING} * max(faces.width * own.width, faces.height * own.height))`;

/** Faces that are shown alone and whole come first, then good ones. */
const FIT_TO_SHOW = `${SHARED}, ${CLIPPED}, quality DESC, faces.id`;

/**
 * The best of the first faces. The inner query puts them in order, so that the outer one looks at few of them.
 *
 * @param clean whether only a face counts that is alone on its picture
 */
const best = (by: string, clean: boolean) =>
  `(SELECT id FROM
     (SELECT faces.* FROM
        (SELECT face_id FROM labels WHERE person_id = people.id AND by_whom = '${by}' ORDER BY face_id LIMIT ${COVERS})
        JOIN faces ON faces.id = face_id ORDER BY quality DESC, face_id LIMIT ${COVERS}) AS faces
     ${clean ? `WHERE NOT ${CLIPPED} AND NOT ${SHARED}` : ''} LIMIT 1)`;

/**
 * How many faces of each status a person has, and a cover: the one that the user chose, else a face of good quality, first
 * of those that the user named. Faces that share their picture with another one or are cut off come last.
 */
const PERSON = `
  SELECT people.id, name, ${factList.join(', ')}, hidden,
    coalesce(
      (SELECT id FROM faces WHERE id = cover_face_id AND withdrawn = 0),
      ${best('hand', true)}, ${best('group', true)}, ${best('sure', true)},
      ${best('hand', false)}, ${best('group', false)}, ${best('sure', false)}
    ) AS cover,
    (SELECT count(*) FROM labels WHERE person_id = people.id AND by_whom IN ('hand', 'group')) AS confirmed,
    (SELECT count(*) FROM labels WHERE person_id = people.id AND by_whom = 'sure') AS sure,
    (SELECT count(*) FROM suggestions WHERE person_id = people.id) AS ask
  FROM people`;

/** After every day of birth: whoever has none comes last. */
const UNBORN = '9999';

/** Faces of a group that its card shows; of versions of one photo only the best. Chosen by hand. */
const SHOWN = 5;

/** People and unnamed groups as the screens show them. */
export class PeopleCards {
  readonly #database: Database;
  readonly #sizes: GroupSizes;
  readonly #orders = { people: new SteadyOrder<PersonId>(), groups: new SteadyOrder<GroupId>() };

  constructor(database: Database, sizes: GroupSizes) {
    this.#database = database;
    this.#sizes = sizes;
  }

  /** People with the most faces first; `steady`: see {@link SteadyOrder}. */
  people(hidden: boolean, from: number, limit: number, steady = false): Page<PersonCard> {
    return this.#database.read(() => {
      const { sqlite } = this.#database;
      const rows = sqlite
        .prepare(
          `SELECT people.id FROM people LEFT JOIN labels ON person_id = people.id
           WHERE hidden = ? GROUP BY people.id ORDER BY count(face_id) DESC, name_key`,
        )
        .all(Number(hidden));
      const shown = this.#orders.people.of(rows as unknown as { id: PersonId }[], steady);
      const card = sqlite.prepare(`${PERSON} WHERE people.id = ?`);
      const items = shown.slice(from, from + limit).map(({ id }) => personOf(card.get(id)!));
      return { items, total: rows.length };
    });
  }

  person(id: PersonId): PersonDetail | null {
    return this.#database.read(() => {
      const { sqlite } = this.#database;
      const row = sqlite.prepare(`${PERSON} WHERE people.id = ?`).get(id);
      if (!row) return null;
      const span = sqlite
        .prepare(
          `SELECT count(*) AS photos, min(taken_at) AS first, max(taken_at) AS last
           FROM photos WHERE id IN (${ofPerson('?1')})`,
        )
        .get(id)!;
      const years =
        span.first === null ? null : [span.first, span.last].map((at) => Number(String(at).slice(0, 4)));
      return { ...personOf(row), photos: span.photos as number, years: years as [number, number] | null };
    });
  }

  /** A person over the years, and in whose company. */
  life(id: PersonId): PersonLife {
    return this.#database.read(() => {
      const { company, ...life } = lifeOf(this.#database, id);
      const card = this.#database.sqlite.prepare(`${PERSON} WHERE people.id = ?`);
      return {
        ...life,
        company: company.map((other) => ({ ...other, cover: personOf(card.get(other.id)!).cover })),
      };
    });
  }

  /** Everybody who is something to a person: by what they are, the eldest first where that is known, then by name. */
  relatives(id: PersonId): Relative[] {
    return this.#database.read(() => {
      const card = this.#database.sqlite.prepare(`${PERSON} WHERE people.id = ?`);
      const all = new Relations(this.#database).of(id).map(({ person, is, follows }) => {
        const { name, cover, birth } = personOf(card.get(person)!);
        return { id: person, name, cover, birth: birth ?? UNBORN, is, follows };
      });
      const order = RelationKind.options;
      return all
        .sort(
          (a, b) =>
            order.indexOf(a.is) - order.indexOf(b.is) ||
            a.birth.localeCompare(b.birth) ||
            a.name.localeCompare(b.name),
        )
        .map(({ birth: _, ...relative }) => relative);
    });
  }

  /**
   * People whose name begins with this text, then those with a word that does, then those whose name holds it
   * elsewhere. Hidden people only by their whole name.
   *
   * @param whose people with such a relative come first, but after a person of exactly this name
   */
  search(text: string, whose: RelationKind | null = null, limit = 8): PersonCard[] {
    const key = text.normalize('NFC').toLocaleLowerCase('und').trim();
    const first = JSON.stringify(whose === null ? [] : new Relations(this.#database).having(whose));
    return this.#database
      .read(() =>
        this.#database.sqlite
          .prepare(
            `WITH found AS (
               SELECT people.id AS person, name_key <> ?1 AS other, instr(name_key, ?1) <> 1 AS inside, instr(name_key, ' ' || ?1) = 0 AS within,
                 people.id NOT IN (SELECT value FROM json_each(?3)) AS later,
                 (SELECT count(*) FROM labels WHERE person_id = people.id) AS n
               FROM people WHERE instr(name_key, ?1) > 0 AND (hidden = 0 OR name_key = ?1) ORDER BY other, later, inside, within, n DESC, name LIMIT ?2)
             SELECT card.* FROM found JOIN (${PERSON}) AS card ON card.id = person ORDER BY other, later, inside, within, n DESC, name`,
          )
          .all(key, limit, first),
      )
      .map(personOf);
  }

  /** Groups with unlabelled faces, the largest first; `steady`: see {@link SteadyOrder}. */
  groups(hidden: boolean, from: number, limit: number, steady = false): Page<GroupCard> {
    const all = this.#sizes.list(hidden);
    const shown = this.#orders.groups.of(all, steady).slice(from, from + limit);
    const items = this.#database.read(() => {
      const card = this.#groupCards();
      return shown.map(({ id, size }) => card(id, size, hidden));
    });
    return { items, total: all.length };
  }

  /** How many groups have unlabelled faces, without hidden groups. */
  groupCount(): number {
    return this.#sizes.list(false).length;
  }

  /** @returns null where all of the group's faces have a label */
  group(id: GroupId): GroupCard | null {
    return this.#database.read(() => {
      const row = this.#database.sqlite
        .prepare(
          `SELECT count(*) AS size, groups.hidden FROM faces JOIN groups ON groups.id = group_id
           WHERE group_id = ? AND labelled = 0 AND withdrawn = 0 GROUP BY group_id`,
        )
        .get(id);
      return row ? this.#groupCards()(id, row.size as number, row.hidden === 1) : null;
    });
  }

  /** Makes cards; the statements are prepared once for all of them. */
  #groupCards(): (id: GroupId, size: number, hidden: boolean) => GroupCard {
    const { sqlite } = this.#database;
    const likeliest = sqlite.prepare(
      `SELECT person_id AS id, name, avg(probability) AS probability, count(*) AS n
       FROM suggestions JOIN faces ON faces.id = face_id JOIN people ON people.id = person_id
       WHERE group_id = ? AND people.hidden = 0 GROUP BY person_id ORDER BY n DESC LIMIT 1`,
    );
    const candidates = `SELECT faces.* FROM faces WHERE group_id = ? AND labelled = 0 AND withdrawn = 0
      AND ${isFirst(UNLABELLED_VERSION)} ORDER BY quality DESC, id LIMIT ${COVERS}`;
    // Whether a face is fit to show takes longer to find out than all else, so no more are looked at than it needs.
    const fit = sqlite.prepare(
      `SELECT id FROM (${candidates}) AS faces WHERE NOT ${CLIPPED} AND NOT ${SHARED} LIMIT ${SHOWN}`,
    );
    const best = sqlite.prepare(
      `SELECT id FROM (${candidates}) AS faces ORDER BY ${FIT_TO_SHOW} LIMIT ${SHOWN}`,
    );
    const facesOf = (id: GroupId) => {
      const found = fit.all(id);
      return (found.length === SHOWN ? found : best.all(id)).map((row) => row.id as FaceId);
    };
    return (id, size, hidden) => {
      const maybe = likeliest.get(id) as { id: PersonId; name: string; probability: number } | undefined;
      const [cover, ...others] = facesOf(id);
      return {
        id,
        size,
        cover: cover!,
        others,
        hidden,
        maybe: maybe ? { id: maybe.id, name: maybe.name, probability: maybe.probability } : null,
      };
    };
  }

  progress(): NamingProgress {
    return this.#database.read(() => {
      const { sqlite } = this.#database;
      const total = sqlite
        .prepare(
          'SELECT (SELECT count(*) FROM faces) - (SELECT count(*) FROM faces WHERE withdrawn = 1) AS n',
        )
        .get()!.n as number;
      const labelled = sqlite.prepare('SELECT count(*) AS n FROM labels').get()!.n as number;
      return { settled: Math.min(labelled, total), total };
    });
  }
}

function personOf(row: Record<string, unknown>): PersonCard {
  return {
    id: row.id as PersonId,
    name: row.name as string,
    cover: row.cover as FaceId | null,
    confirmed: row.confirmed as number,
    sure: row.sure as number,
    ask: row.ask as number,
    ...factsOf(row),
    hidden: row.hidden === 1,
  };
}
