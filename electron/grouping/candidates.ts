import type { KnnGraph } from './knn-graph.ts';

/**
 * Lists of groups, one for each group, in a few large arrays: a hundred thousand small ones are more than a collector of
 * garbage can take. With each entry goes the linkage to it, as it was when that group had so many faces.
 */
export class Candidates {
  /** Where each list begins, how long it is, and how long it may become there. */
  readonly begin: Int32Array;
  readonly length: Int32Array;
  readonly #room: Int32Array;
  groups: Int32Array;
  scores: Float64Array;
  sizes: Int32Array;
  #end = 0;

  /** @param n how many lists there may be, all empty */
  constructor(n: number, room: number) {
    this.begin = new Int32Array(n);
    this.length = new Int32Array(n);
    this.#room = new Int32Array(n);
    this.groups = new Int32Array(room);
    this.scores = new Float64Array(room);
    this.sizes = new Int32Array(room);
  }

  /** Makes a list out of those of some rows, of the first `n` rows only. Nothing is known of it yet. */
  gather(list: number, { count, rows }: KnnGraph, of: readonly number[], n: number): void {
    let at = this.#claim(list, of.length * count);
    for (const row of of) {
      for (let place = row * count; place < (row + 1) * count; place++) {
        const other = rows[place]!;
        if (other < 0 || other >= n) continue;
        this.groups[at] = other;
        this.sizes[at++] = 0;
      }
    }
    this.length[list] = at - this.begin[list]!;
  }

  /** Puts other groups in the place of those of a list. Nothing is known of them yet. */
  renew(list: number, groups: Int32Array): void {
    const begin = this.#claim(list, groups.length);
    this.groups.set(groups, begin);
    this.sizes.fill(0, begin, begin + groups.length);
    this.length[list] = groups.length;
  }

  /** Adds groups of which nothing is known yet. */
  add(list: number, groups: Int32Array): void {
    const [from, length] = [this.begin[list]!, this.length[list]!];
    const to = this.#claim(list, length + groups.length);
    if (to !== from) this.#copy(from, to, length);
    this.groups.set(groups, to + length);
    this.sizes.fill(0, to + length, to + length + groups.length);
    this.length[list] = length + groups.length;
  }

  /** All of list `b` goes over to `a`, of which nothing is known then. */
  join(a: number, b: number): void {
    const [one, other] = [this.length[a]!, this.length[b]!];
    const from = this.begin[a]!;
    const to = this.#claim(a, one + other);
    this.groups.copyWithin(to, from, from + one);
    this.groups.copyWithin(to + one, this.begin[b]!, this.begin[b]! + other);
    this.sizes.fill(0, to, to + one + other);
    this.length[a] = one + other;
    this.length[b] = 0;
  }

  /** Makes room for so many entries; what was in the list is still where it was. @returns where it begins now */
  #claim(list: number, length: number): number {
    if (length <= this.#room[list]!) return this.begin[list]!;
    this.begin[list] = this.#end;
    this.#room[list] = length;
    this.#end += length;
    if (this.#end > this.groups.length) this.#grow(2 * this.#end);
    return this.begin[list]!;
  }

  #copy(from: number, to: number, length: number): void {
    for (const all of [this.groups, this.scores, this.sizes]) all.copyWithin(to, from, from + length);
  }

  #grow(room: number): void {
    const { groups, scores, sizes } = this;
    this.groups = new Int32Array(room);
    this.scores = new Float64Array(room);
    this.sizes = new Int32Array(room);
    this.groups.set(groups);
    this.scores.set(scores);
    this.sizes.set(sizes);
  }
}
