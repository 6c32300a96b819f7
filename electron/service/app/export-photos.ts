import { setImmediate as turn } from 'node:timers/promises';
import type { PhotoId } from '../../contract/ids.ts';
import type { Query } from '../../contract/search.ts';
import type { FoundPhotoFile } from '../../export/photos.ts';
import type { Library } from '../../library/open.ts';
import { asOfNow } from './as-of-now.ts';

/** Photos that are read at once; other requests run in between. Chosen by hand: a few milliseconds. */
const PIECE = 50;

/**
 * Reads the photos that a query finds, as of one state of the record.
 * @throws KithError `library-gone`
 */
export function photosToWrite(libraryFile: string, query: Query): Promise<FoundPhotoFile[]> {
  return asOfNow(libraryFile, async (library) => {
    const photos: FoundPhotoFile[] = [];
    for (const id of library.search.ids(query)) {
      photos.push(photoOf(library, id as PhotoId));
      if (photos.length % PIECE === 0) await turn();
    }
    return photos;
  });
}

function photoOf({ cards, presences }: Library, id: PhotoId): FoundPhotoFile {
  const { files, hash, takenAt } = cards.photos.get(id);
  const named = cards.faces
    .ofPhoto(id)
    .flatMap(({ status, person }) =>
      person !== null && (status === 'confirmed' || status === 'sure') ? [person.name] : [],
    );
  const unseen = presences.ofPhoto(id).map(({ name }) => name);
  return { files, hash, takenAt, people: [...new Set([...named, ...unseen])] };
}
