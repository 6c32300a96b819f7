import type { EncoderKey, FaceId } from '../contract/ids.ts';
import { bytesOf } from './bytes.ts';
import type { Database } from './database.ts';
import { Revisions } from './revisions.ts';

/** Vectors as they are compared. Entry i of `faces`, and row i of the others, are one face. */
export interface PackedVectors {
  /** Names how vectors are aligned: vectors that are aligned otherwise are others. Empty: they are not. */
  alignment: string;
  /** Orthonormal directions, one after another; as long as the encoder's vectors each. */
  axes: Float32Array;
  /** Ids of the faces. */
  faces: Int32Array;
  /** n × 2: the first two numbers of each aligned vector, before packing. */
  heads: Float32Array;
  /** Probability that each face is a child's, 0..1; empty where nothing is known of ages. */
  children: Float32Array;
  /** n × directions: coordinates of each aligned vector. */
  vectors: Float32Array;
}

/** What was stored, as far as it still holds. */
export interface StoredVectors extends PackedVectors {
  /** Faces whose vector is another now, or gone. */
  changed: ReadonlySet<number>;
  /** State of the record; see `Revisions.matching`. */
  revision: number;
}

/** The packed vectors of each encoder. Derived: they can be made again from the embeddings at any time. */
export class StoredPacked {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** @returns null where there are none. `revision` is that of the record now, for {@link StoredPacked.put} */
  get(encoder: EncoderKey): StoredVectors | null {
    return this.#database.snapshot(() => {
      const { sqlite } = this.#database;
      const row = sqlite.prepare('SELECT * FROM packed WHERE encoder = ?').get(encoder);
      if (!row) return null;
      const numbers = (of: string) => new Float32Array(new Uint8Array(row[of] as Uint8Array).buffer);
      const changed = sqlite
        .prepare('SELECT face_id AS id FROM vector_changes WHERE encoder = ?')
        .all(encoder);
      return {
        alignment: row.alignment as string,
        axes: numbers('axes'),
        faces: new Int32Array(numbers('faces').buffer),
        heads: numbers('heads'),
        children: numbers('children'),
        vectors: numbers('vectors'),
        changed: new Set(changed.map(({ id }) => id as FaceId)),
        revision: this.revision(),
      };
    });
  }

  /** State of the record that the vectors of known faces follow from: the same as long as none has changed. */
  revision(): number {
    return new Revisions(this.#database).matching().changed;
  }

  /**
   * Stores vectors that were made from the record at one revision. Where it is another now, some may be out of date already, and
   * nothing is stored: the next time they are made from what is stored until now.
   */
  put(encoder: EncoderKey, packed: PackedVectors, revision: number): void {
    this.#database.write(() => {
      if (this.revision() !== revision) return;
      const { sqlite } = this.#database;
      const { alignment, axes, faces, heads, children, vectors } = packed;
      sqlite
        .prepare(
          `INSERT OR REPLACE INTO packed (encoder, alignment, axes, faces, heads, children, vectors)
           VALUES (?, ?, ?, ?, ?, ?, ?)`,
        )
        .run(encoder, alignment, ...[axes, faces, heads, children, vectors].map(bytesOf));
      sqlite.prepare('DELETE FROM vector_changes WHERE encoder = ?').run(encoder);
    });
  }
}
