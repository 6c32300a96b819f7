import type { Rows } from './similarity.ts';

/**
 * How alike two groups are on average: the average dot product of their faces is the dot product of their sums over
 * the product of their sizes, so that no pair of faces is ever looked at. Groups go by the row that they began with.
 */
export class Linkage {
  readonly count: Int32Array;
  readonly #vectors: Float32Array;
  readonly #size: number;
  /** What the faces of each group take off their similarities, together. */
  readonly #taken: Float64Array;
  /** Sum of each group of two or more. */
  readonly #sums = new Map<number, Float32Array>();

  /** @param owner the row that each row's group goes by */
  constructor({ vectors, offsets }: Rows, size: number, owner: Int32Array) {
    this.#vectors = vectors;
    this.#size = size;
    this.count = new Int32Array(offsets.length);
    this.#taken = new Float64Array(offsets.length);
    for (let row = 0; row < offsets.length; row++) {
      const group = owner[row]!;
      this.#taken[group]! += offsets[row]!;
      if (this.count[group]!++ > 0) this.#add(group, this.#one(row));
      else if (group !== row) this.#sums.set(group, this.#one(row).slice());
    }
  }

  /** Average of `dot − offset − offset` between two groups. */
  between(one: number, other: number): number {
    // Always in the same order, so that it is the same to the last bit from either side.
    const [a, b] = one < other ? [one, other] : [other, one];
    const [left, right] = [this.#sum(a), this.#sum(b)];
    let dot = 0;
    for (let i = 0; i < this.#size; i++) dot += left[i]! * right[i]!;
    return dot / (this.count[a]! * this.count[b]!) - this.offset(a) - this.offset(b);
  }

  /** What a group takes off its similarities. */
  offset(group: number): number {
    return this.#taken[group]! / this.count[group]!;
  }

  /** Writes a group's mean vector. */
  writeMean(group: number, into: Float32Array, at: number): void {
    const sum = this.#sum(group);
    const share = 1 / this.count[group]!;
    for (let i = 0; i < this.#size; i++) into[at + i] = sum[i]! * share;
  }

  /** All of `b` is counted to `a`. */
  join(a: number, b: number): void {
    this.#add(a, this.#sum(b));
    this.#sums.delete(b);
    this.#taken[a]! += this.#taken[b]!;
    this.count[a]! += this.count[b]!;
  }

  #sum(group: number): Float32Array {
    return this.#sums.get(group) ?? this.#one(group);
  }

  #one(row: number): Float32Array {
    return this.#vectors.subarray(row * this.#size, (row + 1) * this.#size);
  }

  #add(group: number, more: Float32Array): void {
    const sum = this.#sums.get(group) ?? this.#one(group).slice();
    for (let i = 0; i < this.#size; i++) sum[i]! += more[i]!;
    this.#sums.set(group, sum);
  }
}
