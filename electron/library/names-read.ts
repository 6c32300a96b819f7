import type { UnitBox } from '../contract/geometry.ts';
import type { FaceId, GroupId, PersonId, PhotoId } from '../contract/ids.ts';
import type { Database } from './database.ts';
import type { FileId, FolderId } from './files.ts';
import { getSetting, putSetting } from './settings.ts';

/** Key of the setting that counts how often names were read that differ from those before. */
const STATE = 'names.state';

/** A photo's file, and what it was when names were last read from it. */
export interface FileToRead {
  id: FileId;
  /** Relative to the folder, `/` between its parts. */
  path: string;
  /** Size and time of the last change, as the last scan saw them. */
  stamp: string;
  /** Sides of the upright photo in pixels. */
  width: number;
  height: number;
  /** The stamp under which names were last read; null: never. */
  read: string | null;
}

/** The names in one file of a photo, as JSON. */
export interface FileNames {
  photo: PhotoId;
  /** Whether a person may be on the photo more than once. */
  several: boolean;
  /** Absolute path of the folder, and the file's path in it. */
  folder: string;
  path: string;
  found: string;
}

/** A face on a photo that has names, with its label. */
export interface FaceToName {
  id: FaceId;
  photo: PhotoId;
  box: UnitBox;
  group: GroupId | null;
  verdict: 'person' | 'ignored' | 'not-a-face' | null;
  person: PersonId | null;
  by: 'hand' | 'group' | 'sure' | null;
}

/** A photo on which several groups are, and these groups. */
export interface Together {
  photo: PhotoId;
  path: string;
  groups: GroupId[];
}

const WITH_NAMES = `
  FROM file_names JOIN files ON files.id = file_id JOIN folders ON folders.id = folder_id
  JOIN photos ON photos.id = files.photo_id WHERE found IS NOT NULL AND (?1 IS NULL OR folder_id = ?1)`;

/** What was read of names in photos' metadata, and where these may go. */
export class NamesRead {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** The files of a folder that hold photos, ordered by path. */
  files(folder: FolderId): FileToRead[] {
    return this.#database.read(
      () =>
        this.#database.sqlite
          .prepare(
            `SELECT files.id, path, size || ':' || mtime_ns AS stamp, width, height, file_names.stamp AS read
             FROM files JOIN photos ON photos.id = photo_id LEFT JOIN file_names ON file_id = files.id
             WHERE folder_id = ? ORDER BY path`,
          )
          .all(folder) as unknown as FileToRead[],
    );
  }

  /** Notes the names that were read from files. `found`: null where there are none. Files that are gone are left out. */
  put(rows: readonly { file: FileId; stamp: string; found: string | null }[]): void {
    this.#database.write(() => {
      const put = this.#database.sqlite.prepare(
        `INSERT INTO file_names (file_id, stamp, found) SELECT id, ?2, ?3 FROM files WHERE id = ?1
         ON CONFLICT (file_id) DO UPDATE SET stamp = excluded.stamp, found = excluded.found`,
      );
      const former = this.#database.sqlite.prepare('SELECT found FROM file_names WHERE file_id = ?');
      let isOther = false;
      for (const { file, stamp, found } of rows) {
        isOther ||= found !== null && former.get(file)?.found !== found;
        put.run(file, stamp, found);
      }
      if (isOther) putSetting(this.#database, STATE, String(Number(this.state()) + 1));
    });
  }

  /** An id of the state of all names that were read. It changes when new or other names are read. */
  state(): string {
    return getSetting(this.#database, STATE) ?? '0';
  }

  /**
   * Notes that the user has answered these questions about names, so that they are not asked again. To be called within an
   * entry of the journal, whose undo asks them again.
   */
  answer(questions: readonly string[]): void {
    this.#database.write(() => {
      const put = this.#database.sqlite.prepare(
        'INSERT INTO answered_names VALUES (?) ON CONFLICT DO NOTHING',
      );
      for (const question of questions) put.run(question);
    });
  }

  /** The questions about names that the user has answered. */
  answered(): ReadonlySet<string> {
    return this.#database.read(
      () =>
        new Set(
          this.#database.sqlite
            .prepare('SELECT question FROM answered_names')
            .all()
            .map(({ question }) => question as string),
        ),
    );
  }

  /** Names of people that the user gave up for others by renaming or merging them, the oldest first. */
  renamings(): { from: string; to: string }[] {
    const rows = this.#database.read(() =>
      this.#database.sqlite
        .prepare(
          `SELECT detail ->> '$.from' AS "from", detail ->> '$.name' AS "to" FROM journal
           WHERE action IN ('rename', 'merge') AND state = 'done' ORDER BY id`,
        )
        .all(),
    );
    // An entry of several people lists their names.
    return rows.flatMap(({ from, to }) =>
      String(from)
        .split(', ')
        .map((one) => ({ from: one, to: String(to) })),
    );
  }

  /** What was found in a folder, or in all, ordered by photo. */
  found(folder: FolderId | null): FileNames[] {
    return this.#database.read(() =>
      this.#database.sqlite
        .prepare(
          `SELECT photo_id AS photo, several, folders.path AS folder, files.path AS path, found ${WITH_NAMES}
           ORDER BY photo_id, files.id`,
        )
        .all(folder)
        .map((row) => ({ ...row, several: row.several === 1 }) as unknown as FileNames),
    );
  }

  /** The faces of all photos that have names. */
  faces(folder: FolderId | null): FaceToName[] {
    return this.#faces(`SELECT files.photo_id ${WITH_NAMES}`, folder);
  }

  /** The faces on some photos. */
  facesOn(photos: readonly PhotoId[]): FaceToName[] {
    return this.#faces('SELECT value FROM json_each(?)', JSON.stringify(photos));
  }

  /** The photos with these contents, SHA-256 in hex, as far as some file holds them. */
  photosBy(hashes: readonly string[]): { photo: PhotoId; hash: string; several: boolean; path: string }[] {
    return this.#database.read(() =>
      this.#database.sqlite
        .prepare(
          `SELECT photos.id AS photo, hash, several, min(files.path) AS path
           FROM json_each(?) JOIN photos ON photos.hash = value JOIN files ON files.photo_id = photos.id
           GROUP BY photos.id ORDER BY photos.id`,
        )
        .all(JSON.stringify(hashes))
        .map(
          (row) =>
            ({ ...row, several: row.several === 1 }) as unknown as ReturnType<typeof this.photosBy>[number],
        ),
    );
  }

  /** @param photos SQL that selects their ids */
  #faces(photos: string, value: FolderId | string | null): FaceToName[] {
    const rows = this.#database.read(() =>
      this.#database.sqlite
        .prepare(
          `SELECT faces.id, faces.photo_id AS photo, x, y, width, height, group_id AS "group", verdict, person_id AS person,
             by_whom AS by
           FROM faces LEFT JOIN labels ON face_id = faces.id
           WHERE withdrawn = 0 AND faces.photo_id IN (${photos})
           ORDER BY faces.photo_id, x, faces.id`,
        )
        .all(value),
    );
    return rows.map(({ x, y, width, height, ...row }) => ({
      ...(row as unknown as Omit<FaceToName, 'box'>),
      box: { x, y, width, height } as UnitBox,
    }));
  }

  /** The first photo, no mirror or collage, on which two or more of these groups have a face each; null: there is none. */
  together(groups: readonly GroupId[]): Together | null {
    if (groups.length < 2) return null;
    const row = this.#database.read(() =>
      this.#database.sqlite
        .prepare(
          `SELECT photos.id AS photo,
             coalesce((SELECT path FROM files WHERE photo_id = photos.id ORDER BY id LIMIT 1), '') AS path,
             json_group_array(DISTINCT group_id) AS groups
           FROM faces JOIN photos ON photos.id = photo_id WHERE several = 0 AND withdrawn = 0 AND group_id IN (SELECT value FROM json_each(?))
           GROUP BY photos.id HAVING count(DISTINCT group_id) > 1 ORDER BY photos.id LIMIT 1`,
        )
        .get(JSON.stringify(groups)),
    );
    if (row === undefined) return null;
    return {
      photo: row.photo as PhotoId,
      path: row.path as string,
      groups: JSON.parse(row.groups as string),
    };
  }

  /** Faces on a photo that were drawn, by the user or from metadata, and that an undo withdrew. */
  withdrawn(photo: PhotoId): { id: FaceId; box: UnitBox }[] {
    return this.#database.read(() =>
      this.#database.sqlite
        .prepare(
          'SELECT id, x, y, width, height FROM faces WHERE photo_id = ? AND drawn = 1 AND withdrawn = 1 ORDER BY id',
        )
        .all(photo)
        .map(({ id, ...box }) => ({ id: id as FaceId, box: box as unknown as UnitBox })),
    );
  }

  /** Faces on a photo that Kith suggests for that person. */
  suggested(photo: PhotoId, person: PersonId): FaceId[] {
    return this.#database.read(() =>
      this.#database.sqlite
        .prepare(
          `SELECT faces.id FROM suggestions JOIN faces ON faces.id = face_id
           WHERE photo_id = ? AND person_id = ? AND withdrawn = 0 ORDER BY faces.id`,
        )
        .all(photo, person)
        .map(({ id }) => id as FaceId),
    );
  }
}
