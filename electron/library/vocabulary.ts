import { basename } from 'node:path';
import type { FolderId, PersonId, PhotoId } from '../contract/ids.ts';
import type { Vocabulary } from '../contract/search.ts';
import type { Database } from './database.ts';

/** The folders that were scanned. */
export function scannedFolders(database: Database): { id: FolderId; name: string }[] {
  return database.sqlite
    .prepare('SELECT id, path FROM folders')
    .all()
    .map(({ id, path }) => ({ id: id as FolderId, name: basename(path as string) }));
}

/** The people, folders and cameras that a query can name. */
export class KnownVocabulary {
  readonly #database: Database;
  #subfoldersOf: { state: string; folders: Vocabulary['folders'] } = { state: '', folders: [] };

  constructor(database: Database) {
    this.#database = database;
  }

  /** To be called within a reading. @param state another text after every change of the library */
  at(state: string): Vocabulary {
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
    // Reading the paths of 40,000 photos takes hundredths of a second, so it is done once for each state.
    if (this.#subfoldersOf.state !== state) this.#subfoldersOf = { state, folders: this.#subfolders() };
    return {
      people: people.map(({ id, name }) => ({ id, name })),
      areRelated: sqlite.prepare('SELECT 1 FROM relations LIMIT 1').get() !== undefined,
      folders: this.#subfoldersOf.folders,
      cameras: cameras.map(({ camera, photos }) => ({ camera, photos })),
      years,
    };
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
    const names = new Map(scannedFolders(this.#database).map(({ id, name }) => [id, name]));
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
}
