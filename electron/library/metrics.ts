import { z } from 'zod';
import type { EncoderKey } from '../contract/ids.ts';
import { Learning } from '../contract/learning.ts';
import { bytesOf } from './bytes.ts';
import type { Database } from './database.ts';

/** A learned metric as grouping/projection.ts applies it to an encoder's vectors, with how it was learned. */
export interface StoredMetric {
  size: number;
  rank: number;
  /** `size` × `rank`, row by row, both. */
  out: Float32Array;
  into: Float32Array;
  /** How much nearer impostors lie under it, 0 or below: see grouping/metric-trial.ts. */
  shift: number;
  /** How the vectors were aligned that it was learned from; see service/aligned.ts. Null: as the encoder gave them. */
  alignment: string | null;
  learning: Learning;
}

/**
 * The metrics that were learned from confirmed faces: at most one for each encoder, in use as long as it is stored. Every
 * change is to be made inside an entry of the journal. The state of matching changes with it.
 */
export class Metrics {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Null where the encoder's own metric is in use. */
  get(encoder: EncoderKey): StoredMetric | null {
    const row = this.#database.read(() =>
      this.#database.sqlite.prepare('SELECT * FROM metrics WHERE encoder = ?').get(encoder),
    );
    if (!row) return null;
    return {
      size: row.size as number,
      rank: row.rank as number,
      out: numbers(row.a as string),
      into: numbers(row.b as string),
      shift: row.shift as number,
      ...recorded(row.learning as string),
    };
  }

  put(encoder: EncoderKey, { size, rank, out, into, shift, alignment, learning }: StoredMetric): void {
    this.#database.write(() =>
      this.#database.sqlite
        .prepare(
          `INSERT INTO metrics (encoder, size, rank, a, b, shift, learning) VALUES (?, ?, ?, ?, ?, ?, ?)
           ON CONFLICT (encoder) DO UPDATE SET size = excluded.size, rank = excluded.rank, a = excluded.a,
             b = excluded.b, shift = excluded.shift, learning = excluded.learning`,
        )
        .run(encoder, size, rank, text(out), text(into), shift, JSON.stringify({ ...learning, alignment })),
    );
  }

  forget(encoder: EncoderKey): void {
    this.#database.write(() =>
      this.#database.sqlite.prepare('DELETE FROM metrics WHERE encoder = ?').run(encoder),
    );
  }
}

/** How a metric was learned. Metrics of older versions do not name an alignment, since there was none. */
function recorded(json: string): Pick<StoredMetric, 'alignment' | 'learning'> {
  const { alignment, ...learning } = Learning.extend({
    alignment: z.string().nullable().default(null),
  }).parse(JSON.parse(json));
  return { alignment, learning };
}

/** Numbers as base64: the journal keeps rows as JSON, which has no bytes. */
function text(values: Float32Array): string {
  return Buffer.from(bytesOf(values)).toString('base64');
}

function numbers(base64: string): Float32Array {
  return new Float32Array(new Uint8Array(Buffer.from(base64, 'base64')).buffer);
}
