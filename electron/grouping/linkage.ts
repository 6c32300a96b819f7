import type { OffsetRows } from './similarity.ts';

/**
 * Average linkage of clusters. The average dot product of the faces of two clusters is the dot product of the clusters'
 * sums, divided by the product of their sizes; so no pair of faces is compared. A row counts as many times as it stands
 * for faces. A cluster's id is the lowest of its rows.
 */
export class Linkage {
  /** Number of faces in each cluster. */
  readonly count: Int32Array;
  readonly #vectors: Float32Array;
  readonly #size: number;
  readonly #faces: Int32Array;
  /** Sum of the normalisation offsets of each cluster's faces. */
  readonly #offsetSums: Float64Array;
  /** Sums of the vectors of clusters with two or more rows, packed. */
  #sums: Float32Array;
  /** Where each cluster's sum begins in `#sums`; −1: the cluster is a single row. */
  readonly #begin: Int32Array;
  /** Places in `#sums` that are free again. */
  readonly #free: number[] = [];
  #end = 0;

  /** @param owner id of each row's cluster */
  constructor({ vectors, offsets, faces }: OffsetRows, size: number, owner: Int32Array) {
    const n = offsets.length;
    this.#vectors = vectors;
    this.#size = size;
    this.#faces = faces ?? new Int32Array(n).fill(1);
    this.count = new Int32Array(n);
    this.#offsetSums = new Float64Array(n);
    this.#sums = new Float32Array(Math.ceil(n / 8) * size);
    this.#begin = new Int32Array(n).fill(-1);
    for (let row = 0; row < n; row++) {
      const cluster = owner[row]!;
      const many = this.#faces[row]!;
      this.#offsetSums[cluster]! += many * offsets[row]!;
      // The first row of a cluster stays where it is until a second one is added.
      if (row !== cluster) this.#add(cluster, vectors, row * size, many);
      this.count[cluster]! += many;
    }
  }

  /** Average of `dot − offset − offset` between two clusters. */
  between(one: number, other: number): number {
    // Always in the same order, so that the result is the same to the last bit whichever comes first.
    const [a, b] = one < other ? [one, other] : [other, one];
    const [left, right] = [this.#numbers(a), this.#numbers(b)];
    let [p, q] = [this.#place(a), this.#place(b)];
    let dot = 0;
    for (let i = 0; i < this.#size; i++) dot += left[p++]! * right[q++]!;
    return dot / (this.#summed(a) * this.#summed(b)) - this.offset(a) - this.offset(b);
  }

  /** Mean normalisation offset of a cluster. */
  offset(cluster: number): number {
    return this.#offsetSums[cluster]! / this.count[cluster]!;
  }

  /** Writes a cluster's mean vector. */
  writeMean(cluster: number, into: Float32Array, at: number): void {
    const numbers = this.#numbers(cluster);
    const from = this.#place(cluster);
    const share = 1 / this.#summed(cluster);
    for (let i = 0; i < this.#size; i++) into[at + i] = numbers[from + i]! * share;
  }

  /** Merges `b` into `a`. */
  join(a: number, b: number): void {
    this.#add(a, this.#numbers(b), this.#place(b), this.#begin[b]! < 0 ? this.#faces[b]! : 1);
    if (this.#begin[b]! >= 0) this.#free.push(this.#begin[b]!);
    this.#begin[b] = -1;
    this.#offsetSums[a]! += this.#offsetSums[b]!;
    this.count[a]! += this.count[b]!;
  }

  /** How many vectors are added up in a cluster's numbers. */
  #summed(cluster: number): number {
    return this.#begin[cluster]! < 0 ? 1 : this.count[cluster]!;
  }

  /** The array that has a cluster's sum, or its only vector. */
  #numbers(cluster: number): Float32Array {
    return this.#begin[cluster]! < 0 ? this.#vectors : this.#sums;
  }

  /** Where that sum or vector begins. */
  #place(cluster: number): number {
    return this.#begin[cluster]! < 0 ? cluster * this.#size : this.#begin[cluster]!;
  }

  #add(cluster: number, from: Float32Array, at: number, times: number): void {
    const size = this.#size;
    if (this.#begin[cluster]! < 0) {
      const begin = this.#room();
      // `from` may be the array that #room has just replaced: its numbers still hold.
      const own = this.#faces[cluster]!;
      for (let i = 0; i < size; i++) this.#sums[begin + i] = own * this.#vectors[cluster * size + i]!;
      this.#begin[cluster] = begin;
    }
    const begin = this.#begin[cluster]!;
    for (let i = 0; i < size; i++) this.#sums[begin + i]! += times * from[at + i]!;
  }

  /** Finds a place for a sum. */
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
