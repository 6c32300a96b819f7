import type { EncoderKey } from '../contract/ids.ts';
import { bytesOf } from './bytes.ts';
import type { Database } from './database.ts';

/** A stored k-NN graph. Entry i of `faces` and `marks`, and row i of the lists, are one face. */
export interface StoredLists {
  /** Ids of the faces. */
  faces: Int32Array;
  /** A fingerprint of each face's vector, so that a list is not used once the vector has changed. */
  marks: Int32Array;
  /** Lists of equal length, one after another: places in `faces`, −1: none. `dots`: the dot products with them. */
  rows: Int32Array;
  dots: Float32Array;
}

/**
 * The k-NN graph of each encoder. Derived from the vectors alone: it can be made again at any time, and is not
 * journalled.
 */
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
