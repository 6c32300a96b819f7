import type { UnitBox } from '../contract/geometry.ts';
import type { FaceId, PersonId, PhotoId } from '../contract/ids.ts';
import type { Atom, FoundPhoto, Query, Vocabulary } from '../contract/search.ts';
import type { Database } from './database.ts';
import type { Page } from './face-cards.ts';
import { cardOf, PHOTO_CARD } from './photo-cards.ts';
import { Relations } from './relations.ts';
import { type Known, type Listing, photosWith, type Related } from './search-sql.ts';
import { KnownVocabulary, scannedFolders } from './vocabulary.ts';

/** Queries whose photos are remembered, and parts of queries: what is being typed, and the albums of a screen. Chosen by hand. */
const REMEMBERED = 32;

/** What is remembered of one state of the library: all photos, and those of queries and of their parts, in order. */
interface Found {
  order: Int32Array | null;
  photos: Map<string, Int32Array>;
  parts: Map<string, Int32Array>;
}

/** Finds photos by who is on them, when and where. `test/service/support/search-reference.ts` says the same plainly. */
export class Search {
  readonly #database: Database;
  #found: Found & { state: string } = {
    state: '',
    order: null,
    photos: new Map(),
    parts: new Map(),
  };
  readonly #vocabulary: KnownVocabulary;

  constructor(database: Database) {
    this.#database = database;
    this.#vocabulary = new KnownVocabulary(database);
  }

  /** By date, photos without one at the end. */
  list(query: Query, from: number, limit: number): Page<FoundPhoto> {
    return this.#database.read(() => {
      const { sqlite } = this.#database;
      const ids = this.ids(query);
      const card = sqlite.prepare(PHOTO_CARD);
      const matched = this.#matched(query);
      const items = Array.from(ids.subarray(from, from + limit), (id) => ({
        ...cardOf(card.get(id)!),
        matched: matched(id),
      }));
      return { items, total: ids.length };
    });
  }

  /** All photos that a query finds, in the order of {@link Search.list}. Not to be written to. */
  ids(query: Query): Int32Array {
    return this.#database.read(() => {
      const { photos } = this.#ofState();
      return remembered(photos, JSON.stringify(query), () => this.#find(query));
    });
  }

  /** Bits by id, and not SQL that joins all parts: that took twice as long, most of it for putting 30,000 ids into an order. */
  #find(query: Query): Int32Array {
    const all = this.#inOrder();
    const known = this.#known();
    const isOut = new Uint8Array(1 + all.reduce((highest, id) => Math.max(highest, id), 0));
    for (const { not, any } of query) {
      const isIn = new Uint8Array(isOut.length);
      // An id that no photo has is beyond the array, and so nowhere.
      for (const atom of any) for (const id of this.#photosWith(atom, known)) isIn[id] = 1;
      for (const id of all) if (isIn[id] === Number(not)) isOut[id] = 1;
    }
    return all.filter((id) => isOut[id] === 0);
  }

  /** Remembered, since each letter of a query that is being typed changes only its last part. */
  #photosWith(atom: Atom, known: Known): Int32Array {
    const list = () => Int32Array.from(this.#listed(photosWith(atom, known)));
    return remembered(this.#ofState().parts, JSON.stringify(atom), list);
  }

  /** All photos that lie in files, in the order of {@link Search.list}. */
  #inOrder(): Int32Array {
    const found = this.#ofState();
    found.order ??= this.#order();
    return found.order;
  }

  #order(): Int32Array {
    // The order is that of the index on dates, in which photos without a date come first.
    const ids = this.#listed({ sql: 'SELECT id FROM photos ORDER BY taken_at, id', values: [] });
    const { undated } = this.#database.sqlite
      .prepare('SELECT count(*) AS undated FROM photos WHERE taken_at IS NULL')
      .get() as { undated: number };
    // A photo whose last file is gone is in no list.
    const gone = new Set(
      this.#listed({ sql: 'SELECT photo_id FROM photo_counts WHERE gone = 1', values: [] }),
    );
    return Int32Array.from([...ids.slice(undated), ...ids.slice(0, undated)].filter((id) => !gone.has(id)));
  }

  /** The ids come as one JSON text: 40,000 rows would take three times as long. */
  #listed({ sql, values }: Listing): number[] {
    const row = this.#database.sqlite
      .prepare(`WITH listed (id) AS (${sql}) SELECT json_group_array(id) AS ids FROM listed`)
      .get(...values)!;
    return JSON.parse(row.ids as string) as number[];
  }

  /** How many of a query's photos were taken in which month (`YYYY-MM`), in the order of the list. */
  months(query: Query): { month: string | null; photos: number }[] {
    return this.#database.read(() => {
      const ids = this.ids(query);
      const { sqlite } = this.#database;
      const select = sqlite.prepare('SELECT substr(taken_at, 1, 7) AS month FROM photos WHERE id = ?');
      const monthAt = (at: number) => select.get(ids[at]!)!.month as string | null;
      const months: { month: string | null; photos: number }[] = [];
      for (let from = 0; from < ids.length; ) {
        const month = monthAt(from);
        // Those of a month stand together. The end of it is looked for in steps that double, then halve.
        let [last, step] = [from, 1];
        while (last + step < ids.length && monthAt(last + step) === month) {
          last += step;
          step *= 2;
        }
        for (; step >= 1; step = Math.floor(step / 2))
          if (last + step < ids.length && monthAt(last + step) === month) last += step;
        months.push({ month, photos: last + 1 - from });
        from = last + 1;
      }
      return months;
    });
  }

  /** The photos before and after one among those of a query. */
  beside(query: Query, photo: PhotoId): { previous: PhotoId | null; next: PhotoId | null } {
    const ids = this.ids(query);
    const at = ids.indexOf(photo);
    const id = (index: number) => (at < 0 ? null : ((ids[index] as PhotoId | undefined) ?? null));
    return { previous: id(at - 1), next: id(at + 1) };
  }

  /** The newest photo that a query finds, or one without a date where none has one; null: it finds none. */
  newest(query: Query): PhotoId | null {
    const ids = this.ids(query);
    if (ids.length === 0) return null;
    const dated = this.#database.read(() =>
      this.#database.sqlite.prepare('SELECT taken_at FROM photos WHERE id = ?'),
    );
    // Photos without a date stand at the end.
    const isDated = (at: number) => dated.get(ids[at]!)?.taken_at !== null;
    let [low, high] = [0, ids.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isDated(middle)) low = middle + 1;
      else high = middle;
    }
    return ids.at(low - 1) as PhotoId;
  }

  /** The people, folders and cameras that a query can name. */
  vocabulary(): Vocabulary {
    return this.#database.read(() => this.#vocabulary.at(this.#state()));
  }

  #known(): Known {
    return { folders: scannedFolders(this.#database), relatives: (related) => this.#relatives(related) };
  }

  #relatives({ is, person }: Related): PersonId[] {
    const all = new Relations(this.#database).of(person);
    return all.filter((one) => one.is === is).map((one) => one.person);
  }

  #ofState(): Found {
    const state = this.#state();
    if (this.#found.state !== state)
      this.#found = { state, order: null, photos: new Map(), parts: new Map() };
    return this.#found;
  }

  /** Another text after every change of the library, by this process or another. */
  #state(): string {
    const { sqlite } = this.#database;
    const { own } = sqlite.prepare('SELECT total_changes() AS own').get() as { own: number };
    const { data_version: others } = sqlite.prepare('PRAGMA data_version').get() as { data_version: number };
    return `${own} ${others}`;
  }

  /** Gives the faces of a photo that a query names, from left to right. */
  #matched(query: Query): (photo: number) => FoundPhoto['matched'] {
    const atoms = query.filter(({ not }) => !not).flatMap(({ any }) => any);
    const people = atoms.flatMap((atom) =>
      atom.kind === 'person' ? [atom.person] : atom.kind === 'related' ? this.#relatives(atom) : [],
    );
    const conditions = [
      ...(people.length > 0 ? ['labels.person_id IN (SELECT value FROM json_each(?))'] : []),
      ...(atoms.some(({ kind }) => kind === 'unnamed') ? ['labelled = 0'] : []),
      ...(atoms.some(({ kind }) => kind === 'check')
        ? ['(labelled = 0 AND EXISTS (SELECT 1 FROM suggestions WHERE face_id = faces.id))']
        : []),
    ];
    if (conditions.length === 0) return () => [];
    const select = this.#database.sqlite.prepare(
      `SELECT id, x, y, width, height FROM faces LEFT JOIN labels ON face_id = faces.id
       WHERE photo_id = ? AND withdrawn = 0 AND (${conditions.join(' OR ')}) ORDER BY x, id`,
    );
    const values = people.length > 0 ? [JSON.stringify(people)] : [];
    return (photo) =>
      select
        .all(photo, ...values)
        .map(({ id, ...box }) => ({ id: id as FaceId, box: { ...box } as unknown as UnitBox }));
  }
}

/** What a map has for a key, as the latest of it; else what is made then. */
function remembered(known: Map<string, Int32Array>, key: string, make: () => Int32Array): Int32Array {
  const found = known.get(key) ?? make();
  known.delete(key);
  known.set(key, found);
  for (const oldest of known.keys()) {
    if (known.size <= REMEMBERED) break;
    known.delete(oldest);
  }
  return found;
}
