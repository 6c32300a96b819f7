import type { Database } from './database.ts';

/** New photos that are put into the list one by one. Bound: each takes 16 looks at a date, and reading all of 40,000 40 ms. */
const FEW = 200;

/** By date, then by id; photos without a date come last. */
interface Place {
  id: number;
  taken: string | null;
}

/**
 * The ids of all photos that lie in a file, by date. Reading those of 40,000 photos takes some hundredths of a second, so it is
 * done where photos went or were dated anew; those that a scan adds are put into the list.
 */
export class PhotoOrder {
  readonly #database: Database;
  #known: { changed: number; added: number; ids: Int32Array } | null = null;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Not to be written to. The same array as long as the list is the same. */
  now(): Int32Array {
    return this.#database.read(() => {
      const state = this.#state();
      const known = this.#known;
      if (known !== null && known.changed === state.changed && known.added === state.added) return known.ids;
      const ids =
        (known !== null && known.changed === state.changed && this.#withNew(known.ids)) || this.#everywhere();
      this.#known = { ...state, ids };
      return ids;
    });
  }

  /** Counters that triggers raise: see migrations/8-revisions.ts. */
  #state(): { changed: number; added: number } {
    const rows = this.#database.sqlite.prepare('SELECT name, value FROM revisions').all();
    const of = (name: string) => rows.find((row) => row.name === name)?.value as number;
    return { changed: of('changed'), added: of('added') };
  }

  #everywhere(): Int32Array {
    const where = 'EXISTS (SELECT 1 FROM files WHERE photo_id = photos.id)';
    // Each half comes in the order of the index on dates, so that nothing is sorted.
    const halves = [
      `taken_at IS NOT NULL AND ${where} ORDER BY taken_at, id`,
      `taken_at IS NULL AND ${where} ORDER BY id`,
    ];
    // The ids come as one JSON text: 40,000 rows would take three times as long.
    const read = (half: string) =>
      this.#database.sqlite
        .prepare(`SELECT json_group_array(id) AS ids FROM (SELECT id FROM photos WHERE ${half})`)
        .get()!.ids as string;
    return Int32Array.from(halves.flatMap((half) => JSON.parse(read(half)) as number[]));
  }

  /** The list with the photos that came since; null: there are too many, or others are missing, whose file came back. */
  #withNew(ids: Int32Array): Int32Array | null {
    const { sqlite } = this.#database;
    const newest = ids.reduce((most, id) => Math.max(most, id), 0);
    const fresh = sqlite
      .prepare(
        `SELECT id, taken_at AS taken FROM photos
         WHERE id > ? AND EXISTS (SELECT 1 FROM files WHERE photo_id = photos.id) LIMIT ${FEW + 1}`,
      )
      .all(newest) as unknown as Place[];
    const { n } = sqlite.prepare('SELECT count(DISTINCT photo_id) AS n FROM files').get() as { n: number };
    if (fresh.length > FEW || ids.length + fresh.length !== n) return null;
    const date = sqlite.prepare('SELECT taken_at AS taken FROM photos WHERE id = ?');
    const list = [...ids];
    for (const photo of fresh.sort(byDate)) {
      let [low, high] = [0, list.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        const id = list[middle]!;
        if (byDate({ id, taken: date.get(id)!.taken as string | null }, photo) < 0) low = middle + 1;
        else high = middle;
      }
      list.splice(low, 0, photo.id);
    }
    return Int32Array.from(list);
  }
}

function byDate(a: Place, b: Place): number {
  if (a.taken === b.taken) return a.id - b.id;
  if (a.taken === null) return 1;
  if (b.taken === null) return -1;
  return a.taken < b.taken ? -1 : 1;
}
