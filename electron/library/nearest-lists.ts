import type { EncoderKey } from '../contract/ids.ts';
import { bytesOf } from './bytes.ts';
import type { Database } from './database.ts';

/** The faces nearest to each, as they were found once. Entry i of `faces` and `marks`, and row i of the lists, are one face. */
export interface StoredLists {
  /** Ids of the faces. */
  faces: Int32Array;
  /** Says of each vector which it was, so that lists of another one are not taken for its own. */
  marks: Int32Array;
  /** Lists of equal length, packed: places in `faces`, −1: none; and the dot products with them. */
  rows: Int32Array;
  dots: Float32Array;
}

/** The nearest faces of each face, by encoder. Derived from the vectors alone: made again at will, never journalled. */
export class NearestLists {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  get(encoder: EncoderKey): StoredLists | null {
    const row = this.#database.read(() =>
      this.#database.sqlite.prepare('SELECT * FROM nearest WHERE encoder = ?').get(encoder),
    );
    if (!row) return null;
    const [faces, marks, rows] = [row.faces, row.marks, row.rows].map(
      (bytes) => new Int32Array(new Uint8Array(bytes as Uint8Array).buffer),
    ) as [Int32Array, Int32Array, Int32Array];
    return { faces, marks, rows, dots: new Float32Array(new Uint8Array(row.dots as Uint8Array).buffer) };
  }

  put(encoder: EncoderKey, { faces, marks, rows, dots }: StoredLists): void {
    this.#database.write(() =>
      this.#database.sqlite
        .prepare('INSERT OR REPLACE INTO nearest (encoder, faces, marks, rows, dots) VALUES (?, ?, ?, ?, ?)')
        .run(encoder, bytesOf(faces), bytesOf(marks), bytesOf(rows), bytesOf(dots)),
    );
  }
}
