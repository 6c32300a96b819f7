import type { Groups } from './groups.ts';
import type { Product } from './product.ts';
import { type OffsetRows, pairsAbove } from './similarity.ts';

/**
 * Lets poor faces join the groups that good ones founded, the most alike first, each at most one. Poor faces never
 * meet each other but in such a group: blur is alike to blur.
 *
 * @param founders the first rows of `groups`
 * @param poor the rows after them; those in a group that was there before stay in it
 * @param bound least average of `dot − offset − offset` between a poor face and a group's founders
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
    // The group may have taken in another face of that photo meanwhile.
    if (!isFree(face) || groups.forbids(owner, face)) continue;
    groups.join(owner, face);
  }
}

function picked({ vectors, offsets }: OffsetRows, places: readonly number[], size: number): OffsetRows {
  const packed = new Float32Array(places.length * size);
  places.forEach((place, at) => {
    packed.set(vectors.subarray(place * size, (place + 1) * size), at * size);
  });
  return { vectors: packed, offsets: Float64Array.from(places, (place) => offsets[place]!) };
}

/** Mean vector and mean offset of each group of founders. */
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

function score(ones: OffsetRows, a: number, others: OffsetRows, b: number, size: number): number {
  let dot = 0;
  for (let i = 0; i < size; i++) dot += ones.vectors[a * size + i]! * others.vectors[b * size + i]!;
  return dot - ones.offsets[a]! - others.offsets[b]!;
}
