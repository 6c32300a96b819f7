import type { UnitBox, UnitPoint } from '../contract/geometry.ts';
import type { DetectorId, EncoderKey, FaceId, PhotoId } from '../contract/ids.ts';
import { bytesOf } from './bytes.ts';
import type { Database } from './database.ts';
import type { FolderId } from './files.ts';
import { bumpRevision } from './settings.ts';

/** A photo whose faces are in the record but have no vector of an encoder. */
export interface BacklogPhoto {
  id: PhotoId;
  /** SHA-256 of its content, hex. */
  hash: string;
  /** Pixels of the upright photo at full size. */
  width: number;
  height: number;
  /** Absolute paths of the files that were seen to hold it; those of the folder asked for first. */
  paths: string[];
  faces: BacklogFace[];
}

export interface BacklogFace {
  id: FaceId;
  box: UnitBox;
  landmarks: UnitPoint[] | null;
  detector: DetectorId;
}

/**
 * Photos whose faces have no vectors of a new encoder yet. Their vectors are recorded photo by photo. Faces, boxes and
 * groups are not touched, and neither are the vectors of other encoders.
 */
export class Backlog {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Photos that some file holds and on which some face has no vector of this encoder. It may be a single face: one that
   * the user labelled stays when a new detector does not find it. Photos of `folder` are listed too where their vectors
   * were made from crops, since their files were just seen.
   */
  photos(encoder: EncoderKey, folder: FolderId): PhotoId[] {
    const rows = this.#database.read(() =>
      this.#database.sqlite
        .prepare(
          `SELECT id FROM photos
           WHERE EXISTS (SELECT 1 FROM files WHERE photo_id = photos.id)
             AND EXISTS (SELECT 1 FROM analyses WHERE photo_id = photos.id)
             AND (EXISTS (SELECT 1 FROM faces WHERE photo_id = photos.id AND NOT EXISTS
                 (SELECT 1 FROM embeddings WHERE face_id = faces.id AND encoder = ?1))
               OR NOT EXISTS (SELECT 1 FROM analyses WHERE photo_id = photos.id AND encoder = ?1)
                 AND EXISTS (SELECT 1 FROM files WHERE photo_id = photos.id AND folder_id = ?2))
           ORDER BY id`,
        )
        .all(encoder, folder),
    );
    return rows.map(({ id }) => id as PhotoId);
  }

  /** What is needed to embed a photo's faces again. */
  photo(id: PhotoId, folder: FolderId): BacklogPhoto {
    return this.#database.read(() => {
      const { sqlite } = this.#database;
      const { hash, width, height } = sqlite.prepare('SELECT * FROM photos WHERE id = ?').get(id)!;
      const files = sqlite
        .prepare(
          `SELECT folders.path AS folder, files.path FROM files JOIN folders ON folders.id = folder_id
           WHERE photo_id = ? ORDER BY folder_id <> ?, files.id`,
        )
        .all(id, folder);
      const faces = sqlite.prepare('SELECT * FROM faces WHERE photo_id = ? ORDER BY id').all(id);
      return {
        id,
        hash: hash as string,
        width: width as number,
        height: height as number,
        paths: files.map((file) => `${file.folder}/${file.path}`),
        faces: faces.map((face) => ({
          id: face.id as FaceId,
          box: { x: face.x, y: face.y, width: face.width, height: face.height } as UnitBox,
          landmarks: face.landmarks === null ? null : JSON.parse(face.landmarks as string),
          detector: face.detector as DetectorId,
        })),
      };
    });
  }

  /**
   * Records new vectors of one photo's faces in one transaction. A photo that was analysed anew meanwhile is left alone.
   *
   * @param vectors one for each face of `photo`, in order
   * @param from what they were made from. Vectors from the photo are final; those from crops are made again once a scan
   *   finds the photo's file.
   */
  record(
    photo: BacklogPhoto,
    vectors: readonly Float32Array[],
    encoder: EncoderKey,
    from: 'photo' | 'crops',
  ): void {
    const { sqlite } = this.#database;
    this.#database.write(() => {
      if (!this.#isUnchanged(photo)) return;
      const put = sqlite.prepare(
        `INSERT INTO embeddings (face_id, encoder, vector) VALUES (?, ?, ?)
         ON CONFLICT (face_id, encoder) DO UPDATE SET vector = excluded.vector`,
      );
      photo.faces.forEach(({ id }, i) => {
        put.run(id, encoder, bytesOf(vectors[i]!));
      });
      if (from === 'photo') {
        sqlite
          .prepare(
            `INSERT INTO analyses (photo_id, encoder, detector)
             SELECT photo_id, ?, detector FROM analyses WHERE photo_id = ? LIMIT 1 ON CONFLICT DO NOTHING`,
          )
          .run(encoder, photo.id);
      }
      if (photo.faces.length > 0) bumpRevision(this.#database);
    });
  }

  #isUnchanged({ id, faces }: BacklogPhoto): boolean {
    const now = this.#database.sqlite
      .prepare('SELECT id, x, y, width, height FROM faces WHERE photo_id = ? ORDER BY id')
      .all(id);
    const key = (face: Record<string, unknown>) => [face.x, face.y, face.width, face.height].join();
    return (
      now.length === faces.length &&
      now.every((row, i) => row.id === faces[i]!.id && key(row) === key(faces[i]!.box))
    );
  }
}
