import type { FaceSurroundings } from '../contract/crop-square.ts';
import type { UnitBox } from '../contract/geometry.ts';
import type { DetectorId, EncoderKey, FaceId, GroupId, PhotoId } from '../contract/ids.ts';
import type { FoundFace, KnownFace } from '../contract/vision.ts';
import { bytesOf } from './bytes.ts';
import type { Database } from './database.ts';
import type { FolderId } from './files.ts';
import { bumpRevision } from './settings.ts';

/** One face on one photo, as the record has it. */
export interface RecordedFace {
  id: FaceId;
  photoId: PhotoId;
  box: UnitBox;
  /** Detector's confidence, 0..1. */
  score: number;
  /** How far the face can be trusted as an example of its person, 0..1. */
  quality: number;
  group: GroupId | null;
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
           WHERE withdrawn = 0 AND photo_id IN (SELECT photo_id FROM files WHERE folder_id = ?) ORDER BY photo_id, x, y, id`,
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

  /**
   * Records a face that the user drew. It stays withdrawn until it is shown: see {@link Faces.show}.
   */
  addDrawn(photo: PhotoId, face: FoundFace, by: { detector: DetectorId; encoder: EncoderKey }): FaceId {
    const { sqlite } = this.#database;
    return this.#database.write(() => {
      const { x, y, width, height } = face.box;
      const id = sqlite
        .prepare(
          `INSERT INTO faces (photo_id, detector, x, y, width, height, landmarks, score, quality, drawn, withdrawn)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 1, 1) RETURNING id`,
        )
        .get(
          ...[photo, by.detector, x, y, width, height],
          ...[face.landmarks && JSON.stringify(face.landmarks), face.score, face.quality],
        )!.id as FaceId;
      sqlite.prepare('INSERT INTO crops (face_id, jpeg) VALUES (?, ?)').run(id, face.crop);
      sqlite
        .prepare('INSERT INTO embeddings (face_id, encoder, vector) VALUES (?, ?, ?)')
        .run(id, by.encoder, bytesOf(face.embedding));
      bumpRevision(this.#database);
      return id;
    });
  }

  /** Shows a drawn face. To be called inside an entry of the journal, so that undo withdraws it. */
  show(face: FaceId): void {
    this.#database.write(() =>
      this.#database.sqlite.prepare('UPDATE faces SET withdrawn = 0 WHERE id = ?').run(face),
    );
  }

  /** How the detector found a face; null where it is gone. */
  known(id: FaceId): (KnownFace & { score: number }) | null {
    const row = this.#database.read(() =>
      this.#database.sqlite
        .prepare('SELECT x, y, width, height, landmarks, detector, score FROM faces WHERE id = ?')
        .get(id),
    );
    if (!row) return null;
    const { x, y, width, height, landmarks, detector, score } = row;
    return {
      box: { x, y, width, height } as UnitBox,
      landmarks: landmarks === null ? null : JSON.parse(landmarks as string),
      detector: detector as DetectorId,
      score: score as number,
    };
  }

  /** The boxes of all faces of a photo, also of those that are no longer shown. */
  boxesOf(photo: PhotoId): { id: FaceId; box: UnitBox; isWithdrawn: boolean }[] {
    const rows = this.#database.read(() =>
      this.#database.sqlite
        .prepare('SELECT id, x, y, width, height, withdrawn FROM faces WHERE photo_id = ? ORDER BY id')
        .all(photo),
    );
    return rows.map(({ id, x, y, width, height, withdrawn }) => ({
      id: id as FaceId,
      box: { x, y, width, height } as UnitBox,
      isWithdrawn: withdrawn === 1,
    }));
  }

  /** The faces that a photo has. */
  ofPhoto(photo: PhotoId): { id: FaceId }[] {
    return this.#database.read(
      () =>
        this.#database.sqlite
          .prepare('SELECT id FROM faces WHERE photo_id = ? AND withdrawn = 0 ORDER BY x, id')
          .all(photo) as unknown as { id: FaceId }[],
    );
  }

  /** A function that gives a face's box on its photo, read when it is first asked for. Undefined: the face is gone. */
  boxReader(): (face: FaceId) => UnitBox | undefined {
    const known = new Map<FaceId, UnitBox | undefined>();
    const select = this.#database.read(() =>
      this.#database.sqlite.prepare('SELECT x, y, width, height FROM faces WHERE id = ?'),
    );
    return (face) => {
      if (!known.has(face))
        known.set(face, this.#database.read(() => select.get(face)) as unknown as UnitBox | undefined);
      return known.get(face);
    };
  }

  /** A face's box, its photo's size in pixels, and the boxes of the other faces on it. @throws TypeError for no face */
  around(face: FaceId): FaceSurroundings {
    return this.#database.read(() => {
      const { photo, photoWidth, photoHeight, ...box } = this.#database.sqlite
        .prepare(
          `SELECT photo_id AS photo, photos.width AS photoWidth, photos.height AS photoHeight, x, y, faces.width, faces.height
           FROM faces JOIN photos ON photos.id = photo_id WHERE faces.id = ?`,
        )
        .get(face) as unknown as UnitBox & { photo: PhotoId; photoWidth: number; photoHeight: number };
      const others = this.#database.sqlite
        .prepare('SELECT x, y, width, height FROM faces WHERE photo_id = ? AND id <> ? AND withdrawn = 0')
        .all(photo, face) as unknown as UnitBox[];
      return { box, photo: { width: photoWidth, height: photoHeight }, others };
    });
  }

  /** The stored crop of each face that has one, as JPEG, in the order of `ids`. */
  crops(ids: readonly FaceId[]): { id: FaceId; jpeg: Uint8Array }[] {
    return this.#database.read(() => {
      const select = this.#database.sqlite.prepare('SELECT jpeg FROM crops WHERE face_id = ?');
      return ids.flatMap((id) => {
        const row = select.get(id);
        return row ? [{ id, jpeg: row.jpeg as Uint8Array }] : [];
      });
    });
  }
}
