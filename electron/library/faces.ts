import type { UnitBox } from '../contract/geometry.ts';
import type { EncoderId, FaceId, GroupId, PhotoId } from '../contract/ids.ts';
import type { Database } from './database.ts';
import type { FolderId } from './files.ts';

/** One face on one photo, as the record has it. */
export interface RecordedFace {
  id: FaceId;
  photoId: PhotoId;
  box: UnitBox;
  /** Detector's confidence, 0..1. */
  score: number;
  /** How far the face can be trusted to stand for its person, 0..1. */
  quality: number;
  group: GroupId | null;
}

/**
 * The embeddings of one encoder, for grouping; entry i of each list is one face. Ordered by the photos' content
 * and the faces' place on them, so that the order in which files were found, or found again, leaves no trace.
 */
export interface EmbeddingTable {
  /** Length of one embedding; 0 when there are none. */
  size: number;
  faceIds: FaceId[];
  /** Content of each face's photo, SHA-256 in hex. */
  photoHashes: string[];
  qualities: Float32Array;
  /** n × size, row by row, each row L2-normalised. */
  vectors: Float32Array;
}

/** Faces, their crops and embeddings. */
export class Faces {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** The faces on all photos of a folder; each face once, ordered by photo, then from left to right. */
  ofFolder(folder: FolderId): RecordedFace[] {
    const rows = this.#database.read(() =>
      this.#database.sqlite
        .prepare(
          `SELECT id, photo_id, x, y, width, height, score, quality, group_id FROM faces
           WHERE photo_id IN (SELECT photo_id FROM files WHERE folder_id = ?) ORDER BY photo_id, x, y, id`,
        )
        .all(folder),
    );
    return rows.map((row) => ({
      id: row.id as FaceId,
      photoId: row.photo_id as PhotoId,
      box: { x: row.x, y: row.y, width: row.width, height: row.height } as UnitBox,
      score: row.score as number,
      quality: row.quality as number,
      group: row.group_id as GroupId | null,
    }));
  }

  /** The stored crop of each face that has one, as JPEG, in the order asked for. */
  crops(ids: readonly FaceId[]): { id: FaceId; jpeg: Uint8Array }[] {
    return this.#database.read(() => {
      const select = this.#database.sqlite.prepare('SELECT jpeg FROM crops WHERE face_id = ?');
      return ids.flatMap((id) => {
        const row = select.get(id);
        return row ? [{ id, jpeg: row.jpeg as Uint8Array }] : [];
      });
    });
  }

  /** All embeddings of an encoder, of faces on photos that some file holds. */
  embeddings(encoder: EncoderId): EmbeddingTable {
    return this.#database.read(() => {
      const { sqlite } = this.#database;
      // Sorted without the vectors, which would all pass through SQLite's sorter.
      const rows = sqlite
        .prepare(
          `SELECT face_id, hash, quality FROM embeddings
           JOIN faces ON faces.id = face_id JOIN photos ON photos.id = faces.photo_id
           WHERE encoder = ? AND EXISTS (SELECT 1 FROM files WHERE files.photo_id = photos.id)
           ORDER BY hash, x, y, faces.width, faces.height, face_id`,
        )
        .all(encoder);
      const select = sqlite.prepare('SELECT vector FROM embeddings WHERE face_id = ? AND encoder = ?');
      const vectorOf = (row: (typeof rows)[number]) =>
        select.get(row.face_id!, encoder)!.vector as Uint8Array;
      const bytes = rows[0] ? vectorOf(rows[0]).length : 0;
      const packed = new Uint8Array(rows.length * bytes);
      rows.forEach((row, i) => {
        packed.set(vectorOf(row), i * bytes);
      });
      return {
        size: bytes / Float32Array.BYTES_PER_ELEMENT,
        faceIds: rows.map((row) => row.face_id as FaceId),
        photoHashes: rows.map((row) => row.hash as string),
        qualities: Float32Array.from(rows, (row) => row.quality as number),
        vectors: new Float32Array(packed.buffer),
      };
    });
  }
}
