import { BlockedTopK } from './blocked-top-k.ts';
import { Candidates } from './candidates.ts';
import type { Groups } from './groups.ts';
import type { KnnGraph } from './knn-graph.ts';
import type { Linkage } from './linkage.ts';
import type { Product } from './product.ts';
import type { OffsetRows } from './similarity.ts';

/**
 * Clusters that are multiplied at once. Source: bound; speed only: a megabyte of products fits a core's second cache.
 */
const BLOCK = 512;

/**
 * How much single precision may lower a linkage. A search keeps clusters down to this much below the bound, and
 * {@link Linkage.between} decides. Source: bound; the rounding of a dot product of unit vectors.
 */
const ROUNDING = 1e-6;

/**
 * Share of the faces, those with the lowest offsets, that clusters are compared with at the beginning; it makes the
 * bounds tighter. Source: bound; speed only.
 */
const LOW_OFFSET_SHARE = 0.05;

interface PruningOptions {
  rows: OffsetRows;
  nearest: KnnGraph;
  size: number;
  bound: number;
  groups: Groups;
  linkage: Linkage;
  product: Product;
}

/**
 * Finds the nearest cluster of each cluster without comparing all. Each cluster has a list of candidates, and an upper
 * bound on its linkage to any cluster that is not in the list. Only where the list has nothing above that bound are all
 * clusters compared. When two clusters merge, their lists are joined, and the bound is the mean of both weighted by
 * size, as average linkage itself is.
 */
export class CandidatePruning {
  readonly #options: PruningOptions;
  readonly #owner: Int32Array;
  readonly #lists: Candidates;
  /** Upper bound on each cluster's linkage to clusters that are not in its list; at least {@link #belowBound}. */
  readonly #beyond: Float64Array;
  /** Just below the bound of the clustering: no linkage that counts is lower. */
  readonly #belowBound: number;
  /** 1 for a cluster that reaches the bound with no other: merges bring none nearer, so it never will. */
  readonly #isFinal: Uint8Array;
  /** The search in which each cluster was last seen: a list may hold a cluster more than once. */
  readonly #seenIn: Int32Array;
  #searches = 0;
  /** Clusters that may still be merged. Some of them may have been merged already. */
  #all: Int32Array;
  /** Scratch memory for the rows of one block. */
  readonly #block: OffsetRows;

  private constructor(options: PruningOptions) {
    const { rows, nearest, bound, groups } = options;
    const n = rows.offsets.length;
    this.#options = options;
    this.#owner = groups.owner.subarray(0, n);
    this.#belowBound = bound - 1e-9;
    this.#isFinal = new Uint8Array(n);
    this.#seenIn = new Int32Array(n).fill(-1);
    this.#lists = new Candidates(n, n * nearest.count);
    this.#beyond = new Float64Array(n);
    this.#all = new Int32Array();
    const { size } = options;
    this.#block = { vectors: new Float32Array(BLOCK * size), offsets: new Float64Array(BLOCK) };
  }

  /** Begins with a list for each cluster: the nearest neighbours of its faces. */
  static async begin(options: PruningOptions): Promise<CandidatePruning> {
    const pruning = new CandidatePruning(options);
    await pruning.#begin();
    return pruning;
  }

  async #begin(): Promise<void> {
    const { rows, nearest, linkage } = this.#options;
    const n = rows.offsets.length;
    const members = Map.groupBy(this.#owner.keys(), (row) => this.#owner[row]!);
    this.#all = Int32Array.from(members.keys());
    // The dot product of a face that is not in a list is at most that of the list's last entry. The face's offset is
    // subtracted from it: faces with an offset below `least` are compared one by one, all others have at least that
    // offset.
    const sorted = rows.offsets.toSorted();
    const least = sorted[Math.min(n - 1, Math.floor(LOW_OFFSET_SHARE * n))] ?? 0;
    for (const [cluster, of] of members) {
      this.#lists.fill(cluster, nearest, of, n);
      let ends = 0;
      for (const row of of) ends += (rows.faces?.[row] ?? 1) * nearest.dots[(row + 1) * nearest.count - 1]!;
      const beyond = ends / linkage.count[cluster]! - linkage.offset(cluster) - least;
      this.#beyond[cluster] = Math.max(this.#belowBound, beyond);
    }
    const low = Int32Array.from(rows.offsets.keys()).filter((row) => rows.offsets[row]! < least);
    const open = this.#all.filter((cluster) => this.#beyond[cluster]! > this.#belowBound);
    if (low.length > 0 && open.length > 0) await this.#compareWithLow(open, low);
  }

  /** All clusters, in ascending order. */
  clusters(): number[] {
    return [...this.#owner.keys()].filter((row) => this.#owner[row] === row);
  }

  /** The nearest cluster of each that reaches the bound and that it may be merged with; −1: none. */
  async nearestOf(clusters: readonly number[]): Promise<[cluster: number, nearest: number][]> {
    const found = clusters.map((cluster): [number, number | null] => [cluster, this.#nearest(cluster)]);
    const open = Int32Array.from(found.flatMap(([cluster, nearest]) => (nearest === null ? [cluster] : [])));
    if (open.length > 0) await this.#compareWithAll(open);
    return found.map(([cluster, listed]) => {
      const nearest = listed ?? this.#nearest(cluster, true)!;
      if (nearest < 0) this.#isFinal[cluster] = 1;
      return [cluster, nearest];
    });
  }

  /** Joins the lists of `a` and `b`, after `b` has been merged into `a` in the linkage. */
  join(a: number, b: number): void {
    const { count } = this.#options.linkage;
    const grown = count[b]! / count[a]!;
    this.#beyond[a] = (1 - grown) * this.#beyond[a]! + grown * this.#beyond[b]!;
    this.#lists.join(a, b);
  }

  /**
   * The nearest cluster in the list; drops from the list what no longer counts.
   *
   * @param isComplete whether the list is known to have the nearest cluster
   * @returns −1: none; null where a cluster that is not in the list may be nearer
   */
  #nearest(cluster: number, isComplete = false): number | null {
    const { groups, linkage, bound } = this.#options;
    const { begin, length, clusters, scores, sizes } = this.#lists;
    const from = begin[cluster]!;
    const end = from + length[cluster]!;
    const search = this.#searches++;
    let to = from;
    let best = this.#belowBound;
    let nearest = -1;
    for (let at = from; at < end; at++) {
      const listed = clusters[at]!;
      const other = this.#owner[listed]!;
      if (other === cluster || this.#seenIn[other] === search) continue;
      this.#seenIn[other] = search;
      if (this.#isFinal[other] || groups.areApart(cluster, other)) continue;
      const isKnown = other === listed && sizes[at] === linkage.count[other];
      const score = isKnown ? scores[at]! : linkage.between(cluster, other);
      if (score < bound) continue;
      if (score > best || (score === best && other < nearest)) {
        if (groups.forbids(cluster, other)) continue;
        best = score;
        nearest = other;
      }
      clusters[to] = other;
      scores[to] = score;
      sizes[to++] = linkage.count[other]!;
    }
    length[cluster] = to - from;
    return isComplete || best >= this.#beyond[cluster]! ? nearest : null;
  }

  /** Replaces the lists of some clusters by their nearest out of all clusters. */
  async #compareWithAll(open: Int32Array): Promise<void> {
    const { bound } = this.#options;
    this.#all = this.#all.filter((cluster) => this.#owner[cluster] === cluster && !this.#isFinal[cluster]);
    const topK = new BlockedTopK(open, new Float32Array(open.length).fill(bound - ROUNDING));
    await this.#compare(topK, this.#all, (others) => this.#means(others));
    open.forEach((cluster, i) => {
      this.#lists.replace(cluster, topK.found(i));
      this.#beyond[cluster] = topK.isFull(i) ? topK.floors[i]! : this.#belowBound;
    });
  }

  /** Adds to the lists those of the faces with low offsets that are above the lists' upper bounds. */
  async #compareWithLow(open: Int32Array, low: Int32Array): Promise<void> {
    for (let top = 0; top < open.length; top += BLOCK) {
      const from = open.subarray(top, top + BLOCK);
      const topK = new BlockedTopK(
        from,
        Float32Array.from(from, (cluster) => this.#beyond[cluster]!),
      );
      await this.#compare(topK, low, (faces) => this.#faces(faces));
      from.forEach((cluster, i) => {
        this.#lists.add(cluster, topK.found(i));
        this.#beyond[cluster] = Math.max(this.#beyond[cluster]!, topK.floors[i]!);
      });
    }
  }

  /** Compares the clusters of `topK` with others, block by block. */
  async #compare(topK: BlockedTopK, at: Int32Array, read: (others: Int32Array) => OffsetRows): Promise<void> {
    const { size, product, groups } = this.#options;
    const { from } = topK;
    const room = { vectors: new Float32Array(from.length * size), offsets: new Float64Array(from.length) };
    const ones = this.#means(from, room);
    for (let left = 0; left < at.length; left += BLOCK) {
      const others = at.subarray(left, left + BLOCK);
      const { vectors, offsets } = read(others);
      for (let top = 0; top < from.length; top += BLOCK) {
        const down = ones.vectors.subarray(top * size, Math.min(from.length, top + BLOCK) * size);
        topK.take(await product(down, vectors, size), top, ones.offsets, others, offsets, groups);
      }
    }
  }

  /** Vectors and offsets of faces. */
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

  /** Mean vectors and mean offsets of clusters. */
  #means(of: Int32Array, { vectors, offsets } = this.#room(of.length)): OffsetRows {
    const { size, linkage } = this.#options;
    for (let at = 0; at < of.length; at++) {
      linkage.writeMean(of[at]!, vectors, at * size);
      offsets[at] = linkage.offset(of[at]!);
    }
    return { vectors, offsets };
  }

  /** The scratch memory, cut to so many rows. */
  #room(rows: number): OffsetRows {
    const { vectors, offsets } = this.#block;
    return { vectors: vectors.subarray(0, rows * this.#options.size), offsets: offsets.subarray(0, rows) };
  }
}
