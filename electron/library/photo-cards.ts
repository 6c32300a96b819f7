import { basename, join } from 'node:path';
import { KithError } from '../contract/errors.ts';
import type { FolderId, PersonId, PhotoId } from '../contract/ids.ts';
import type { PhotoCard, UnreadableFile } from '../contract/screens.ts';
import type { Database } from './database.ts';
import type { Page } from './face-cards.ts';

/** What is known of one photo. */
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

/** By date, those without one at the end; the same everywhere, so that next and previous follow the lists. */
const ORDER = `taken_at IS NULL, taken_at, photos.id`;

/** Photos and folders as the screens show them. */
export class PhotoCards {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  list(
    which: { folder?: FolderId | undefined; person?: PersonId | undefined },
    from: number,
    limit: number,
  ): Page<PhotoCard> {
    const conditions = [
      'EXISTS (SELECT 1 FROM files WHERE photo_id = photos.id AND (?1 IS NULL OR folder_id = ?1))',
    ];
    if (which.person !== undefined) {
      conditions.push(
        'photos.id IN (SELECT photo_id FROM faces JOIN labels ON face_id = faces.id WHERE person_id = ?2)',
      );
    }
    const where = conditions.join(' AND ');
    const values = [which.folder ?? null, ...(which.person === undefined ? [] : [which.person])];
    return this.#database.read(() => {
      const { sqlite } = this.#database;
      const last = values.length;
      const rows = sqlite
        .prepare(
          `SELECT photos.id, taken_at, width, height,
             (SELECT count(*) FROM faces WHERE photo_id = photos.id AND withdrawn = 0) AS faces,
             (SELECT path FROM files WHERE photo_id = photos.id ORDER BY id LIMIT 1) AS path
           FROM photos WHERE ${where} ORDER BY ${ORDER} LIMIT ?${last + 1} OFFSET ?${last + 2}`,
        )
        .all(...values, limit, from);
      const total = sqlite.prepare(`SELECT count(*) AS n FROM photos WHERE ${where}`).get(...values)!;
      return { items: rows.map(cardOf), total: total.n as number };
    });
  }

  /** @throws KithError bad-request where there is no such photo */
  get(id: PhotoId): RecordedPhoto {
    return this.#database.read(() => {
      const { sqlite } = this.#database;
      const row = sqlite.prepare('SELECT * FROM photos WHERE id = ?').get(id);
      if (!row) throw new KithError('bad-request', `Expected a photo of the library but received ${id}`);
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

  /** The photos before and after one, in the order of the lists. */
  neighbours({ id, takenAt }: RecordedPhoto): { previous: PhotoId | null; next: PhotoId | null } {
    return this.#database.read(() => {
      const beside = (sign: '<' | '>', order: 'ASC' | 'DESC') => {
        const dated = takenAt === null ? 1 : 0;
        const row = this.#database.sqlite
          .prepare(
            `SELECT id FROM photos WHERE EXISTS (SELECT 1 FROM files WHERE photo_id = photos.id)
               AND (taken_at IS NULL, coalesce(taken_at, ''), id) ${sign} (?, ?, ?)
             ORDER BY taken_at IS NULL ${order}, taken_at ${order}, id ${order} LIMIT 1`,
          )
          .get(dated, takenAt ?? '', id);
        return (row?.id as PhotoId | undefined) ?? null;
      };
      return { previous: beside('<', 'DESC'), next: beside('>', 'ASC') };
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

  /** How much there is of everything. */
  counts(): {
    photos: number;
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
               (SELECT count(*) FROM faces WHERE withdrawn = 0) AS faces,
               (SELECT count(*) FROM people) AS people,
               (SELECT count(*) FROM faces WHERE withdrawn = 0) - (SELECT count(*) FROM labels) AS unnamed,
               (SELECT count(*) FROM suggestions) AS questions,
               (SELECT count(*) FROM files WHERE status = 'unreadable') AS unreadable`,
          )
          .get() as unknown as ReturnType<PhotoCards['counts']>,
    );
  }
}

function cardOf(row: Record<string, unknown>): PhotoCard {
  return {
    id: row.id as PhotoId,
    takenAt: row.taken_at as string | null,
    width: row.width as number,
    height: row.height as number,
    faces: row.faces as number,
    name: basename((row.path as string | null) ?? ''),
  };
}
