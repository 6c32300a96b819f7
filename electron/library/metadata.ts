import type { EntryId, FolderId, PhotoId } from '../contract/ids.ts';
import type { MetadataPlace } from '../contract/metadata.ts';
import type { Database } from './database.ts';
import { withoutFace } from './presences.ts';

/** A file of a folder that may hold names: `path` is within the folder. */
export interface MetadataFile {
  folder: FolderId;
  path: string;
}

/** A file of a photo with whoever is on it. */
export interface NamedFile extends MetadataFile {
  photo: PhotoId;
  /** Pixels of the upright photo. */
  width: number;
  height: number;
  /** In the order of faces' ids; boxes in fractions of the upright photo. */
  faces: { name: string; x: number; y: number; width: number; height: number }[];
  /** Names of people who are on it without a face. */
  people: string[];
}

/** What Kith has written for a file, in one place; the texts are JSON of whoever writes. */
export interface WrittenRow {
  /** What was wanted then; null: it was never carried out to the end. */
  wanted: string | null;
  target: string | null;
  size: number | null;
  mtimeNs: bigint | null;
  hash: string | null;
  written: string | null;
  made: boolean;
  former: Uint8Array | null;
  original: string | null;
  /** Of a write that is going on, or was killed. */
  draft: string | null;
  intent: string | null;
}

/** Columns of a file with the people on its photo: of `files` and `photos`, where `?2` says whether sure names count too. */
export const NAMED = `path, photos.id AS photo, photos.width, photos.height, coalesce((
  SELECT json_group_array(json_object('name', name, 'x', x, 'y', y, 'width', w, 'height', h)) FROM (
    SELECT people.name, x, y, faces.width AS w, faces.height AS h FROM faces
    JOIN labels ON face_id = faces.id AND verdict = 'person' AND (by_whom <> 'sure' OR ?2)
    JOIN people ON people.id = labels.person_id
    WHERE photo_id = photos.id AND withdrawn = 0 ORDER BY faces.id)), '[]') AS faces, coalesce((
  SELECT json_group_array(name) FROM (
    SELECT name FROM presences JOIN people ON people.id = person_id
    WHERE photo_id = photos.id AND ${withoutFace(`(said.by_whom <> 'sure' OR ?2)`)} ORDER BY name_key)), '[]') AS people`;

/** A row of {@link NAMED}. */
export function namedFile(
  folder: FolderId,
  { path, photo, width, height, faces, people }: Record<string, unknown>,
): NamedFile {
  return {
    folder,
    path: path as string,
    photo: photo as PhotoId,
    width: width as number,
    height: height as number,
    faces: JSON.parse(faces as string),
    people: JSON.parse(people as string),
  };
}

/** Which names files' metadata is to hold, and which Kith has written. */
export class Metadata {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Folders of the library with their paths. */
  folders(): { id: FolderId; path: string }[] {
    return this.#database.read(
      () =>
        this.#database.sqlite.prepare('SELECT id, path FROM folders').all() as unknown as {
          id: FolderId;
          path: string;
        }[],
    );
  }

  /**
   * The photos of a folder with everybody whom the user confirmed; by path.
   *
   * @param within only below this path in the folder, which ends in `/`; empty: all
   * @param sure whether names that Kith gave count too
   */
  named(folder: FolderId, within: string, sure: boolean): NamedFile[] {
    const rows = this.#database.read(() =>
      this.#database.sqlite
        .prepare(
          `SELECT ${NAMED} FROM files JOIN photos ON photos.id = files.photo_id
           WHERE folder_id = ?1 AND substr(path, 1, length(?3)) = ?3 ORDER BY path`,
        )
        .all(folder, Number(sure), within),
    );
    return rows.map((row) => namedFile(folder, row));
  }

  /** The photo that a file holds; null where none is known (any more). */
  photoOf({ folder, path }: MetadataFile): PhotoId | null {
    const row = this.#database.read(() =>
      this.#database.sqlite
        .prepare('SELECT photo_id FROM files WHERE folder_id = ? AND path = ?')
        .get(folder, path),
    );
    return (row?.photo_id as PhotoId | null | undefined) ?? null;
  }

  /** What a file is to hold, as JSON; null: nothing of Kith's. */
  wanted({ folder, path }: MetadataFile): string | null {
    const row = this.#database.read(() =>
      this.#database.sqlite
        .prepare('SELECT wanted FROM metadata_wanted WHERE folder_id = ? AND path = ?')
        .get(folder, path),
    );
    return (row?.wanted as string | undefined) ?? null;
  }

  /** Sets what a file is to hold. To be called inside an entry of the journal. */
  want({ folder, path }: MetadataFile, wanted: string | null): void {
    const { sqlite } = this.#database;
    this.#database.write(() => {
      if (wanted === null)
        sqlite.prepare('DELETE FROM metadata_wanted WHERE folder_id = ? AND path = ?').run(folder, path);
      else
        sqlite
          .prepare(
            `INSERT INTO metadata_wanted (folder_id, path, wanted) VALUES (?, ?, ?)
             ON CONFLICT (folder_id, path) DO UPDATE SET wanted = excluded.wanted WHERE wanted <> excluded.wanted`,
          )
          .run(folder, path, wanted);
    });
  }

  /**
   * Files of a folder for which something is wanted, or was written; by path. Left out are those that wait to be looked at, or
   * could not be read: nothing is known of who is on them now. See {@link Metadata.named} for `within`.
   */
  concerned(folder: FolderId, within: string): MetadataFile[] {
    return this.#files(
      `SELECT folder_id, path FROM (
         SELECT folder_id, path FROM metadata_wanted UNION SELECT folder_id, path FROM metadata_written) AS concerned
       WHERE folder_id = ?1 AND substr(path, 1, length(?2)) = ?2 AND NOT EXISTS (SELECT 1 FROM files
         WHERE files.folder_id = concerned.folder_id AND files.path = concerned.path AND photo_id IS NULL)
       ORDER BY path`,
      [folder, within],
    );
  }

  /**
   * Files of all folders that do not hold what they are to, by what is known: after an undo, or after a kill.
   *
   * @param entries only files of which these entries of the journal changed what they are to hold. The rest of a writing that
   * the user cancelled is none of them
   */
  outstanding(entries: readonly EntryId[]): MetadataFile[] {
    return this.#files(
      `SELECT folder_id, path FROM (
         SELECT folder_id, path FROM metadata_wanted AS wish WHERE NOT EXISTS (SELECT 1 FROM metadata_written AS done
           WHERE done.folder_id = wish.folder_id AND done.path = wish.path AND done.wanted = wish.wanted)
         UNION SELECT folder_id, path FROM metadata_written AS done WHERE intent IS NOT NULL OR draft IS NOT NULL
           OR NOT EXISTS (SELECT 1 FROM metadata_wanted AS wish
             WHERE done.folder_id = wish.folder_id AND done.path = wish.path AND done.wanted = wish.wanted))
       WHERE folder_id || ' ' || path IN (SELECT key FROM journal_changes
         WHERE tbl = 'metadata_wanted' AND entry_id IN (SELECT value FROM json_each(?)))
       ORDER BY folder_id, path`,
      [JSON.stringify(entries)],
    );
  }

  /** Folders of the files of which an entry of the journal changed what they are to hold. */
  foldersOf(entry: EntryId): FolderId[] {
    return this.#database.read(() =>
      this.#database.sqlite
        .prepare(
          `SELECT DISTINCT CAST(key AS INTEGER) AS id FROM journal_changes WHERE entry_id = ? AND tbl = 'metadata_wanted'`,
        )
        .all(entry)
        .map(({ id }) => id as FolderId),
    );
  }

  /** What Kith has written for a file in one place; null: nothing, ever. */
  written({ folder, path }: MetadataFile, place: MetadataPlace): WrittenRow | null {
    const row = this.#database.read(() => {
      const statement = this.#database.sqlite.prepareAlone(
        `SELECT wanted, target, size, mtime_ns AS mtimeNs, hash, written, made, former, original, draft, intent
         FROM metadata_written WHERE folder_id = ? AND path = ? AND place = ?`,
        { readBigInts: true },
      );
      return statement.get(folder, path, place);
    });
    if (!row) return null;
    const found = row as unknown as Omit<WrittenRow, 'size' | 'made'> & { size: bigint | null; made: bigint };
    return { ...found, size: found.size === null ? null : Number(found.size), made: found.made === 1n };
  }

  /** What Kith has written for files that lie no more where they did: they were moved, or deleted. */
  ofGone(): (WrittenRow & { place: MetadataPlace })[] {
    const gone = this.#database.read(() =>
      this.#database.sqlite
        .prepare(
          `SELECT folder_id AS folder, path, place FROM metadata_written AS done
           WHERE hash IS NOT NULL AND draft IS NULL AND intent IS NULL AND NOT EXISTS (SELECT 1 FROM files
             WHERE files.folder_id = done.folder_id AND files.path = done.path)`,
        )
        .all(),
    ) as unknown as (MetadataFile & { place: MetadataPlace })[];
    return gone.map((file) => ({ ...this.written(file, file.place)!, place: file.place }));
  }

  /** Puts down what Kith has written for a file; null: nothing any more. */
  put({ folder, path }: MetadataFile, place: MetadataPlace, row: WrittenRow | null): void {
    const { sqlite } = this.#database;
    this.#database.write(() => {
      if (row === null) {
        sqlite
          .prepare('DELETE FROM metadata_written WHERE folder_id = ? AND path = ? AND place = ?')
          .run(folder, path, place);
        return;
      }
      const { wanted, target, size, mtimeNs, hash, written, made, former, original, draft, intent } = row;
      sqlite
        .prepare(
          `INSERT OR REPLACE INTO metadata_written (folder_id, path, place, wanted, target, size, mtime_ns, hash, written,
             made, former, original, draft, intent) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        )
        .run(
          ...[folder, path, place, wanted, target, size, mtimeNs, hash, written],
          ...[Number(made), former, original, draft, intent],
        );
    });
  }

  /** Notes that Kith itself changed a file of a folder, so that the next scan finds nothing new there. */
  touched({ folder, path }: MetadataFile, { size, mtimeNs }: { size: number; mtimeNs: bigint }): void {
    this.#database.write(() =>
      this.#database.sqlite
        .prepare('UPDATE files SET size = ?, mtime_ns = ? WHERE folder_id = ? AND path = ?')
        .run(size, mtimeNs, folder, path),
    );
  }

  #files(sql: string, values: (string | number)[]): MetadataFile[] {
    return this.#database.read(() =>
      this.#database.sqlite
        .prepare(sql)
        .all(...values)
        .map((row) => ({ folder: row.folder_id as FolderId, path: row.path as string })),
    );
  }
}
