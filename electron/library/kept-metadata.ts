import type { FolderId } from '../contract/ids.ts';
import { MetadataChoices } from '../contract/metadata.ts';
import type { Database } from './database.ts';
import { type MetadataFile, NAMED, type NamedFile, namedFile } from './metadata.ts';

/** A file with the people on its photo, and with what Kith has written for it. */
export interface KeptFile extends NamedFile {
  /** What was wanted in each place when it was written; null: that writing was never carried out to the end. */
  written: (string | null)[];
}

/** Folders whose photos' metadata is kept up to date: the setting of each, and what their files hold. */
export class KeptMetadata {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** The choices of each folder of the library that is kept up to date; folders that were taken out are none of it. */
  all(): Map<FolderId, MetadataChoices> {
    const rows = this.#database.read(() =>
      this.#database.sqlite
        .prepare(
          'SELECT folder_id, place, forms, sure FROM kept_metadata JOIN folders ON folders.id = folder_id ORDER BY folder_id',
        )
        .all(),
    );
    return new Map(
      rows.map(({ folder_id, place, forms, sure }) => [
        folder_id as FolderId,
        MetadataChoices.parse({ into: place, forms: JSON.parse(forms as string), sure: sure === 1 }),
      ]),
    );
  }

  /** Keeps a folder up to date, or no longer. */
  put(folder: FolderId, choices: MetadataChoices | null): void {
    const { sqlite } = this.#database;
    this.#database.write(() => {
      if (choices === null) sqlite.prepare('DELETE FROM kept_metadata WHERE folder_id = ?').run(folder);
      else
        sqlite
          .prepare('INSERT OR REPLACE INTO kept_metadata (folder_id, place, forms, sure) VALUES (?, ?, ?, ?)')
          .run(folder, choices.into, JSON.stringify(choices.forms), Number(choices.sure));
    });
  }

  /**
   * Some of a folder's files that hold photos, by path. Files that are gone, or wait to be looked at, are none of them: nothing
   * is known of who is on them now.
   *
   * @param after begins behind this path
   */
  page(folder: FolderId, after: string, limit: number, sure: boolean): KeptFile[] {
    return this.#read(folder, sure, 'path > ?3 ORDER BY path LIMIT ?4', [after, limit]);
  }

  /** These files of a folder, where they hold photos. @param paths within the folder */
  files(folder: FolderId, paths: readonly string[], sure: boolean): KeptFile[] {
    return this.#read(folder, sure, 'path IN (SELECT value FROM json_each(?3)) ORDER BY path', [
      JSON.stringify(paths),
    ]);
  }

  /** What each file of a folder holds of Kith's, by what was written; by path. */
  held(folder: FolderId): (MetadataFile & { wanted: string | null })[] {
    const rows = this.#database.read(() =>
      this.#database.sqlite
        .prepare(
          `SELECT path, max(wanted) AS wanted FROM (
             SELECT path, NULL AS wanted FROM metadata_wanted WHERE folder_id = ?1
             UNION ALL SELECT path, wanted FROM metadata_written WHERE folder_id = ?1)
           GROUP BY path ORDER BY path`,
        )
        .all(folder),
    );
    return rows.map(({ path, wanted }) => ({
      ...{ folder, path: path as string },
      wanted: wanted as string | null,
    }));
  }

  #read(folder: FolderId, sure: boolean, which: string, values: (string | number)[]): KeptFile[] {
    const rows = this.#database.read(() =>
      this.#database.sqlite
        .prepare(
          `SELECT ${NAMED}, (SELECT json_group_array(CASE WHEN draft IS NULL AND intent IS NULL THEN wanted END)
             FROM metadata_written AS done WHERE done.folder_id = ?1 AND done.path = files.path) AS written
           FROM files JOIN photos ON photos.id = files.photo_id WHERE folder_id = ?1 AND ${which}`,
        )
        .all(folder, Number(sure), ...values),
    );
    return rows.map((row) => ({
      ...namedFile(folder, row),
      written: JSON.parse(row.written as string),
    }));
  }
}
