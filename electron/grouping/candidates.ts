import type { KnnGraph } from './knn-graph.ts';

/**
 * Candidate lists: for each cluster, other clusters that may be its nearest. They are parts of a few large arrays,
 * since a hundred thousand small ones slow down garbage collection. Each entry has the linkage to that cluster and the
 * cluster's size when it was computed; it holds while the size is the same. Size 0: not computed yet.
 */
export class Candidates {
  /** Where each list begins, and how long it is. */
  readonly begin: Int32Array;
  readonly length: Int32Array;
  /** How long each list can become before it must move. */
  readonly #room: Int32Array;
  clusters: Int32Array;
  scores: Float64Array;
  sizes: Int32Array;
  #end = 0;

  /** @param n number of lists, all empty @param room number of entries, which grows when needed */
  constructor(n: number, room: number) {
    this.begin = new Int32Array(n);
    this.length = new Int32Array(n);
    this.#room = new Int32Array(n);
    this.clusters = new Int32Array(room);
    this.scores = new Float64Array(room);
    this.sizes = new Int32Array(room);
  }

  /** Fills a list with the neighbours of the rows `of` that are among the first `n` rows. */
  fill(list: number, { count, rows }: KnnGraph, of: readonly number[], n: number): void {
    let at = this.#claim(list, of.length * count);
    for (const row of of) {
      for (let place = row * count; place < (row + 1) * count; place++) {
        const other = rows[place]!;
        if (other < 0 || other >= n) continue;
        this.clusters[at] = other;
        this.sizes[at++] = 0;
      }
    }
    this.length[list] = at - this.begin[list]!;
  }

  /** Replaces the entries of a list. */
  replace(list: number, clusters: Int32Array): void {
    const begin = this.#claim(list, clusters.length);
    this.clusters.set(clusters, begin);
    this.sizes.fill(0, begin, begin + clusters.length);
    this.length[list] = clusters.length;
  }

  /** Adds entries to a list. */
  add(list: number, clusters: Int32Array): void {
    const [from, length] = [this.begin[list]!, this.length[list]!];
    const to = this.#claim(list, length + clusters.length);
    if (to !== from) this.#copy(from, to, length);
    this.clusters.set(clusters, to + length);
    this.sizes.fill(0, to + length, to + length + clusters.length);
    this.length[list] = length + clusters.length;
  }

  /** Moves all entries of list `b` to list `a`; the linkages of both are to be computed again. */
  join(a: number, b: number): void {
    const [one, other] = [this.length[a]!, this.length[b]!];
    const from = this.begin[a]!;
    const to = this.#claim(a, one + other);
    this.clusters.copyWithin(to, from, from + one);
    this.clusters.copyWithin(to + one, this.begin[b]!, this.begin[b]! + other);
    this.sizes.fill(0, to, to + one + other);
    this.length[a] = one + other;
    this.length[b] = 0;
  }

  /** Makes room for so many entries, without copying the list. @returns where the list begins now */
  #claim(list: number, length: number): number {
    if (length <= this.#room[list]!) return this.begin[list]!;
    this.begin[list] = this.#end;
    this.#room[list] = length;
    this.#end += length;
    if (this.#end > this.clusters.length) this.#grow(2 * this.#end);
    return this.begin[list]!;
  }

  #copy(from: number, to: number, length: number): void {
    for (const all of [this.clusters, this.scores, this.sizes]) all.copyWithin(to, from, from + length);
  }

  #grow(room: number): void {
    const { clusters, scores, sizes } = this;
    this.clusters = new Int32Array(room);
    this.scores = new Float64Array(room);
    this.sizes = new Int32Array(room);
    this.clusters.set(clusters);
    this.scores.set(scores);
    this.sizes.set(sizes);
  }
}
