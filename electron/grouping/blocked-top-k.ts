import { LINKS_PER_GROUP } from './constants.ts';
import type { Groups } from './groups.ts';
import type { Products } from './product.ts';
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
    { dots, most }: Products,
    top: number,
    offsets: Float64Array,
    others: Int32Array,
    across: Float64Array,
    groups: Groups,
  ): void {
    const columns = others.length;
    let lowest = Number.POSITIVE_INFINITY;
    for (let j = 0; j < columns; j++) lowest = Math.min(lowest, across[j]!);
    for (let row = 0, line = 0; row < most.length; row++, line += columns) {
      const i = top + row;
      const off = offsets[i]!;
      if (most[row]! - off - lowest < this.floors[i]!) continue;
      for (let j = 0; j < columns; j++) {
        const score = dots[line + j]! - off - across[j]!;
        if (score < this.floors[i]!) continue;
        const [cluster, other] = [this.from[i]!, groups.owner[others[j]!]!];
        if (other !== cluster && !groups.forbids(cluster, other)) this.#keep(i, others[j]!, score);
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
