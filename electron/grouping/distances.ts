import type { DistanceCounts } from '../contract/distances.ts';

/**
 * Histograms of the distances of genuine and of impostor pairs, in bins of `step`. A pair without a distance (Infinity)
 * does not count.
 */
export function countDistances(
  pairs: Iterable<{ distance: number; genuine: boolean }>,
  step: number,
): DistanceCounts {
  const counts = { step, genuine: [] as number[], impostor: [] as number[] };
  for (const { distance, genuine } of pairs) {
    if (!Number.isFinite(distance)) continue;
    const bins = genuine ? counts.genuine : counts.impostor;
    // 1e-9 corrects rounding at an edge: 0.3 / 0.1 is less than 3.
    const bin = Math.floor(distance / step + 1e-9);
    while (bins.length <= bin) bins.push(0);
    bins[bin]! += 1;
  }
  return counts;
}
