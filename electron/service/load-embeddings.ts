import type { EncoderKey } from '../contract/ids.ts';
import { emptyGraph, type KnnGraph, type KnownGraph, knnGraph } from '../grouping/knn-graph.ts';
import type { Product } from '../grouping/product.ts';
import type { StoredLists } from '../library/nearest-lists.ts';
import type { Library } from '../library/open.ts';
import { type ReadVectors, readVectors } from './read-vectors.ts';

/** All faces of an encoder, with their vectors and their k-NN graph. */
export interface LoadedEmbeddings extends Pick<ReadVectors, 'table' | 'own' | 'shift' | 'cohort' | 'order'> {
  nearest: KnnGraph;
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
  const { heads, few, ...read } = await readVectors(library, encoder, product);
  const { vectors, size, faceIds } = read.table;
  const marks = marksOf(heads);
  const stored = library.nearest.get(encoder);
  const known = stored && broughtUp(stored, faceIds, marks);
  const lists = await knnGraph(vectors, size, product, known ?? undefined);
  if (!few && !isNearly(known, stored, faceIds.length))
    library.nearest.put(encoder, { ...lists, marks, faces: Int32Array.from(faceIds) });
  return { ...read, nearest: lists };
}

/**
 * Share of all faces that have to be new before the graph is stored again. Bound: among 100,000 faces the neighbours of 500 are
 * found in half a second each time, and storing all keeps everybody else from writing for a fifth of a second; while a scan runs
 * that would be after every handful of photos.
 */
const WORTH_STORING = 0.005;

/** Whether the stored graph is the present one but for a few new faces. */
function isNearly(known: KnownGraph | null, stored: StoredLists | null, faces: number): boolean {
  if (known === null || stored === null) return false;
  const added = known.isNew.reduce((sum, isNew) => sum + isNew, 0);
  return stored.faces.length === faces - added && added <= WORTH_STORING * faces;
}

/** The first two numbers of each vector, to the bit, as one: no other vector has the same. */
function marksOf(heads: Float32Array): Int32Array {
  const bits = new Int32Array(heads.buffer, heads.byteOffset, heads.length);
  return Int32Array.from(
    { length: heads.length / 2 },
    (_, row) => bits[2 * row]! ^ Math.imul(bits[2 * row + 1]!, 31),
  );
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
