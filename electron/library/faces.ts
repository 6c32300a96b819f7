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
  photoIds: PhotoId[];
  /** Group of each face, 0 for one that is alone. */
  groups: Int32Array;
  /** Photos on which a person may be more than once. */
  several: ReadonlySet<PhotoId>;
  /** When each face's photo was taken: local time as days since 1970, NaN where the photo does not say. */
  days: Float64Array;
  /** n × size, row by row, each row L2-normalised. */
  vectors: Float32Array<ArrayBuffer>;
}

/** The same without the vectors. */
export type FaceTable = Omit<EmbeddingTable, 'size' | 'vectors'>;

/** Where a face is, and who is beside it. */
export interface FaceSurroundings {
  box: UnitBox;
  /** In pixels, upright. */
  photo: { width: number; height: number };
  /** Other faces of its photo. */
  others: UnitBox[];
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

  /** The vector of one face by an encoder; null where it has none. */
  vector(face: FaceId, encoder: EncoderKey): Float32Array | null {
    const row = this.#database.read(() =>
      this.#database.sqlite
        .prepare('SELECT vector FROM embeddings WHERE face_id = ? AND encoder = ?')
        .get(face, encoder),
    );
    return row ? new Float32Array(new Uint8Array(row.vector as Uint8Array).buffer) : null;
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

  /** All embeddings of an encoder, of faces on photos that some file holds. */
  embeddings(encoder: EncoderKey): EmbeddingTable {
    return this.#database.snapshot(() => {
      const table = this.table(encoder);
      return { ...table, ...this.#vectors(encoder, table.faceIds) };
    });
  }

  /** All faces with an embedding of an encoder, on photos that some file holds. */
  table(encoder: EncoderKey): FaceTable {
    return this.#database.snapshot(() => {
      const { sqlite } = this.#database;
      // Sorted without the vectors, which would all pass through SQLite's sorter.
      const sorted = sqlite.prepare(
        `SELECT embeddings.face_id, hash, quality, photo_id, group_id, several, taken_at FROM embeddings
         JOIN faces ON faces.id = embeddings.face_id JOIN photos ON photos.id = faces.photo_id
         LEFT JOIN labels ON labels.face_id = faces.id
         WHERE encoder = ? AND withdrawn = 0 AND verdict IS NOT 'not-a-face' AND EXISTS (SELECT 1 FROM files WHERE files.photo_id = photos.id)
         ORDER BY hash, x, y, faces.width, faces.height, faces.id`,
      );
      // Rows come as arrays, which take half the time of objects, and one at a time, so that 100,000 of them do not pile up.
      sorted.setReturnArrays(true);
      const faceIds: FaceId[] = [];
      const photoHashes: string[] = [];
      const photoIds: PhotoId[] = [];
      const several = new Set<PhotoId>();
      const qualities: number[] = [];
      const groups: number[] = [];
      const days: number[] = [];
      for (const row of sorted.iterate(encoder)) {
        const [id, hash, quality, photo, group, isSeveral, at] = row as unknown as TableRow;
        faceIds.push(id);
        photoHashes.push(hash);
        photoIds.push(photo);
        if (isSeveral === 1) several.add(photo);
        qualities.push(quality);
        groups.push(group ?? 0);
        days.push(at === null ? Number.NaN : daysOf(at));
      }
      return {
        ...{ faceIds, photoHashes, photoIds, several },
        qualities: Float32Array.from(qualities),
        groups: Int32Array.from(groups),
        days: Float64Array.from(days),
      };
    });
  }

  /** The vectors of some faces by an encoder, one after another, in the order of `ids`; each has to have one. */
  vectorsOf(encoder: EncoderKey, ids: readonly FaceId[]): Float32Array<ArrayBuffer> {
    const rows = this.#database.read(() => {
      const select = this.#database.sqlite.prepare(
        'SELECT vector FROM embeddings WHERE face_id = ? AND encoder = ?',
      );
      return ids.map((id) => select.get(id, encoder)!.vector as Uint8Array);
    });
    const each = rows[0]?.length ?? 0;
    const packed = new Uint8Array(rows.length * each);
    for (const [at, bytes] of rows.entries()) packed.set(bytes, at * each);
    return new Float32Array(packed.buffer);
  }

  /**
   * Reads the vectors in the order of the file, and puts each into its face's row. SQLite joins some hundred into one
   * blob, since a blob for each takes twice the time: `group_concat` keeps the bytes of blobs, and their order.
   */
  #vectors(encoder: EncoderKey, faceIds: readonly FaceId[]): Pick<EmbeddingTable, 'size' | 'vectors'> {
    const rowOf = new Map(faceIds.map((id, row) => [id as number, row]));
    const select = this.#database.sqlite.prepare(
      `SELECT json_group_array(face_id) AS ids, CAST(group_concat(vector, '') AS BLOB) AS joined
       FROM (SELECT face_id, vector FROM embeddings WHERE encoder = ? AND face_id > ? ORDER BY face_id LIMIT ?)`,
    );
    let packed = new Uint8Array();
    let bytes = 0;
    for (let last = 0; faceIds.length > 0; ) {
      const { ids, joined } = select.get(encoder, last, AT_ONCE) as unknown as Joined;
      if (joined === null) break;
      const faces = JSON.parse(ids) as number[];
      if (bytes === 0) {
        bytes = joined.length / faces.length;
        packed = new Uint8Array(faceIds.length * bytes);
      }
      faces.forEach((id, at) => {
        const row = rowOf.get(id);
        if (row !== undefined) packed.set(joined.subarray(at * bytes, (at + 1) * bytes), row * bytes);
      });
      last = faces.at(-1)!;
    }
    return { size: bytes / Float32Array.BYTES_PER_ELEMENT, vectors: new Float32Array(packed.buffer) };
  }
}

/** Vectors that are read at once. Source: bound; half a megabyte of 512 numbers each. */
const AT_ONCE = 256;

interface Joined {
  /** Ids of the faces, as a JSON list. */
  ids: string;
  /** Their vectors, one after another; null where there is no face. */
  joined: Uint8Array | null;
}

type TableRow = [
  FaceId,
  hash: string,
  quality: number,
  PhotoId,
  GroupId | null,
  several: number,
  takenAt: string | null,
];

/** A camera's local time as days since 1970, read as if it were UTC: only differences of such times are used. */
function daysOf(takenAt: string): number {
  return Date.parse(`${takenAt}Z`) / 86_400_000;
}
