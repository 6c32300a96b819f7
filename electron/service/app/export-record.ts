import type { DataFormat } from '../../contract/record-format.ts';
import type { FaceRow, RecordRows } from '../../export/record.ts';
import type { Library } from '../../library/open.ts';
import type { WholeFace } from '../../library/whole.ts';
import { asOfNow } from './as-of-now.ts';

/** The rows of a library that are exported, all as of one state of it. @throws KithError `library-gone` */
export function recordRows(libraryFile: string, format: DataFormat): Promise<RecordRows> {
  return asOfNow(libraryFile, async (library) => {
    const people = library.people.all();
    const names = new Map(people.map(({ id, name }) => [id as number, name]));
    return {
      people: people.map(({ id, name, birth, hidden }) => ({ id, name, birth, hidden })),
      relations: library.relations.all(),
      photos: Array.from(library.whole.photos(), ({ hash, takenAt, ...photo }) => ({
        ...{ id: photo.id, sha256: hash, bytes: photo.bytes, width: photo.width, height: photo.height },
        ...{ taken: takenAt, camera: photo.camera, files: photo.files },
      })),
      faces: Array.from(library.whole.faces(), (face) => rowOf(face, names)),
      presences: library.presences.unnamed().map((row) => ({ ...row })),
      vectors: format === 'jsonl' || format === 'npy' ? vectorsOf(library) : null,
    };
  });
}

function rowOf(face: WholeFace, names: ReadonlyMap<number, string>): FaceRow {
  const { id, photo, box, score, quality, detector, drawn, group, label, refused } = face;
  return {
    ...{ id, photo, box: [box.x, box.y, box.width, box.height] },
    ...{ score, quality, detector, drawn, group },
    label: label && {
      verdict: label.verdict,
      person: label.person,
      name: label.person === null ? null : (names.get(label.person) ?? null),
      by: label.by === 'sure' ? 'kith' : label.by,
    },
    not: refused,
  };
}

/** Embeddings as they came from the encoder that the library is grouped by. */
function vectorsOf(library: Library): RecordRows['vectors'] {
  const encoder = library.groups.encoder();
  if (encoder === null) return null;
  const { faceIds, size, vectors } = library.embeddings.all(encoder);
  return faceIds.length === 0 ? null : { encoder, size, faces: faceIds, vectors };
}
