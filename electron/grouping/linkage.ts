import type { OffsetRows } from './similarity.ts';

/**
 * How alike two groups are on average: the average dot product of their faces is the dot product of their sums over the
 * product of their sizes, so that no pair of faces is ever looked at. A row counts as often as it stands for faces. Groups
 * go by the row that they began with.
 */
export class Linkage {
  /** Faces of each group. */
  readonly count: Int32Array;
  readonly #vectors: Float32Array;
  readonly #size: number;
  readonly #faces: Int32Array;
  /** What the faces of each group take off their similarities, together. */
  readonly #taken: Float64Array;
  /** Sums of groups of two or more, packed; where each group's begins, −1: it is a single face. */
  #sums: Float32Array;
  readonly #begin: Int32Array;
  /** Where a sum may be put. */
  readonly #free: number[] = [];
  #end = 0;

  /** @param owner the row that each row's group goes by, which is the first of them */
  constructor({ vectors, offsets, faces }: OffsetRows, size: number, owner: Int32Array) {
    const n = offsets.length;
    this.#vectors = vectors;
    this.#size = size;
    this.#faces = faces ?? new Int32Array(n).fill(1);
    this.count = new Int32Array(n);
    this.#taken = new Float64Array(n);
    this.#sums = new Float32Array(Math.ceil(n / 8) * size);
    this.#begin = new Int32Array(n).fill(-1);
    for (let row = 0; row < n; row++) {
      const group = owner[row]!;
      const many = this.#faces[row]!;
      this.#taken[group]! += many * offsets[row]!;
      // A group goes by the first of its rows.
      if (row !== group) this.#add(group, vectors, row * size, many);
      this.count[group]! += many;
    }
  }

  /** Average of `dot − offset − offset` between two groups. */
  between(one: number, other: number): number {
    // Always in the same order, so that it is the same to the last bit from either side.
    const [a, b] = one < other ? [one, other] : [other, one];
    const [left, right] = [this.#numbers(a), this.#numbers(b)];
    let [p, q] = [this.#place(a), this.#place(b)];
    let dot = 0;
    for (let i = 0; i < this.#size; i++) dot += left[p++]! * right[q++]!;
    return dot / (this.#summed(a) * this.#summed(b)) - this.offset(a) - this.offset(b);
  }

  /** What a group takes off its similarities. */
  offset(group: number): number {
    return this.#taken[group]! / this.count[group]!;
  }

  /** Writes a group's mean vector. */
  writeMean(group: number, into: Float32Array, at: number): void {
    const numbers = this.#numbers(group);
    const from = this.#place(group);
    const share = 1 / this.#summed(group);
    for (let i = 0; i < this.#size; i++) into[at + i] = numbers[from + i]! * share;
  }

  /** All of `b` is counted to `a`. */
  join(a: number, b: number): void {
    this.#add(a, this.#numbers(b), this.#place(b), this.#begin[b]! < 0 ? this.#faces[b]! : 1);
    if (this.#begin[b]! >= 0) this.#free.push(this.#begin[b]!);
    this.#begin[b] = -1;
    this.#taken[a]! += this.#taken[b]!;
    this.count[a]! += this.count[b]!;
  }

  /** How many vectors are summed up in a group's numbers. */
  #summed(group: number): number {
    return this.#begin[group]! < 0 ? 1 : this.count[group]!;
  }

  #numbers(group: number): Float32Array {
    return this.#begin[group]! < 0 ? this.#vectors : this.#sums;
  }

  #place(group: number): number {
    return this.#begin[group]! < 0 ? group * this.#size : this.#begin[group]!;
  }

  #add(group: number, from: Float32Array, at: number, times: number): void {
    const size = this.#size;
    if (this.#begin[group]! < 0) {
      const begin = this.#room();
      // What is added may lie in the array that has just been outgrown: it is still there.
      const own = this.#faces[group]!;
      for (let i = 0; i < size; i++) this.#sums[begin + i] = own * this.#vectors[group * size + i]!;
      this.#begin[group] = begin;
    }
    const begin = this.#begin[group]!;
    for (let i = 0; i < size; i++) this.#sums[begin + i]! += times * from[at + i]!;
  }

  #room(): number {
    const free = this.#free.pop();
    if (free !== undefined) return free;
    const begin = this.#end;
    this.#end += this.#size;
    if (this.#end > this.#sums.length) {
      const more = new Float32Array(2 * this.#sums.length + this.#size);
      more.set(this.#sums);
      this.#sums = more;
    }
    return begin;
  }
}
