import { agglomerate } from './agglomerate.ts';
import { type Constraints, Groups } from './groups.ts';
import { type KnnGraph, subgraphOf } from './knn-graph.ts';
import type { Product } from './product.ts';
import { pickRows } from './rows.ts';

/** Faces to be grouped, one in each row. */
export interface ClusterFaces {
  /** n × size, packed row by row, each L2-normalised. */
  vectors: Float32Array;
  size: number;
  /** Photos that each is on. */
  photos: readonly number[][];
  quality: Float32Array;
  nearest: KnnGraph;
  /** Pairs of rows that are two people. */
  cannotLink: ReadonlyArray<readonly [number, number]>;
  /** What each is known to be with: see `Groups`. */
  seed: Int32Array;
  start: Int32Array;
}

/**
 * Finds the versions of each face: on copies, edits and exports of a photo, and on frames of a burst. They are so alike
 * that one of them stands for all. Averages count it as often as it has versions (see linkage.ts): else a few bad photos of
 * somebody would outweigh a hundred good ones.
 *
 * @param bound least average dot product of two versions
 * @param known pairs that are versions whatever their dot product is, the most alike first
 * @returns for each face the row of the one that stands for all its versions, which is the one of best quality. Faces of
 *   two seeds are never versions of each other, and those that begin in a group stand for themselves
 */
export async function versionsOf(
  all: ClusterFaces,
  bound: number,
  product: Product,
  known: ReadonlyArray<readonly [number, number]> = [],
): Promise<Int32Array> {
  const { size, photos, quality, start } = all;
  const open = Int32Array.from(photos.keys()).filter((row) => start[row] === 0);
  const isAll = open.length === photos.length;
  const groups = new Groups(constraintsOf(all, open));
  const vectors = isAll ? all.vectors : pickRows(all.vectors, size, open);
  const nearest = isAll ? all.nearest : subgraphOf(all.nearest, open);
  const rows = { vectors, offsets: new Float64Array(open.length) };
  await agglomerate(rows, nearest, size, bound, groups, product);
  const place = new Map([...open].map((row, at) => [row, at]));
  for (const pair of known) {
    const [one, other] = pair.map((row) => groups.owner[place.get(row) ?? -1]);
    if (one === undefined || other === undefined || one === other || groups.forbids(one, other)) continue;
    groups.join(Math.min(one, other), Math.max(one, other));
  }

  const stands = Int32Array.from(photos.keys());
  for (const versions of Map.groupBy(open.keys(), (at) => groups.owner[at]!).values()) {
    const faces = versions.map((at) => open[at]!);
    const best = faces.reduce((a, b) => (quality[b]! > quality[a]! ? b : a));
    for (const row of faces) stands[row] = best;
  }
  return stands;
}

/**
 * Leaves only the faces that stand for their versions, on the photos of all of these, in the same order. Changes the
 * arrays that it is given, for they are large.
 *
 * @returns `at`: where each of them is now
 */
export function distinct(all: ClusterFaces, stands: Int32Array): { faces: ClusterFaces; at: Int32Array } {
  const { size, vectors, quality } = all;
  const rows = Int32Array.from(stands.keys()).filter((row) => stands[row] === row);
  const at = new Int32Array(stands.length).fill(-1);
  rows.forEach((row, place) => {
    at[row] = place;
    vectors.copyWithin(place * size, row * size, (row + 1) * size);
    quality[place] = quality[row]!;
  });
  const photos: number[][] = Array.from(rows, () => []);
  const seed = new Int32Array(rows.length);
  stands.forEach((stand, row) => {
    photos[at[stand]!]!.push(...all.photos[row]!);
    seed[at[stand]!] ||= all.seed[row]!;
  });
  const faces = {
    ...{ ...all, photos, seed, start: rows.map((row) => all.start[row]!) },
    vectors: vectors.subarray(0, rows.length * size),
    quality: quality.subarray(0, rows.length),
    nearest: subgraphOf(all.nearest, rows),
    cannotLink: all.cannotLink.map(([a, b]) => [at[stands[a]!]!, at[stands[b]!]!] as const),
  };
  return { faces, at };
}

/** What is known of some rows, in the numbers of their places. */
export function constraintsOf({ photos, cannotLink, seed }: ClusterFaces, rows: Int32Array): Constraints {
  const place = new Map([...rows].map((row, at) => [row, at]));
  return {
    photos: Array.from(rows, (row) => photos[row]!),
    seed: rows.map((row) => seed[row]!),
    cannotLink: cannotLink.flatMap(([a, b]) => {
      const [one, other] = [place.get(a), place.get(b)];
      return one === undefined || other === undefined ? [] : [[one, other] as const];
    }),
  };
}
