import { LINKS_PER_GROUP } from './constants.ts';
import type { Groups } from './groups.ts';
import { type Products, SEGMENT } from './product.ts';
import { insertRanked } from './top-k.ts';

/** Top-k search of clusters for their nearest others that they may be merged with, one block of products at a time. */
export class BlockedTopK {
  /** The searching clusters. All arguments `i` are places in this array. */
  readonly from: Int32Array;
  /** Linkage below which nothing is kept: the given one, or that of the last entry where a list is full. */
  readonly floors: Float32Array;
  readonly #kept: Int32Array;
  readonly #scores: Float32Array;
  readonly #counts: Int32Array;

  constructor(from: Int32Array, floors: Float32Array) {
    this.from = from;
    this.floors = floors;
    this.#kept = new Int32Array(from.length * LINKS_PER_GROUP);
    this.#scores = new Float32Array(from.length * LINKS_PER_GROUP);
    this.#counts = new Int32Array(from.length);
  }

  /** The nearest that cluster `i` has found, the nearest first. */
  found(i: number): Int32Array {
    return this.#kept.subarray(i * LINKS_PER_GROUP, i * LINKS_PER_GROUP + this.#counts[i]!);
  }

  isFull(i: number): boolean {
    return this.#counts[i] === LINKS_PER_GROUP;
  }

  /**
   * Compares the clusters from place `top` on with others. A plain loop, since it runs thousands of millions of times.
   *
   * @param products of the mean vectors of both
   * @param offsets normalisation offset of each searching cluster
   * @param others rows or clusters
   * @param across normalisation offset of each of `others`
   */
  take(
    { dots, along }: Products,
    top: number,
    offsets: Float64Array,
    others: Int32Array,
    across: Float64Array,
    groups: Groups,
  ): void {
    const columns = others.length;
    const segments = Math.ceil(columns / SEGMENT);
    const lowest = new Float64Array(segments).fill(Number.POSITIVE_INFINITY);
    for (let j = 0; j < columns; j++) {
      const segment = Math.floor(j / SEGMENT);
      lowest[segment] = Math.min(lowest[segment]!, across[j]!);
    }
    for (let at = 0; at < along.length; at++) {
      const row = Math.floor(at / segments);
      const segment = at - row * segments;
      const i = top + row;
      const off = offsets[i]!;
      let floor = this.floors[i]!;
      if (along[at]! - off - lowest[segment]! < floor) continue;
      const end = Math.min(columns, (segment + 1) * SEGMENT);
      for (let j = segment * SEGMENT; j < end; j++) {
        const score = dots[row * columns + j]! - off - across[j]!;
        if (score < floor) continue;
        const cluster = this.from[i]!;
        const other = groups.owner[others[j]!]!;
        if (other === cluster || groups.forbids(cluster, other)) continue;
        this.#keep(i, others[j]!, score);
        floor = this.floors[i]!;
      }
    }
  }

  #keep(i: number, other: number, score: number): void {
    const start = i * LINKS_PER_GROUP;
    const last = start + Math.min(this.#counts[i]!, LINKS_PER_GROUP - 1);
    insertRanked(this.#kept, this.#scores, start, last, other, score);
    if (this.#counts[i]! < LINKS_PER_GROUP) this.#counts[i]!++;
    if (this.isFull(i)) this.floors[i] = this.#scores[start + LINKS_PER_GROUP - 1]!;
  }
}
