import { CandidatePruning } from './candidate-pruning.ts';
import type { Groups } from './groups.ts';
import type { KnnGraph } from './knn-graph.ts';
import { Linkage } from './linkage.ts';
import type { Product } from './product.ts';
import type { OffsetRows } from './similarity.ts';

/**
 * Average-linkage clustering (UPGMA, Sokal & Michener 1958) under constraints, exact and without a matrix. Two groups
 * that are each other's nearest are merged, wherever there are such, until none reaches the bound: since no merge
 * brings a group nearer to a third than the nearer of its parts was, not even where merges are forbidden, this gives
 * what merging the nearest two of all would (Bruynooghe 1977; Murtagh 1983). Ties go to the lower rows.
 *
 * A group's nearest is sought among those that its faces have in their lists of nearest faces. What is in none of
 * them is no more similar, on average, than the lists' ends are; only where that might be nearer are all groups looked
 * at. So no list of all pairs above the bound is ever held: a person with 9,000 photos alone has 40 million.
 *
 * @param rows the first rows of `groups`, alone or in groups that are there already; later ones are left alone
 * @param nearest lists of the same rows, in which later ones may be, too
 * @param bound least average of `dot − offset − offset` between two groups for them to be merged
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
  const reach = await CandidatePruning.begin({ rows, nearest, size, bound, groups, linkage, product });
  /** The nearest group of each; −1: none reaches the bound. */
  const mate = new Int32Array(n).fill(-1);
  /** Groups whose nearest each is, or was. */
  const admirers = new Map<number, number[]>();

  let open = reach.groups();
  while (open.length > 0) {
    for (const [group, other] of await reach.nearestOf(open)) {
      mate[group] = other;
      if (other < 0) continue;
      const list = admirers.get(other);
      if (list) list.push(group);
      else admirers.set(other, [group]);
    }
    const next = new Set<number>();
    for (const group of open) {
      const other = mate[group]!;
      // The second of a pair finds the first one's mate gone.
      if (other < 0 || mate[other] !== group) continue;
      const [a, b] = group < other ? [group, other] : [other, group];
      // Another group of the same seed may have taken in a face of that photo since.
      if (groups.forbids(a, b)) {
        mate[a] = mate[b] = -1;
        next.add(a).add(b);
        continue;
      }
      for (const admirer of [...(admirers.get(a) ?? []), ...(admirers.get(b) ?? [])]) {
        if (mate[admirer] !== a && mate[admirer] !== b) continue;
        mate[admirer] = -1;
        next.add(admirer);
      }
      admirers.delete(a);
      admirers.delete(b);
      mate[a] = mate[b] = -1;
      groups.join(a, b);
      linkage.join(a, b);
      reach.join(a, b);
      next.add(a);
    }
    open = [...next].filter((group) => owner[group] === group).sort((a, b) => a - b);
  }
}
