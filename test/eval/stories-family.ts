import { readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { RecordedFace } from '../../electron/library/faces.ts';
import { openLibrary } from '../../electron/library/open.ts';
import type { AlbumFace } from './album-truth.ts';

/** Photos on which people stand in another order than the list has them, from left to right. */
const ORDERS: Readonly<Record<string, readonly string[]>> = {
  'identification1.jpg': ['Son', 'Dad', 'Mom', 'Daughter'],
};

/** Who is on each photo of the family album, from left to right; strangers are nobody. */
export function familyPhotos(folder: string): Map<string, readonly string[]> {
  const rows: { photo: string; people: string }[] = parse(readFileSync(join(folder, 'people.csv')), {
    columns: true,
  });
  return new Map(
    rows.map(({ photo, people }) => [
      photo,
      ORDERS[photo] ?? people.split(';').filter((name) => name !== ''),
    ]),
  );
}

/** Who is who on the family's photos: the largest faces of each are those whom the list names. */
export function readFamily(file: string, folder: string): AlbumFace[] {
  const photos = familyPhotos(folder);
  const library = openLibrary(file);
  try {
    // As the library has it: a scan follows links.
    const id = library.files.folder(realpathSync(folder));
    const found = Map.groupBy(library.faces.ofFolder(id), ({ photoId }) => photoId);
    // Some photos lie there under several names.
    const names = new Map(library.files.list(id).map(({ path, photoId }) => [photoId, path]));
    return [...found].flatMap(([photo, faces]) => identified(faces, photos.get(names.get(photo)!) ?? []));
  } finally {
    library.close();
  }
}

function identified(found: readonly RecordedFace[], people: readonly string[]): AlbumFace[] {
  const size = ({ box }: RecordedFace) => box.width * box.height;
  const largest = found.toSorted((a, b) => size(b) - size(a)).slice(0, people.length);
  const known = largest.toSorted((a, b) => a.box.x - b.box.x);
  return found.map((face) => ({
    id: face.id,
    photo: face.photoId,
    group: face.group,
    person: people[known.indexOf(face)] ?? null,
  }));
}
