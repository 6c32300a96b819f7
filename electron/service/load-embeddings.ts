import { cohortOf } from '../../models/cohort.ts';
import type { EncoderKey } from '../contract/ids.ts';
import type { CatalogCohort } from '../grouping/catalog-cohort.ts';
import { emptyGraph, type KnnGraph, type KnownGraph, knnGraph } from '../grouping/knn-graph.ts';
import { contentOrder } from '../grouping/order.ts';
import { packVectors } from '../grouping/pack-vectors.ts';
import type { Product } from '../grouping/product.ts';
import { project } from '../grouping/projection.ts';
import type { EmbeddingTable } from '../library/faces.ts';
import type { StoredLists } from '../library/nearest-lists.ts';
import type { Library } from '../library/open.ts';
import { type AlignedTable, alignedEmbeddings, metricOf } from './aligned.ts';
import { WORTH_A_THREAD } from './thread.ts';

/** All faces of an encoder, with their k-NN graph. */
export interface LoadedEmbeddings {
  /**
   * With the vectors that grouping and matching use: the encoder's own, aligned, transformed by the learned metric where
   * there is one, and packed into the directions that they use (see pack-vectors.ts).
   */
  table: AlignedTable;
  /** With the encoder's own vectors, children's aligned with grown-ups'. */
  own: EmbeddingTable;
  /** How much nearer impostors lie under the learned metric; see metric-trial.ts. 0 where there is none. */
  shift: number;
  nearest: KnnGraph;
  /** The encoder's cohort; null where it has none, or another metric is in use. Without means where vectors are packed. */
  cohort: CatalogCohort | null;
  /** The rows, in an order that follows only from what faces look like: see order.ts. */
  order: Int32Array;
}

/**
 * Loads all faces of an encoder, and finds the nearest of each. For a hundred thousand new faces that takes minutes; for
 * faces whose neighbours were found before, a second. The graph is kept in the library.
 */
export async function loadEmbeddings(
  library: Library,
  encoder: EncoderKey,
  product: Product,
): Promise<LoadedEmbeddings> {
  const { marks, few, ...read } = await readEmbeddings(library, encoder, product);
  const { vectors, size, faceIds } = read.table;
  const stored = library.nearest.get(encoder);
  const known = stored && broughtUp(stored, faceIds, marks);
  const lists = await knnGraph(vectors, size, product, known ?? undefined);
  const isSame = known && stored.faces.length === faceIds.length && !known.isNew.includes(1);
  if (!isSame && !few) library.nearest.put(encoder, { ...lists, marks, faces: Int32Array.from(faceIds) });
  return { ...read, nearest: lists };
}

/**
 * Reads and packs the vectors in a function of its own, so that nothing refers to the stored ones afterwards: for 100,000
 * faces of FaceNet they are 205 MB.
 */
async function readEmbeddings(
  library: Library,
  encoder: EncoderKey,
  product: Product,
): Promise<Omit<LoadedEmbeddings, 'nearest'> & { marks: Int32Array; few: boolean }> {
  const read = alignedEmbeddings(library, encoder);
  const metric = metricOf(library, encoder);
  const isLearned = metric?.size === read.size;
  const seen = isLearned ? { ...read, vectors: project(read.vectors, metric) } : read;
  const marks = marksOf(seen);
  // By the encoder's own vectors: how vectors are packed depends on the other faces.
  const order = contentOrder({ ...read, photo: [...read.faceIds.keys()], quality: read.qualities });
  // Few faces are not packed: fewer faces than an encoder has directions always use fewer directions.
  const few = read.faceIds.length < WORTH_A_THREAD;
  const table = few ? seen : { ...seen, ...(await packVectors(seen.vectors, seen.size, product)) };
  const known = isLearned ? null : cohortOf(encoder);
  const isSame = known !== null && known.size === read.size;
  const means = isSame && few ? known.means : new Float32Array();
  const cohort = isSame ? { means, level: known.level } : null;
  const own = isLearned ? read : table;
  return { table, own, shift: isLearned ? metric.shift : 0, cohort, order, marks, few };
}

/** The first two numbers of each vector, to the bit, as one: no other vector has the same. */
function marksOf({ vectors, size, faceIds }: EmbeddingTable): Int32Array {
  const bits = new Int32Array(vectors.buffer, vectors.byteOffset, vectors.length);
  return Int32Array.from(faceIds, (_, row) => bits[row * size]! ^ Math.imul(bits[row * size + 1]!, 31));
}

/**
 * Share of the places in the lists that may be empty because a face has gone; beyond it, all lists are made anew.
 * Chosen by hand.
 */
const EMPTY = 0.1;

/** The stored lists of the faces that are there now; null where too much of them is missing. */
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
    // Faces that were not in the list are no more similar than its last one: empty places keep that similarity as a bound.
    const end = stored.dots[(place + 1) * count - 1]!;
    if (end > -2) gone += (row + 1) * count - at;
    lists.dots.fill(end, at, (row + 1) * count);
  });
  return gone > EMPTY * lists.rows.length ? null : { ...lists, isNew };
}
