import { CATALOG_NEAREST, CATALOG_STRENGTH, COHORT_HALF_WEIGHT, LEVEL_HALF_WEIGHT } from './constants.ts';
import type { Product } from './product.ts';
import { nearestAmong } from './similarity.ts';

/** What faces of an encoder are usually like. */
export interface CatalogCohort {
  /** Mean vectors of clusters of many faces, packed row by row; of none where vectors are in other directions. */
  means: Float32Array;
  /** Mean similarity of two people, where nothing makes people alike. */
  level: number;
}

/**
 * What the normalisation offsets of matching gain by the catalog, since a small library can't tell what is usual:
 *
 * - For which of its faces any similarity is high. The fewer clusters the library has, the more does the mean similarity
 *   of each face to the nearest clusters of the catalog count. Only differences between faces of the library do.
 * - Whether all of its people are alike, as children are, the women of one party, or a family. Where two people of the
 *   library are more similar on average than two people of the catalog, half of the excess is added to each offset. A few
 *   clusters tell their mean similarity only roughly, so that of few counts less.
 *
 * Groups do not follow from it: stricter links leave more of one person's faces apart than they gain.
 *
 * @param means mean vectors of the library's clusters, packed
 * @returns what to add to offsets: to that of each row, from which the caller subtracts the mean over good faces, and to all
 */
export async function catalogOffsets(
  vectors: Float32Array,
  size: number,
  means: Float32Array,
  catalog: CatalogCohort | null,
  product: Product,
): Promise<{ each: Float64Array; all: number }> {
  const n = vectors.length / size;
  const each = new Float64Array(n);
  if (catalog === null) return { each, all: 0 };
  const clusters = means.length / size;
  const excess = Math.max(0, (meanSimilarity(means, size) ?? catalog.level) - catalog.level);
  if (catalog.means.length >= CATALOG_NEAREST * size) {
    const own = new Int32Array(n).fill(-1);
    const best = await nearestAmong(vectors, catalog.means, size, own, CATALOG_NEAREST, product);
    const share = (CATALOG_STRENGTH * COHORT_HALF_WEIGHT) / (clusters + COHORT_HALF_WEIGHT);
    for (let row = 0; row < n; row++) {
      let sum = 0;
      for (let i = 0; i < CATALOG_NEAREST; i++) sum += best[row * CATALOG_NEAREST + i]!;
      each[row] = (share * sum) / CATALOG_NEAREST;
    }
  }
  return { each, all: ((clusters / (clusters + LEVEL_HALF_WEIGHT)) * excess) / 2 };
}

/** Mean dot product of two of these vectors; null for one alone. */
export function meanSimilarity(means: Float32Array, size: number): number | null {
  const count = means.length / size;
  if (count < 2) return null;
  const sum = new Float64Array(size);
  let squares = 0;
  for (let i = 0; i < means.length; i++) {
    sum[i % size]! += means[i]!;
    squares += means[i]! * means[i]!;
  }
  const whole = sum.reduce((total, value) => total + value * value, 0);
  return (whole - squares) / (count * (count - 1));
}
