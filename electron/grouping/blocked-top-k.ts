import { LINKS_PER_GROUP } from './constants.ts';
import type { Groups } from './groups.ts';
import type { Products } from './product.ts';
import { insertRanked } from './top-k.ts';

/** Groups that look at others, and each keep the nearest of those that they may be merged with. */
export class BlockedTopK {
  readonly from: Int32Array;
  /** Linkage below which nothing is kept: what was asked for, or that of the last one where a list is full. */
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

  /** What a seeker has kept, the nearest first. */
  found(seeker: number): Int32Array {
    return this.#kept.subarray(seeker * LINKS_PER_GROUP, seeker * LINKS_PER_GROUP + this.#counts[seeker]!);
  }

  isFull(seeker: number): boolean {
    return this.#counts[seeker] === LINKS_PER_GROUP;
  }

  /**
   * Lets the seekers from `top` on look at others. A plain loop, for it is done thousands of millions of times.
   *
   * @param products of their means with the others'
   * @param offsets what each seeker takes off
   * @param others rows or groups, and what they take off
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
    for (let i = 0, line = 0; i < most.length; i++, line += columns) {
      const seeker = top + i;
      const off = offsets[seeker]!;
      if (most[i]! - off - lowest < this.floors[seeker]!) continue;
      for (let j = 0; j < columns; j++) {
        const score = dots[line + j]! - off - across[j]!;
        if (score < this.floors[seeker]!) continue;
        const [group, other] = [this.from[seeker]!, groups.owner[others[j]!]!];
        if (other !== group && !groups.forbids(group, other)) this.#keep(seeker, others[j]!, score);
      }
    }
  }

  #keep(seeker: number, other: number, score: number): void {
    const start = seeker * LINKS_PER_GROUP;
    const last = start + Math.min(this.#counts[seeker]!, LINKS_PER_GROUP - 1);
    insertRanked(this.#kept, this.#scores, start, last, other, score);
    if (this.#counts[seeker]! < LINKS_PER_GROUP) this.#counts[seeker]!++;
    if (this.isFull(seeker)) this.floors[seeker] = this.#scores[start + LINKS_PER_GROUP - 1]!;
  }
}
