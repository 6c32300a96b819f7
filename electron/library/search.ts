import { basename } from 'node:path';
import type { UnitBox } from '../contract/geometry.ts';
import type { FaceId, FolderId, PersonId, PhotoId } from '../contract/ids.ts';
import type { FoundPhoto, Query, Vocabulary } from '../contract/search.ts';
import type { Database } from './database.ts';
import type { Page } from './face-cards.ts';
import { cardOf, PHOTO_CARD } from './photo-cards.ts';
import { Relations } from './relations.ts';
import { type Known, type Listing, photosWith, type Related } from './search-sql.ts';

/** Queries whose photos are remembered: the steps of what is being typed, and the albums of a screen. Chosen by hand. */
const REMEMBERED = 32;

/** Finds photos by who is on them, when and where. `test/service/support/search-reference.ts` says the same plainly. */
export class Search {
  readonly #database: Database;
  /** All photos, and those of each query, in order, as of one state of the library. */
  #found: { state: string; order: Int32Array | null; photos: Map<string, Int32Array> } = {
    state: '',
    order: null,
    photos: new Map(),
  };
  #subfoldersOf: { state: string; folders: Vocabulary['folders'] } = { state: '', folders: [] };

  constructor(database: Database) {
    this.#database = database;
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
      const key = JSON.stringify(query);
      const ids = photos.get(key) ?? this.#find(query);
      photos.delete(key);
      photos.set(key, ids);
      for (const oldest of photos.keys()) {
        if (photos.size <= REMEMBERED) break;
        photos.delete(oldest);
      }
      return ids;
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
      for (const atom of any) for (const id of this.#listed(photosWith(atom, known))) isIn[id] = 1;
      for (const id of all) if (isIn[id] === Number(not)) isOut[id] = 1;
    }
    return all.filter((id) => isOut[id] === 0);
  }

  /** All photos that lie in files, in the order of {@link Search.list}. */
  #inOrder(): Int32Array {
    const order = this.#ofState().order ?? this.#order();
    this.#ofState().order = order;
    return order;
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
    return this.#database.read(() => {
      const { sqlite } = this.#database;
      const people = sqlite.prepare('SELECT id, name FROM people ORDER BY name_key').all() as unknown as {
        id: PersonId;
        name: string;
      }[];
      const cameras = sqlite
        .prepare(
          `SELECT camera, count(*) AS photos FROM photos WHERE camera IS NOT NULL AND camera <> ''
             AND id NOT IN (SELECT photo_id FROM photo_counts WHERE gone = 1)
           GROUP BY camera ORDER BY photos DESC, camera`,
        )
        .all() as unknown as Vocabulary['cameras'];
      const span = sqlite.prepare('SELECT min(taken_at) AS first, max(taken_at) AS last FROM photos').get()!;
      const years: Vocabulary['years'] =
        span.first === null
          ? null
          : [Number(String(span.first).slice(0, 4)), Number(String(span.last).slice(0, 4))];
      return {
        people: people.map(({ id, name }) => ({ id, name })),
        areRelated: sqlite.prepare('SELECT 1 FROM relations LIMIT 1').get() !== undefined,
        folders: this.#knownSubfolders(),
        cameras: cameras.map(({ camera, photos }) => ({ camera, photos })),
        years,
      };
    });
  }

  #known(): Known {
    return { folders: this.#folders(), relatives: (related) => this.#relatives(related) };
  }

  #relatives({ is, person }: Related): PersonId[] {
    const all = new Relations(this.#database).of(person);
    return all.filter((one) => one.is === is).map((one) => one.person);
  }

  #folders(): { id: FolderId; name: string }[] {
    return this.#database.sqlite
      .prepare('SELECT id, path FROM folders')
      .all()
      .map(({ id, path }) => ({ id: id as FolderId, name: basename(path as string) }));
  }

  /** Reading the paths of 40,000 photos takes hundredths of a second, so it is done once for each state. */
  #knownSubfolders(): Vocabulary['folders'] {
    const state = this.#state();
    if (this.#subfoldersOf.state !== state) this.#subfoldersOf = { state, folders: this.#subfolders() };
    return this.#subfoldersOf.folders;
  }

  /** Every folder with photos, and every subfolder, also those that hold folders alone; by path. */
  #subfolders(): Vocabulary['folders'] {
    // As text, like ids: taking paths apart is three times as slow in SQL.
    const { files } = this.#database.sqlite
      .prepare(
        `SELECT json_group_array(json_array(folder_id, path, photo_id)) AS files FROM (
           SELECT folder_id, path, photo_id FROM files WHERE photo_id IS NOT NULL ORDER BY folder_id, path)`,
      )
      .get() as { files: string };
    const places = new Map<string, { folder: FolderId; place: string; photos: Set<PhotoId> }>();
    for (const [folder, path, photo] of JSON.parse(files) as [FolderId, string, PhotoId][]) {
      const place = path.slice(0, path.lastIndexOf('/') + 1);
      const key = `${folder} ${place}`;
      const known = places.get(key);
      if (known) known.photos.add(photo);
      else places.set(key, { folder, place, photos: new Set([photo]) });
    }
    const inOrder = [...places.values()].toSorted(
      (a, b) => a.folder - b.folder || (a.place < b.place ? -1 : a.place > b.place ? 1 : 0),
    );
    const names = new Map(this.#folders().map(({ id, name }) => [id, name]));
    const found = new Map<string, Vocabulary['folders'][number]>();
    for (const { folder, place, photos } of inOrder) {
      const parts = place.split('/').filter((part) => part !== '');
      for (let depth = 0; depth <= parts.length; depth++) {
        const under = parts.slice(0, depth).join('/');
        const key = `${folder} ${under}`;
        const known = found.get(key);
        if (known) known.photos += photos.size;
        else
          found.set(key, {
            folder,
            under,
            name: parts[depth - 1] ?? names.get(folder) ?? '',
            photos: photos.size,
          });
      }
    }
    return [...found.values()];
  }

  #ofState(): { order: Int32Array | null; photos: Map<string, Int32Array> } {
    const state = this.#state();
    if (this.#found.state !== state) this.#found = { state, order: null, photos: new Map() };
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
