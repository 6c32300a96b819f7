import { GRAPH_DEGREE } from './constants.ts';
import type { Product, Products } from './product.ts';
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
  if (all) {
    for (let top = 0; top < n; top += BLOCK) {
      for (let left = top; left < n; left += BLOCK) {
        takeBoth(lists, floors, await product(block(top), block(left), size), top, left);
      }
    }
    return lists;
  }
  for (let top = 0; top < added!.length; top += BLOCK) {
    const rows = added!.subarray(top, top + BLOCK);
    const ones = pickRows(vectors, size, rows);
    for (let left = 0; left < n; left += BLOCK) {
      takeNew(lists, floors, await product(ones, block(left), size), rows, left, known!.isNew);
    }
  }
  return lists;
}

// The following functions run some ten thousand million times: plain loops, outside of the asynchronous function.

/** Adds a block of products to the lists of the rows from `top` on and of the rows from `left` on. */
function takeBoth(
  lists: KnnGraph,
  floors: Float32Array,
  { dots, most }: Products,
  top: number,
  left: number,
): void {
  const rows = most.length;
  const columns = dots.length / rows;
  for (let i = 0, line = 0; i < rows; i++, line += columns) {
    const first = left === top ? i + 1 : 0;
    const row = top + i;
    if (most[i]! > floors[row]!) {
      for (let j = first; j < columns; j++) {
        if (dots[line + j]! > floors[row]!) keep(lists, floors, row, left + j, dots[line + j]!);
      }
    }
    for (let j = first; j < columns; j++) {
      if (dots[line + j]! > floors[left + j]!) keep(lists, floors, left + j, row, dots[line + j]!);
    }
  }
}

/** Adds the products of new rows with the rows from `left` on to the lists of the new rows and of the known rows. */
function takeNew(
  lists: KnnGraph,
  floors: Float32Array,
  { dots }: Products,
  rows: Int32Array,
  left: number,
  isNew: Uint8Array,
): void {
  const columns = dots.length / rows.length;
  for (let i = 0, line = 0; i < rows.length; i++, line += columns) {
    const row = rows[i]!;
    for (let j = 0; j < columns; j++) {
      const dot = dots[line + j]!;
      const other = left + j;
      if (dot > floors[row]! && row !== other) keep(lists, floors, row, other, dot);
      if (dot > floors[other]! && isNew[other] === 0) keep(lists, floors, other, row, dot);
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
