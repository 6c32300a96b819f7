import { existsSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { KithError } from '../../contract/errors.ts';
import type { PhotoId } from '../../contract/ids.ts';
import type { Query } from '../../contract/search.ts';
import type { FoundPhotoFile } from '../../export/photos.ts';
import { Database } from '../../library/database.ts';
import { type Library, libraryOn } from '../../library/open.ts';

/** Photos that are read at once; other requests run in between. Chosen by hand: a few milliseconds. */
const PIECE = 50;

/**
 * Reads the photos that a query finds, as of one state of the record, in pieces and through a database connection of its
 * own, so that other requests may write meanwhile.
 * @throws KithError `library-gone`
 */
export async function photosToWrite(libraryFile: string, query: Query): Promise<FoundPhotoFile[]> {
  // SQLite would create an empty file.
  if (!existsSync(libraryFile)) throw new KithError('library-gone', libraryFile);
  const database = new Database(libraryFile);
  try {
    // Until this transaction ends, SQLite shows the state of its first statement.
    database.read(() => database.sqlite.exec('BEGIN'));
    const library = libraryOn(database);
    const photos: FoundPhotoFile[] = [];
    for (const id of library.search.ids(query)) {
      photos.push(photoOf(library, id as PhotoId));
      if (photos.length % PIECE === 0) await turn();
    }
    return photos;
  } finally {
    database.close();
  }
}

function photoOf({ cards }: Library, id: PhotoId): FoundPhotoFile {
  const { files, hash, takenAt } = cards.photos.get(id);
  const named = cards.faces
    .ofPhoto(id)
    .flatMap(({ status, person }) =>
      person !== null && (status === 'confirmed' || status === 'sure') ? [person.name] : [],
    );
  return { files, hash, takenAt, people: [...new Set(named)] };
}
