import { Heap } from './heap.ts';
import { pairsAbove } from './similarity.ts';

export interface AgglomerateInput {
  /** n × size, packed row by row. Need not be unit vectors. */
  vectors: Float32Array;
  size: number;
  /** Photo of each row: two rows of one photo never share a group. */
  photo: ArrayLike<number>;
  /** What each row takes off its every similarity. */
  offsets: Float64Array;
  /** Least average of `dot − offset − offset` between two groups for them to be merged. */
  bound: number;
  /** Pairs of rows that must not share a group. */
  cannotLink: ReadonlyArray<readonly [number, number]>;
}

/**
 * Average-linkage clustering (UPGMA, Sokal & Michener 1958) under cannot-link constraints, exact and without
 * a matrix: the average dot product of two groups is the dot product of their sums over the product of their
 * sizes, and an average reaches the bound only where some single pair does, so the pairs above the bound are
 * the only ones ever looked at. Best merge first; a forbidden merge is passed over. Ties go to the lower rows.
 *
 * @returns for each row the lowest row of its group
 */
export function agglomerate(input: AgglomerateInput): Int32Array {
  const { vectors, size, photo, bound } = input;
  const n = photo.length;
  const sums = Float64Array.from(vectors);
  const taken = Float64Array.from(input.offsets);
  const count = new Int32Array(n).fill(1);
  const age = new Int32Array(n);
  const owner = Int32Array.from({ length: n }, (_, i) => i);
  const members = Array.from({ length: n }, (_, i) => [i]);
  const neighbours = Array.from({ length: n }, () => new Set<number>());
  const enemies = Array.from({ length: n }, () => [] as number[]);
  for (const [a, b] of input.cannotLink) {
    enemies[a]!.push(b);
    enemies[b]!.push(a);
  }
  const photos = Array.from({ length: n }, (_, i) => new Set([photo[i]!]));

  const linkage = (a: number, b: number) => {
    let dot = 0;
    for (let i = 0, p = a * size, q = b * size; i < size; i++) dot += sums[p + i]! * sums[q + i]!;
    return dot / (count[a]! * count[b]!) - taken[a]! / count[a]! - taken[b]! / count[b]!;
  };
  const forbidden = (a: number, b: number) => {
    const [few, many] = members[a]!.length < members[b]!.length ? [a, b] : [b, a];
    return members[few]!.some(
      (row) => photos[many]!.has(photo[row]!) || enemies[row]!.some((enemy) => owner[enemy] === many),
    );
  };

  const heap = new Heap();
  const offer = (a: number, b: number) => {
    const score = linkage(a, b);
    if (score < bound) return;
    const [low, high] = a < b ? [a, b] : [b, a];
    heap.push({ score, a: low, b: high, ageA: age[low]!, ageB: age[high]! });
  };
  const edges = pairsAbove(vectors, size, bound, input.offsets);
  for (let i = 0; i < edges.a.length; i++) {
    const [a, b] = [edges.a[i]!, edges.b[i]!];
    if (forbidden(a, b)) continue;
    neighbours[a]!.add(b);
    neighbours[b]!.add(a);
    offer(a, b);
  }

  for (let next = heap.pop(); next; next = heap.pop()) {
    const { a, b } = next;
    if (age[a] !== next.ageA || age[b] !== next.ageB) continue;
    neighbours[a]!.delete(b);
    neighbours[b]!.delete(a);
    // What two groups may not, they never may again: constraints only add up.
    if (forbidden(a, b)) continue;
    for (let i = 0; i < size; i++) sums[a * size + i]! += sums[b * size + i]!;
    taken[a]! += taken[b]!;
    count[a]! += count[b]!;
    age[a]!++;
    age[b] = -1;
    for (const row of members[b]!) {
      owner[row] = a;
      members[a]!.push(row);
      photos[a]!.add(photo[row]!);
    }
    members[b] = [];
    for (const other of neighbours[b]!) {
      neighbours[other]!.delete(b);
      neighbours[other]!.add(a);
      neighbours[a]!.add(other);
    }
    neighbours[b]!.clear();
    for (const other of neighbours[a]!) offer(a, other);
  }
  return owner;
}
