import type { StatementSync } from 'node:sqlite';
import type { DetectorId, FolderId, PhotoId } from '../contract/ids.ts';
import type { UnreadableCode } from '../contract/vision.ts';
import type { Database } from './database.ts';
import { bumpRevision } from './settings.ts';

/** A file as the walk saw it. */
export interface SeenFile {
  /** Relative to the folder, `/` between its parts. */
  path: string;
  /** Bytes. */
  size: number;
  /** Time of the last change, nanoseconds since 1970. */
  mtimeNs: bigint;
}

export type FileId = number & { readonly brand: 'FileId' };
export type { FolderId };

/** A file that a scan has to look at. */
export interface OpenFile extends SeenFile {
  id: FileId;
}

/** A file with what is known of its photo. */
export interface RecordedFile {
  path: string;
  status: 'pending' | 'done' | 'unreadable';
  reasonCode: UnreadableCode | null;
  reasonDetail: string | null;
  photoId: PhotoId | null;
  width: number | null;
  height: number | null;
}

/** Reasons that stay true while a file does not change: such a file is opened only once it has changed. */
const SETTLED: readonly UnreadableCode[] = ['empty-file', 'not-an-image', 'truncated', 'too-large'];

/** Begins the key, before the folder's path, of the setting that keeps a removed folder's id. */
const REMOVED = 'folder:';

/** Where photos lie: one row for each path of each folder. */
export class Files {
  readonly #database: Database;
  readonly #link: StatementSync;
  readonly #refuse: StatementSync;

  constructor(database: Database) {
    this.#database = database;
    this.#link = database.sqlite.prepare(
      `UPDATE files SET status = 'done', photo_id = ?, reason_code = NULL, reason_detail = NULL WHERE id = ?`,
    );
    this.#refuse = database.sqlite.prepare(
      `UPDATE files SET status = 'unreadable', photo_id = NULL, reason_code = ?, reason_detail = ? WHERE id = ?`,
    );
  }

  /**
   * The row of a folder, made where there is none. `path` is absolute and real, so that each folder has one row. A folder
   * that was removed comes back under its own id, which no other folder has had meanwhile: albums name folders by id.
   */
  folder(path: string): FolderId {
    const { sqlite } = this.#database;
    return this.#database.write(() => {
      const there = sqlite.prepare('SELECT id FROM folders WHERE path = ?').get(path);
      if (there) return there.id as FolderId;
      return sqlite
        .prepare(
          `INSERT INTO folders (id, path) VALUES (coalesce(
             (SELECT CAST(value AS INTEGER) FROM settings WHERE key = ?1 || ?2),
             (SELECT 1 + coalesce(max(id), 0) FROM (SELECT id FROM folders UNION ALL
               SELECT CAST(value AS INTEGER) FROM settings WHERE substr(key, 1, length(?1)) = ?1))), ?2)
           RETURNING id`,
        )
        .get(REMOVED, path)!.id as FolderId;
    });
  }

  /**
   * Forgets where a folder's files lie. Their photos and faces stay, so that the folder can come back.
   *
   * @returns how many photos lie in no other folder; null where there is no such folder
   */
  removeFolder(folder: FolderId): number | null {
    const { sqlite } = this.#database;
    return this.#database.write(() => {
      const { alone } = sqlite
        .prepare(
          `SELECT count(DISTINCT photo_id) AS alone FROM files WHERE folder_id = ?1 AND NOT EXISTS
             (SELECT 1 FROM files AS other WHERE other.photo_id = files.photo_id AND other.folder_id <> ?1)`,
        )
        .get(folder) as { alone: number };
      sqlite
        .prepare(
          'INSERT OR REPLACE INTO settings (key, value) SELECT ? || path, CAST(id AS TEXT) FROM folders WHERE id = ?',
        )
        .run(REMOVED, folder);
      sqlite.prepare('DELETE FROM files WHERE folder_id = ?').run(folder);
      const { changes } = sqlite.prepare('DELETE FROM folders WHERE id = ?').run(folder);
      if (changes === 0) return null;
      bumpRevision(this.#database);
      return alone;
    });
  }

  /**
   * Records what a walk saw: new and changed files become pending, rows of files that are gone are deleted. Their photos
   * and faces stay: a file that was moved brings the same content back under another path.
   *
   * @param unseen subfolders that the walk could not enter, ending in `/`: nothing is known of their files
   * @returns the files that need a look under this detector, in the order seen
   */
  reconcile(
    folder: FolderId,
    seen: readonly SeenFile[],
    unseen: readonly string[],
    detector: DetectorId,
  ): OpenFile[] {
    const { sqlite } = this.#database;
    return this.#database.write(() => {
      const known = this.#known(folder, detector);
      const insert = sqlite.prepare(
        `INSERT INTO files (folder_id, path, size, mtime_ns, status) VALUES (?, ?, ?, ?, 'pending')`,
      );
      const change = sqlite.prepare(
        `UPDATE files SET size = ?, mtime_ns = ?, status = 'pending', photo_id = NULL, reason_code = NULL,
           reason_detail = NULL WHERE id = ?`,
      );
      let revised = false;
      const open: OpenFile[] = [];
      for (const file of seen) {
        const row = known.get(file.path);
        known.delete(file.path);
        if (!row) {
          const id = insert.run(folder, file.path, file.size, file.mtimeNs).lastInsertRowid;
          open.push({ ...file, id: Number(id) as FileId });
        } else if (row.size !== file.size || row.mtimeNs !== file.mtimeNs) {
          change.run(file.size, file.mtimeNs, row.id);
          revised ||= row.hasPhoto;
          open.push({ ...file, id: row.id });
        } else if (!row.settled) open.push({ ...file, id: row.id });
      }
      const remove = sqlite.prepare('DELETE FROM files WHERE id = ?');
      for (const [path, row] of known) {
        if (unseen.some((prefix) => path.startsWith(prefix))) continue;
        remove.run(row.id);
        revised ||= row.hasPhoto;
      }
      if (revised) bumpRevision(this.#database);
      return open;
    });
  }

  /** Notes that a file holds a photo that is in the record. */
  link(file: FileId, photo: PhotoId): void {
    this.#database.write(() => {
      this.#link.run(photo, file);
      bumpRevision(this.#database);
    });
  }

  /** Notes that a file could not be read as a photo. */
  refuse(file: FileId, code: UnreadableCode, detail: string): void {
    this.#database.write(() => this.#refuse.run(code, detail, file));
  }

  /** All files of a folder, ordered by path (by code point). */
  list(folder: FolderId): RecordedFile[] {
    return this.#database.read(
      () =>
        this.#database.sqlite
          .prepare(
            `SELECT path, status, reason_code AS reasonCode, reason_detail AS reasonDetail, photo_id AS photoId,
               width, height
             FROM files LEFT JOIN photos ON photos.id = photo_id WHERE folder_id = ? ORDER BY path`,
          )
          .all(folder) as unknown as RecordedFile[],
    );
  }

  #known(folder: FolderId, detector: DetectorId) {
    const rows = this.#database.sqlite
      .prepareAlone(
        `SELECT id, path, size, mtime_ns AS mtimeNs, files.photo_id IS NOT NULL AS hasPhoto,
           CASE status
             WHEN 'done' THEN EXISTS
               (SELECT 1 FROM analyses WHERE photo_id = files.photo_id AND detector = ?1)
             WHEN 'unreadable' THEN reason_code IN (${SETTLED.map((code) => `'${code}'`).join()})
             ELSE 0
           END AS settled
         FROM files WHERE folder_id = ?2`,
        // A time in nanoseconds is larger than the integers that a JavaScript number holds exactly.
        { readBigInts: true },
      )
      .all(detector, folder) as unknown as {
      id: bigint;
      path: string;
      size: bigint;
      mtimeNs: bigint;
      hasPhoto: bigint;
      settled: bigint;
    }[];
    return new Map(
      rows.map((row) => [
        row.path,
        {
          id: Number(row.id) as FileId,
          size: Number(row.size),
          mtimeNs: row.mtimeNs,
          hasPhoto: row.hasPhoto === 1n,
          settled: row.settled === 1n,
        },
      ]),
    );
  }
}
