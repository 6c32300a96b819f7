import type { Product } from './product.ts';
import { pickRows } from './rows.ts';

/** Faces by their vectors, and as whom the user labelled each. */
interface LabelledFaces {
  /** n × size, packed row by row, each L2-normalised. */
  vectors: Float32Array;
  size: number;
  /** From 1; 0: not labelled. */
  person: ArrayLike<number>;
}

/** Rows that are multiplied at once. Source: bound; speed and memory only. */
const BLOCK = 1024;

/**
 * Counts, for each pair of faces of one photo, the photos on which the same two people seem to be, its own included: the
 * photos with two faces that are alike to the pair's. A pair weighs 1 over that count, so that a couple with 200 photos
 * counts as about one pair (the weighting of similar sequences in coevolution analysis, Morcos et al. 2011, "Direct-
 * coupling analysis of residue coevolution").
 *
 * @param photos rows of each photo
 * @param pairs pairs of rows of each photo, parallel to `photos`
 * @param alike similarity from which two faces count as one person; labels of the user decide where both faces have one
 * @returns the counts, parallel to `pairs`
 */
export async function samePairs(
  { vectors, size, person }: LabelledFaces,
  photos: readonly (readonly number[])[],
  pairs: readonly (readonly [number, number][])[],
  alike: number,
  product: Product,
): Promise<number[][]> {
  const rows = Int32Array.from(photos.flat());
  const placeOf = new Map(Array.from(rows, (row, place) => [row, place]));
  const photoOf = Int32Array.from(photos.flatMap((on, photo) => on.map(() => photo)));
  const persons = Int32Array.from(rows, (row) => person[row]!);
  const similar = await similarPlaces(pickRows(vectors, size, rows), persons, alike, product);
  return pairs.map((of) =>
    of.map(([a, b]) => {
      const [ones, others] = [similar[placeOf.get(a)!]!, similar[placeOf.get(b)!]!];
      return sharedPhotos(ones, others, photoOf);
    }),
  );
}

/** The places that are one person with each place, in order; a place is one with itself. */
async function similarPlaces(
  vectors: Float32Array,
  persons: Int32Array,
  alike: number,
  product: Product,
): Promise<number[][]> {
  const n = persons.length;
  const size = vectors.length / n;
  const block = (from: number) => vectors.subarray(from * size, Math.min(from + BLOCK, n) * size);
  const similar = Array.from({ length: n }, (): number[] => []);
  for (let top = 0; top < n; top += BLOCK) {
    for (let left = top; left < n; left += BLOCK) {
      const { dots } = await product(block(top), block(left), size);
      const [rows, columns] = [Math.min(BLOCK, n - top), Math.min(BLOCK, n - left)];
      // A plain loop, since it runs millions of times.
      for (let r = 0, at = 0; r < rows; r++) {
        const [a, person] = [top + r, persons[top + r]!];
        for (let c = 0; c < columns; c++, at++) {
          if (dots[at]! < alike && person === 0 && a !== left + c) continue;
          const b = left + c;
          const isNamed = person > 0 && persons[b]! > 0;
          if (a !== b && (isNamed ? person !== persons[b] : dots[at]! < alike)) continue;
          similar[a]!.push(b);
          if (left > top) similar[b]!.push(a);
        }
      }
    }
  }
  return similar;
}

/** Number of photos that have a place of `ones` and another place of `others`; both are in the order of photos. */
function sharedPhotos(ones: readonly number[], others: readonly number[], photoOf: Int32Array): number {
  let [count, at] = [0, 0];
  for (let i = 0; i < ones.length; ) {
    const photo = photoOf[ones[i]!]!;
    const start = i;
    while (i < ones.length && photoOf[ones[i]!] === photo) i++;
    while (at < others.length && photoOf[others[at]!]! < photo) at++;
    const from = at;
    while (at < others.length && photoOf[others[at]!] === photo) at++;
    // One face that is like both is not two people.
    const isOneFace = i - start === 1 && at - from === 1 && ones[start] === others[from];
    if (at > from && !isOneFace) count++;
  }
  return count;
}
