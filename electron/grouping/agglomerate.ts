import { CandidatePruning } from './candidate-pruning.ts';
import type { Groups } from './groups.ts';
import type { KnnGraph } from './knn-graph.ts';
import { Linkage } from './linkage.ts';
import type { Product } from './product.ts';
import type { OffsetRows } from './similarity.ts';

/**
 * Average-linkage clustering (UPGMA, Sokal & Michener 1958) under constraints, exact and without a distance matrix.
 * Every two clusters that are each other's nearest are merged, until none reaches the bound. A merged cluster is never
 * nearer to a third one than the nearer of its parts was, not even where some merges are forbidden. So this gives the
 * same result as merging the nearest two of all clusters each time (Bruynooghe 1977; Murtagh 1983). Of equals the lower
 * rows are merged first.
 *
 * A cluster's nearest is searched among the nearest neighbours of its faces. Faces that are in none of these lists are
 * no more similar, on average, than the lists' last entries. Only where that might be nearer is the cluster compared
 * with all. So the pairs above the bound are never all in memory: one person with 9,000 photos has 40 million of them.
 *
 * @param rows the first rows of `groups`, single or in clusters already; later rows stay as they are
 * @param nearest k-NN graph of the same rows; later rows may be among the neighbours
 * @param bound least average of `dot − offset − offset` between two clusters for them to be merged
 * @param groups the clusters, changed in place
 */
export async function agglomerate(
  rows: OffsetRows,
  nearest: KnnGraph,
  size: number,
  bound: number,
  groups: Groups,
  product: Product,
): Promise<void> {
  const n = rows.offsets.length;
  const owner = groups.owner;
  const linkage = new Linkage(rows, size, owner.subarray(0, n));
  const pruning = await CandidatePruning.begin({ rows, nearest, size, bound, groups, linkage, product });
  /** The nearest cluster of each; −1: none reaches the bound, or it is to be found again. */
  const nearestOf = new Int32Array(n).fill(-1);
  /** Reverse neighbours: clusters whose nearest each is, or was. */
  const reverse = new Map<number, number[]>();

  let open = pruning.clusters();
  while (open.length > 0) {
    for (const [cluster, other] of await pruning.nearestOf(open)) {
      nearestOf[cluster] = other;
      if (other < 0) continue;
      const list = reverse.get(other);
      if (list) list.push(cluster);
      else reverse.set(other, [cluster]);
    }
    const next = new Set<number>();
    for (const cluster of open) {
      const other = nearestOf[cluster]!;
      // False for the second of a pair that has just been merged.
      if (other < 0 || nearestOf[other] !== cluster) continue;
      const [a, b] = cluster < other ? [cluster, other] : [other, cluster];
      // A merge in this round may have put a face of the same photo into another cluster of the same seed.
      if (groups.forbids(a, b)) {
        nearestOf[a] = nearestOf[b] = -1;
        next.add(a).add(b);
        continue;
      }
      for (const one of [...(reverse.get(a) ?? []), ...(reverse.get(b) ?? [])]) {
        if (nearestOf[one] !== a && nearestOf[one] !== b) continue;
        nearestOf[one] = -1;
        next.add(one);
      }
      reverse.delete(a);
      reverse.delete(b);
      nearestOf[a] = nearestOf[b] = -1;
      groups.join(a, b);
      linkage.join(a, b);
      pruning.join(a, b);
      next.add(a);
    }
    open = [...next].filter((cluster) => owner[cluster] === cluster).sort((a, b) => a - b);
  }
}
