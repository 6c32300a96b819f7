import { BlockedTopK } from './blocked-top-k.ts';
import { Candidates } from './candidates.ts';
import type { Groups } from './groups.ts';
import type { KnnGraph } from './knn-graph.ts';
import type { Linkage } from './linkage.ts';
import type { Product } from './product.ts';
import type { OffsetRows } from './similarity.ts';

/** Groups that are looked from, and at, at once. */
const BLOCK = 512;

/** What single precision may take off a linkage. Lists hold a little more for it; what counts is looked at again. */
const ROUNDING = 1e-6;

/** Share of the faces, those that take the least off their similarities, that every group looks at to begin with. */
const LOW = 0.05;

interface ReachOptions {
  rows: OffsetRows;
  nearest: KnnGraph;
  size: number;
  bound: number;
  groups: Groups;
  linkage: Linkage;
  product: Product;
}

/**
 * Which groups may be nearest to which. Each group has a list, and a bound on its linkage to whatever is not in it. A
 * group that grows takes the other's list over; the bound is then the average of both, as linkage itself is.
 */
export class CandidatePruning {
  readonly #options: ReachOptions;
  readonly #owner: Int32Array;
  readonly #lists: Candidates;
  /** No group that is not in the list is nearer than this; just below the bound where it does not matter any more. */
  readonly #beyond: Float64Array;
  /** Below every linkage that counts. */
  readonly #nothing: number;
  /** 1 for a group that no other reaches the bound with: then none ever will. */
  readonly #alone: Uint8Array;
  /** For whom each group was last met: lists hold some more than once. */
  readonly #met: Int32Array;
  #meeting = 0;
  /** Groups that may still be somebody's nearest; some that are not there any more may be among them. */
  #all: Int32Array;
  readonly #block: OffsetRows;

  private constructor(options: ReachOptions) {
    const { rows, nearest, bound, groups } = options;
    const n = rows.offsets.length;
    this.#options = options;
    this.#owner = groups.owner.subarray(0, n);
    this.#nothing = bound - 1e-9;
    this.#alone = new Uint8Array(n);
    this.#met = new Int32Array(n).fill(-1);
    this.#lists = new Candidates(n, n * nearest.count);
    this.#beyond = new Float64Array(n);
    this.#all = new Int32Array();
    const { size } = options;
    this.#block = { vectors: new Float32Array(BLOCK * size), offsets: new Float64Array(BLOCK) };
  }

  /** Begins with the lists of each group's faces. */
  static async begin(options: ReachOptions): Promise<CandidatePruning> {
    const reach = new CandidatePruning(options);
    await reach.#begin();
    return reach;
  }

  async #begin(): Promise<void> {
    const { rows, nearest, linkage } = this.#options;
    const n = rows.offsets.length;
    const members = Map.groupBy(this.#owner.keys(), (row) => this.#owner[row]!);
    this.#all = Int32Array.from(members.keys());
    // A face beyond the lists is no more similar than their ends are, and takes off as little as it takes off: those
    // that take the least are looked at, all others take more.
    const sorted = rows.offsets.toSorted();
    const least = sorted[Math.min(n - 1, Math.floor(LOW * n))] ?? 0;
    for (const [group, of] of members) {
      this.#lists.gather(group, nearest, of, n);
      let ends = 0;
      for (const row of of) ends += (rows.faces?.[row] ?? 1) * nearest.dots[(row + 1) * nearest.count - 1]!;
      const beyond = ends / linkage.count[group]! - linkage.offset(group) - least;
      this.#beyond[group] = Math.max(this.#nothing, beyond);
    }
    const low = Int32Array.from(rows.offsets.keys()).filter((row) => rows.offsets[row]! < least);
    const open = this.#all.filter((group) => this.#beyond[group]! > this.#nothing);
    if (low.length > 0 && open.length > 0) await this.#lookAtLow(open, low);
  }

  /** All groups that there are, in order. */
  groups(): number[] {
    const groups: number[] = [];
    for (let row = 0; row < this.#owner.length; row++) if (this.#owner[row] === row) groups.push(row);
    return groups;
  }

  /** The nearest group of each of these that reaches the bound and that it may be merged with; −1: none. */
  async nearestOf(groups: readonly number[]): Promise<[group: number, nearest: number][]> {
    const found = groups.map((group): [number, number | null] => [group, this.#nearest(group)]);
    const open = Int32Array.from(found.flatMap(([group, nearest]) => (nearest === null ? [group] : [])));
    if (open.length > 0) await this.#lookAtAll(open);
    return found.map(([group, nearest]) => {
      const labelled = nearest ?? this.#nearest(group, true)!;
      if (labelled < 0) this.#alone[group] = 1;
      return [group, labelled];
    });
  }

  /** `b` has gone over to `a`, in the linkage too. */
  join(a: number, b: number): void {
    const { count } = this.#options.linkage;
    const grown = count[b]! / count[a]!;
    this.#beyond[a] = (1 - grown) * this.#beyond[a]! + grown * this.#beyond[b]!;
    this.#lists.join(a, b);
  }

  /** @returns null where it may be one that is not in the list, unless `sure` says that it is not */
  #nearest(group: number, sure = false): number | null {
    const { groups: made, linkage, bound } = this.#options;
    const { begin, length, groups, scores, sizes } = this.#lists;
    const from = begin[group]!;
    const end = from + length[group]!;
    const meeting = this.#meeting++;
    let to = from;
    let best = this.#nothing;
    let nearest = -1;
    for (let at = from; at < end; at++) {
      const listed = groups[at]!;
      const other = this.#owner[listed]!;
      if (other === group || this.#met[other] === meeting) continue;
      this.#met[other] = meeting;
      if (this.#alone[other] || made.areApart(group, other)) continue;
      const isKnown = other === listed && sizes[at] === linkage.count[other];
      const score = isKnown ? scores[at]! : linkage.between(group, other);
      if (score < bound) continue;
      if (score > best || (score === best && other < nearest)) {
        if (made.forbids(group, other)) continue;
        best = score;
        nearest = other;
      }
      groups[to] = other;
      scores[to] = score;
      sizes[to++] = linkage.count[other]!;
    }
    length[group] = to - from;
    return sure || best >= this.#beyond[group]! ? nearest : null;
  }

  /** Makes the lists of some groups anew, out of all groups. */
  async #lookAtAll(open: Int32Array): Promise<void> {
    const { bound } = this.#options;
    this.#all = this.#all.filter((group) => this.#owner[group] === group && !this.#alone[group]);
    const seekers = new BlockedTopK(open, new Float32Array(open.length).fill(bound - ROUNDING));
    await this.#look(seekers, this.#all, (groups) => this.#means(groups));
    open.forEach((group, i) => {
      this.#lists.renew(group, seekers.found(i));
      this.#beyond[group] = seekers.isFull(i) ? seekers.floors[i]! : this.#nothing;
    });
  }

  /** Adds to the lists the faces of some that are nearer than what they leave out may be. */
  async #lookAtLow(open: Int32Array, low: Int32Array): Promise<void> {
    for (let top = 0; top < open.length; top += BLOCK) {
      const from = open.subarray(top, top + BLOCK);
      const seekers = new BlockedTopK(
        from,
        Float32Array.from(from, (group) => this.#beyond[group]!),
      );
      await this.#look(seekers, low, (faces) => this.#faces(faces));
      from.forEach((group, i) => {
        this.#lists.add(group, seekers.found(i));
        this.#beyond[group] = Math.max(this.#beyond[group]!, seekers.floors[i]!);
      });
    }
  }

  async #look(seekers: BlockedTopK, at: Int32Array, read: (others: Int32Array) => OffsetRows): Promise<void> {
    const { size, product, groups } = this.#options;
    const { from } = seekers;
    const room = { vectors: new Float32Array(from.length * size), offsets: new Float64Array(from.length) };
    const ones = this.#means(from, room);
    for (let left = 0; left < at.length; left += BLOCK) {
      const others = at.subarray(left, left + BLOCK);
      const { vectors, offsets } = read(others);
      for (let top = 0; top < from.length; top += BLOCK) {
        const down = ones.vectors.subarray(top * size, Math.min(from.length, top + BLOCK) * size);
        seekers.take(await product(down, vectors, size), top, ones.offsets, others, offsets, groups);
      }
    }
  }

  #faces(rows: Int32Array): OffsetRows {
    const { size, rows: all } = this.#options;
    const { vectors, offsets } = this.#room(rows.length);
    for (let at = 0; at < rows.length; at++) {
      const from = rows[at]! * size;
      for (let i = 0; i < size; i++) vectors[at * size + i] = all.vectors[from + i]!;
      offsets[at] = all.offsets[rows[at]!]!;
    }
    return { vectors, offsets };
  }

  #means(of: Int32Array, { vectors, offsets } = this.#room(of.length)): OffsetRows {
    const { size, linkage } = this.#options;
    for (let at = 0; at < of.length; at++) {
      linkage.writeMean(of[at]!, vectors, at * size);
      offsets[at] = linkage.offset(of[at]!);
    }
    return { vectors, offsets };
  }

  /** For the rows of a block, the same each time. */
  #room(rows: number): OffsetRows {
    const { vectors, offsets } = this.#block;
    return { vectors: vectors.subarray(0, rows * this.#options.size), offsets: offsets.subarray(0, rows) };
  }
}
