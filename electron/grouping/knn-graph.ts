import { GRAPH_DEGREE } from './constants.ts';
import { type Product, type Products, SEGMENT } from './product.ts';
import { pickRows } from './rows.ts';
import { insertRanked } from './top-k.ts';

/** Rows that are multiplied at once. Source: bound; speed only: a megabyte of products fits a core's second cache. */
const BLOCK = 512;

/**
 * The k-NN graph: for each face a list of the most similar faces, on any photo. It depends on the vectors alone, so a
 * face that is added or removed changes little of it.
 */
export interface KnnGraph {
  /** Places in each face's list. */
  count: number;
  /** n × count: rows, the most similar first; −1 where there are no more. */
  rows: Int32Array;
  /**
   * n × count: dot products with them. A face that is not in a list is no more similar than the list's last place, even
   * where that place is empty; −2 there: the list has all faces.
   */
  dots: Float32Array;
}

/** A graph from an earlier run, with the row numbers of now. */
export interface KnownGraph extends KnnGraph {
  /** 1 for a row that is not in the graph yet: it has no list, and is in none. */
  isNew: Uint8Array;
}

/**
 * Computes the k-NN graph, exactly: from all pairs, or from the pairs with at least one new face where a graph is
 * known.
 *
 * @param vectors n × size, packed row by row, each L2-normalised
 * @param known extended in place
 */
export async function knnGraph(
  vectors: Float32Array,
  size: number,
  product: Product,
  known?: KnownGraph,
): Promise<KnnGraph> {
  const n = vectors.length / size;
  const added = known ? Int32Array.from(known.isNew.keys()).filter((row) => known.isNew[row] === 1) : null;
  // Pairs of two new rows are computed twice, so with more than half of the rows new it is quicker to begin again.
  const all = known === undefined || added!.length > n / 2;
  const lists = all ? emptyGraph(n) : known;
  const { count } = lists;
  const floors = Float32Array.from({ length: n }, (_, row) => lists.dots[row * count + count - 1]!);
  const block = (from: number) => vectors.subarray(from * size, Math.min(from + BLOCK, n) * size);
  const rows = all ? Int32Array.from({ length: n }, (_, row) => row) : added!;
  for (let top = 0; top < rows.length; top += BLOCK) {
    const some = rows.subarray(top, top + BLOCK);
    const ones = all ? block(top) : pickRows(vectors, size, some);
    for (let left = all ? top : 0; left < n; left += BLOCK) {
      take(
        lists,
        floors,
        await product(ones, block(left), size, 'across'),
        some,
        left,
        all ? null : known.isNew,
      );
    }
  }
  return lists;
}

/**
 * Adds the products of some rows with the rows from `left` on to the lists of both. It sees ten thousand million products: plain
 * loops, outside of the asynchronous function, which pass over segments that are below the floors.
 *
 * @param isNew null: each pair counts once, where the first row comes before the second. Else `rows` are the new ones, and
 *   lists of other new rows get their pairs when it is their turn
 */
function take(
  lists: KnnGraph,
  floors: Float32Array,
  { dots, along, across }: Products,
  rows: Int32Array,
  left: number,
  isNew: Uint8Array | null,
): void {
  const columns = dots.length / rows.length;
  const segments = along.length / rows.length;
  for (let top = 0, place = 0; top < rows.length; top += SEGMENT) {
    const end = Math.min(rows.length, top + SEGMENT);
    for (let j = 0; j < columns; j++, place++) {
      const other = left + j;
      if (across[place]! <= floors[other]! || isNew?.[other] === 1) continue;
      for (let i = top; i < end; i++) {
        const dot = dots[i * columns + j]!;
        if (dot > floors[other]! && (isNew !== null || rows[i]! < other))
          keep(lists, floors, other, rows[i]!, dot);
      }
    }
  }
  for (let i = 0, place = 0; i < rows.length; i++) {
    const row = rows[i]!;
    for (let segment = 0; segment < segments; segment++, place++) {
      if (along[place]! <= floors[row]!) continue;
      const end = Math.min(columns, (segment + 1) * SEGMENT);
      for (let j = segment * SEGMENT; j < end; j++) {
        const dot = dots[i * columns + j]!;
        const other = left + j;
        if (dot > floors[row]! && (isNew === null ? row < other : row !== other))
          keep(lists, floors, row, other, dot);
      }
    }
  }
}

/** Inserts a face into a list, and drops the last one. */
function keep(
  { count, rows, dots }: KnnGraph,
  floors: Float32Array,
  row: number,
  other: number,
  dot: number,
): void {
  const start = row * count;
  insertRanked(rows, dots, start, start + count - 1, other, dot);
  floors[row] = dots[start + count - 1]!;
}

/**
 * The graph of some rows, which are numbered by their places in `chosen`. Neighbours outside become −1, with their
 * dots.
 */
export function subgraphOf({ count, rows, dots }: KnnGraph, chosen: Int32Array): KnnGraph {
  const place = new Int32Array(rows.length / count).fill(-1);
  chosen.forEach((row, at) => {
    place[row] = at;
  });
  const lists = emptyGraph(chosen.length, count);
  chosen.forEach((row, at) => {
    for (let from = row * count, to = at * count; from < (row + 1) * count; from++, to++) {
      lists.rows[to] = rows[from]! < 0 ? -1 : place[rows[from]!]!;
      lists.dots[to] = dots[from]!;
    }
  });
  return lists;
}

/** A graph of n faces without neighbours. */
export function emptyGraph(n: number, count = GRAPH_DEGREE): KnnGraph {
  const rows = new Int32Array(n * count).fill(-1);
  return { count, rows, dots: new Float32Array(n * count).fill(-2) };
}
