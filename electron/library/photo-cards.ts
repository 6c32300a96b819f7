import { basename, join } from 'node:path';
import { KithError } from '../contract/errors.ts';
import type { FolderId, PersonId, PhotoId } from '../contract/ids.ts';
import type { PhotoCard, UnreadableFile } from '../contract/screens.ts';
import type { Database } from './database.ts';
import type { Page } from './face-cards.ts';
import { PhotoOrder } from './photo-order.ts';
import { ofPerson } from './presences.ts';

/** One photo of the record. */
export interface RecordedPhoto {
  id: PhotoId;
  hash: string;
  bytes: number;
  width: number;
  height: number;
  takenAt: string | null;
  several: boolean;
  /** Absolute paths of the files that hold it. */
  files: string[];
}

/** By date, photos without one at the end. All lists have this order, so that next and previous follow them. */
export const ORDER = `taken_at IS NULL, taken_at, photos.id`;

/** What {@link cardOf} is made of, of the photo `?`. */
export const PHOTO_CARD = `SELECT photos.id, taken_at, width, height,
    (SELECT count(*) FROM faces WHERE photo_id = photos.id AND withdrawn = 0) AS faces,
    (SELECT path FROM files WHERE photo_id = photos.id ORDER BY id LIMIT 1) AS path
  FROM photos WHERE id = ?`;

/** Photos of a folder, those that a person is on, or all. */
interface Which {
  folder?: FolderId | undefined;
  person?: PersonId | undefined;
}

/** Photos and folders as the screens show them. */
export class PhotoCards {
  readonly #database: Database;
  readonly #order: PhotoOrder;
  /** The photos of each folder, as of one list of all photos. */
  #lists: { all: Int32Array; folders: Map<FolderId, Int32Array> } = {
    all: new Int32Array(),
    folders: new Map(),
  };

  constructor(database: Database) {
    this.#database = database;
    this.#order = new PhotoOrder(database);
  }

  list(which: Which, from: number, limit: number): Page<PhotoCard> {
    return this.#database.read(() => {
      const ids =
        which.person === undefined ? this.#all(which.folder) : this.#ofPerson(which.person, which.folder);
      const card = this.#database.sqlite.prepare(PHOTO_CARD);
      const items = Array.from(ids.slice(from, from + limit), (id) => cardOf(card.get(id)!));
      return { items, total: ids.length };
    });
  }

  /** All photos, or those of a folder. */
  #all(folder: FolderId | undefined): Int32Array {
    const all = this.#order.now();
    if (folder === undefined) return all;
    if (this.#lists.all !== all) this.#lists = { all, folders: new Map() };
    const ids = this.#lists.folders.get(folder) ?? this.#within(folder);
    this.#lists.folders.set(folder, ids);
    return ids;
  }

  #within(folder: FolderId): Int32Array {
    const there = this.#database.sqlite
      .prepare('SELECT photo_id FROM files WHERE folder_id = ? AND photo_id IS NOT NULL')
      .all(folder);
    const photos = new Set(there.map((row) => row.photo_id as number));
    return this.#all(undefined).filter((id) => photos.has(id));
  }

  #ofPerson(person: PersonId, folder: FolderId | undefined): number[] {
    return this.#database.sqlite
      .prepare(
        `SELECT photos.id, taken_at FROM photos WHERE id IN (${ofPerson('?1')})
           AND EXISTS (SELECT 1 FROM files WHERE photo_id = photos.id AND (?2 IS NULL OR folder_id = ?2))
         ORDER BY ${ORDER}`,
      )
      .all(person, folder ?? null)
      .map(({ id }) => id as number);
  }

  /** How many photos of a list were taken in which month (`YYYY-MM`), in the order of the list. */
  months(which: Which): { month: string | null; photos: number }[] {
    const { where, values } = conditionOf(which);
    return this.#database.read(
      () =>
        this.#database.sqlite
          .prepare(
            `SELECT substr(taken_at, 1, 7) AS month, count(*) AS photos FROM photos WHERE ${where}
             GROUP BY month ORDER BY month IS NULL, month`,
          )
          .all(...values) as unknown as { month: string | null; photos: number }[],
    );
  }

  /** @throws KithError not-found */
  get(id: PhotoId): RecordedPhoto {
    return this.#database.read(() => {
      const { sqlite } = this.#database;
      const row = sqlite.prepare('SELECT * FROM photos WHERE id = ?').get(id);
      if (!row) throw new KithError('not-found', `photo ${id}`);
      const files = sqlite
        .prepare(
          `SELECT folders.path AS folder, files.path FROM files JOIN folders ON folders.id = folder_id
           WHERE photo_id = ? ORDER BY files.id`,
        )
        .all(id);
      return {
        id,
        hash: row.hash as string,
        bytes: row.bytes as number,
        width: row.width as number,
        height: row.height as number,
        takenAt: row.taken_at as string | null,
        several: row.several === 1,
        files: files.map((file) => join(file.folder as string, file.path as string)),
      };
    });
  }

  unreadable(from: number, limit: number): Page<UnreadableFile> {
    return this.#database.read(() => {
      const { sqlite } = this.#database;
      const rows = sqlite
        .prepare(
          `SELECT files.path AS name, folders.path AS folder, reason_code AS reason, reason_detail AS detail
           FROM files JOIN folders ON folders.id = folder_id WHERE status = 'unreadable'
           ORDER BY folders.path, files.path LIMIT ? OFFSET ?`,
        )
        .all(limit, from) as unknown as UnreadableFile[];
      const total = sqlite.prepare(`SELECT count(*) AS n FROM files WHERE status = 'unreadable'`).get()!;
      return { items: rows, total: total.n as number };
    });
  }

  folders(): { id: FolderId; path: string; photos: number; unreadable: number }[] {
    return this.#database.read(
      () =>
        this.#database.sqlite
          .prepare(
            `SELECT folders.id, folders.path, count(DISTINCT photo_id) AS photos,
               coalesce(sum(status = 'unreadable'), 0) AS unreadable
             FROM folders LEFT JOIN files ON folder_id = folders.id GROUP BY folders.id ORDER BY folders.id DESC`,
          )
          .all() as unknown as { id: FolderId; path: string; photos: number; unreadable: number }[],
    );
  }

  /** What a folder holds: files, different photos, faces on these, and files that can't be read. */
  holds(folder: FolderId): {
    files: number;
    photos: number;
    copies: number;
    faces: number;
    unreadable: number;
  } {
    return this.#database.read(
      () =>
        this.#database.sqlite
          .prepare(
            `SELECT count(*) AS files, count(DISTINCT photo_id) AS photos,
               count(photo_id) - count(DISTINCT photo_id) AS copies,
               coalesce(sum(status = 'unreadable'), 0) AS unreadable,
               (SELECT count(*) FROM faces WHERE withdrawn = 0 AND photo_id IN
                 (SELECT photo_id FROM files WHERE folder_id = ?1)) AS faces
             FROM files WHERE folder_id = ?1`,
          )
          .get(folder) as unknown as ReturnType<PhotoCards['holds']>,
    );
  }

  /** Photos in files of this name and size, in bytes. */
  named(name: string, bytes: number): PhotoId[] {
    return this.#database.read(() =>
      this.#database.sqlite
        .prepare('SELECT DISTINCT photo_id, path FROM files WHERE size = ? AND photo_id IS NOT NULL')
        .all(bytes)
        .filter(({ path }) => basename(path as string) === name)
        .map(({ photo_id }) => photo_id as PhotoId),
    );
  }

  /** How many faces have no label. */
  unnamed(): number {
    const select = 'SELECT count(*) AS n FROM faces WHERE labelled = 0 AND withdrawn = 0';
    return this.#database.read(() => this.#database.sqlite.prepare(select).get()!.n as number);
  }

  /** The numbers of photos, folders, faces, people, unlabelled faces, suggestions, and unreadable files. */
  counts(): {
    photos: number;
    folders: number;
    faces: number;
    people: number;
    unnamed: number;
    questions: number;
    unreadable: number;
  } {
    return this.#database.read(
      () =>
        this.#database.sqlite
          .prepare(
            `SELECT (SELECT count(DISTINCT photo_id) FROM files) AS photos,
               (SELECT count(*) FROM folders) AS folders,
               (SELECT count(*) FROM faces) - (SELECT count(*) FROM faces WHERE withdrawn = 1) AS faces,
               (SELECT count(*) FROM people) AS people,
               (SELECT count(*) FROM faces WHERE labelled = 0 AND withdrawn = 0) AS unnamed,
               (SELECT count(*) FROM suggestions) - (SELECT count(*) FROM suggestions WHERE person_id IN
                 (SELECT id FROM people WHERE hidden = 1)) AS questions,
               (SELECT count(*) FROM files WHERE status = 'unreadable') AS unreadable`,
          )
          .get() as unknown as ReturnType<PhotoCards['counts']>,
    );
  }
}

function conditionOf({ folder, person }: Which): { where: string; values: (number | null)[] } {
  const where = 'EXISTS (SELECT 1 FROM files WHERE photo_id = photos.id AND (?1 IS NULL OR folder_id = ?1))';
  if (person === undefined) return { where, values: [folder ?? null] };
  return {
    where: `${where} AND photos.id IN (${ofPerson('?2')})`,
    values: [folder ?? null, person],
  };
}

/** A photo of a list. */
export function cardOf(row: Record<string, unknown>): PhotoCard {
  return {
    id: row.id as PhotoId,
    takenAt: row.taken_at as string | null,
    width: row.width as number,
    height: row.height as number,
    faces: row.faces as number,
    name: basename((row.path as string | null) ?? ''),
  };
}
