import type { EncoderKey, FaceId, GroupId, PhotoId } from '../contract/ids.ts';
import type { Database } from './database.ts';

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

/** What encoders made of faces. */
export class Embeddings {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** The vector of one face by an encoder; null where it has none. */
  one(face: FaceId, encoder: EncoderKey): Float32Array | null {
    const row = this.#database.read(() =>
      this.#database.sqlite
        .prepare('SELECT vector FROM embeddings WHERE face_id = ? AND encoder = ?')
        .get(face, encoder),
    );
    return row ? new Float32Array(new Uint8Array(row.vector as Uint8Array).buffer) : null;
  }

  /** All embeddings of an encoder, of faces on photos that some file holds. */
  all(encoder: EncoderKey): EmbeddingTable {
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
      const sorted = sqlite.prepareAlone(
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
  of(encoder: EncoderKey, ids: readonly FaceId[]): Float32Array<ArrayBuffer> {
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
