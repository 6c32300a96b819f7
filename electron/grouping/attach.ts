import type { Groups } from './groups.ts';
import type { Product } from './product.ts';
import { pickRows } from './rows.ts';
import { type OffsetRows, pairsAbove } from './similarity.ts';

/**
 * Lets each poor face join one cluster of good faces, the most similar pairs first. Poor faces are never compared with
 * each other, since blurred faces are similar to each other whoever they are.
 *
 * @param founders the good faces, which are the first rows of `groups`
 * @param poor the rows after them; a poor face that began in a cluster stays in it
 * @param bound least average of `dot − offset − offset` between a poor face and a cluster's good faces
 * @param groups the clusters, changed in place
 */
export async function attach(
  founders: OffsetRows,
  poor: OffsetRows,
  size: number,
  bound: number,
  groups: Groups,
  product: Product,
): Promise<void> {
  const first = founders.offsets.length;
  const { owners, rows } = means(founders, size, groups);
  const isFree = (face: number) => groups.owner[face] === face && !groups.isSeeded(face);
  const free = Array.from(poor.offsets, (_, row) => row).filter((row) => isFree(first + row));
  const { a, b } = await pairsAbove(picked(poor, free, size), rows, size, bound, product);
  const candidates = Array.from(a, (at, i) => ({
    row: free[at]!,
    place: b[i]!,
    score: score(poor, free[at]!, rows, b[i]!, size),
  }));
  candidates.sort((x, y) => y.score - x.score || x.row - y.row || x.place - y.place);
  for (const { row, place } of candidates) {
    const face = first + row;
    const owner = owners[place]!;
    // Another face of the same photo may have joined the cluster before.
    if (!isFree(face) || groups.forbids(owner, face)) continue;
    groups.join(owner, face);
  }
}

function picked({ vectors, offsets }: OffsetRows, rows: readonly number[], size: number): OffsetRows {
  return { vectors: pickRows(vectors, size, rows), offsets: Float64Array.from(rows, (row) => offsets[row]!) };
}

/** Mean vector and mean offset of each cluster of good faces. */
function means(founders: OffsetRows, size: number, groups: Groups): { owners: number[]; rows: OffsetRows } {
  const n = founders.offsets.length;
  const owners = [...new Set(groups.owner.subarray(0, n))];
  const places = new Map(owners.map((owner, place) => [owner, place]));
  const rows = { vectors: new Float32Array(owners.length * size), offsets: new Float64Array(owners.length) };
  const counts = new Int32Array(owners.length);
  for (let row = 0; row < n; row++) {
    const place = places.get(groups.owner[row]!)!;
    const faces = founders.faces?.[row] ?? 1;
    counts[place]! += faces;
    rows.offsets[place]! += faces * founders.offsets[row]!;
    for (let i = 0; i < size; i++)
      rows.vectors[place * size + i]! += faces * founders.vectors[row * size + i]!;
  }
  counts.forEach((count, place) => {
    rows.offsets[place]! /= count;
    for (let i = 0; i < size; i++) rows.vectors[place * size + i]! /= count;
  });
  return { owners, rows };
}

/** `dot − offset − offset` of row `a` of one set and row `b` of another. */
function score(ones: OffsetRows, a: number, others: OffsetRows, b: number, size: number): number {
  let dot = 0;
  for (let i = 0; i < size; i++) dot += ones.vectors[a * size + i]! * others.vectors[b * size + i]!;
  return dot - ones.offsets[a]! - others.offsets[b]!;
}
