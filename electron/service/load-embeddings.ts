import type { EncoderKey } from '../contract/ids.ts';
import { emptyGraph, type KnnGraph, type KnownGraph, knnGraph } from '../grouping/knn-graph.ts';
import { contentOrder } from '../grouping/order.ts';
import { packVectors } from '../grouping/pack-vectors.ts';
import type { Product } from '../grouping/product.ts';
import { project } from '../grouping/projection.ts';
import type { EmbeddingTable } from '../library/faces.ts';
import type { StoredLists } from '../library/nearest-lists.ts';
import type { Library } from '../library/open.ts';
import { WORTH_A_THREAD } from './thread.ts';

/** All faces of an encoder, and which are nearest to which. */
export interface LoadedEmbeddings {
  /**
   * With vectors as grouping and matching see them: the encoder's, changed by what was learned from confirmed faces where
   * that was adopted, in the directions that they use (see pack-vectors.ts).
   */
  table: EmbeddingTable;
  /** With the encoder's own vectors. */
  own: EmbeddingTable;
  /** How much nearer impostors lie as they are seen; see metric-trial.ts. 0 where nothing was learned. */
  shift: number;
  nearest: KnnGraph;
  /** Rows in an order that depends on what faces look like alone: see order.ts. */
  order: Int32Array;
}

/**
 * Reads all faces, and finds the nearest of each. That is a matter of minutes for a hundred thousand faces that are
 * new, and of a second for those of which it is known from the last time; what is found is kept in the library.
 */
export async function loadEmbeddings(
  library: Library,
  encoder: EncoderKey,
  product: Product,
): Promise<LoadedEmbeddings> {
  const read = library.faces.embeddings(encoder);
  const metric = library.metrics.get(encoder);
  const isLearned = metric?.size === read.size;
  const seen = isLearned ? { ...read, vectors: project(read.vectors, metric) } : read;
  const marks = marksOf(seen);
  // By the vectors as they are: the directions that they use depend on who else is there.
  const order = contentOrder({ ...read, photo: [...read.faceIds.keys()], quality: read.qualities });
  // Fewer faces than an encoder has directions lie in fewer of them, whatever the encoder.
  const few = read.faceIds.length < WORTH_A_THREAD;
  const table = few ? seen : { ...seen, ...(await packVectors(seen.vectors, seen.size, product)) };
  const stored = library.nearest.get(encoder);
  const known = stored && broughtUp(stored, read.faceIds, marks);
  const lists = await knnGraph(table.vectors, table.size, product, known ?? undefined);
  const isSame = known && stored.faces.length === read.faceIds.length && !known.isNew.includes(1);
  if (!isSame && !few) {
    library.nearest.put(encoder, { ...lists, marks, faces: Int32Array.from(read.faceIds) });
  }
  return { table, own: isLearned ? read : table, shift: isLearned ? metric.shift : 0, nearest: lists, order };
}

/** The first two numbers of each vector, to the bit, as one: no other vector has the same. */
function marksOf({ vectors, size, faceIds }: EmbeddingTable): Int32Array {
  const bits = new Int32Array(vectors.buffer, vectors.byteOffset, vectors.length);
  return Int32Array.from(faceIds, (_, row) => bits[row * size]! ^ Math.imul(bits[row * size + 1]!, 31));
}

/** Share of the places in the lists that may be empty because a face has gone; beyond that all are found anew. */
const EMPTY = 0.1;

/** What is known of the faces that are there now; null where that is little. */
function broughtUp(stored: StoredLists, faceIds: readonly number[], marks: Int32Array): KnownGraph | null {
  const rowOf = new Map(faceIds.map((id, row) => [id, row]));
  const to = stored.faces.map((id, place) => {
    const row = rowOf.get(id);
    return row !== undefined && marks[row] === stored.marks[place] ? row : -1;
  });
  const count = stored.rows.length / Math.max(1, stored.faces.length);
  const lists = emptyGraph(faceIds.length, count);
  const isNew = new Uint8Array(faceIds.length).fill(1);
  let gone = 0;
  to.forEach((row, place) => {
    if (row < 0) return;
    isNew[row] = 0;
    let at = row * count;
    for (let from = place * count; from < (place + 1) * count; from++) {
      const former = stored.rows[from]!;
      if (former < 0 || to[former]! < 0) continue;
      lists.rows[at] = to[former]!;
      lists.dots[at++] = stored.dots[from]!;
    }
    // What was never in the list is still no more similar than its last: the places that are empty now say so.
    const end = stored.dots[(place + 1) * count - 1]!;
    if (end > -2) gone += (row + 1) * count - at;
    lists.dots.fill(end, at, (row + 1) * count);
  });
  return gone > EMPTY * lists.rows.length ? null : { ...lists, isNew };
}
