import { agglomerate } from './agglomerate.ts';
import { type Constraints, Groups } from './groups.ts';
import { type KnnGraph, subgraphOf } from './knn-graph.ts';
import type { Product } from './product.ts';
import { pickRows } from './rows.ts';

/** Faces to be clustered, one in each row. */
export interface ClusterFaces {
  /** n × size, packed row by row, each L2-normalised. */
  vectors: Float32Array;
  size: number;
  /** Photos on which each is: more than one where it stands for its versions. */
  photos: readonly number[][];
  quality: Float32Array;
  /** Probability that each is a child's, 0..1. */
  childhood: Float32Array;
  nearest: KnnGraph;
  /** Pairs of rows that are two people. */
  cannotLink: ReadonlyArray<readonly [number, number]>;
  /** Must-link constraints and initial clusters: see `Constraints` in groups.ts. */
  seed: Int32Array;
  start: Int32Array;
}

/**
 * Finds the versions of each face: on copies, edits and exports of a photo, and on frames of a burst. They are so
 * similar that one of them stands for all. Averages count it as many times as it has versions (see linkage.ts);
 * otherwise a few bad photos of a person would outweigh a hundred good ones.
 *
 * @param bound least average dot product of two versions
 * @param known pairs that are versions whatever their dot product is, the most similar first
 * @returns for each face the row that stands for all its versions: the one of best quality. Faces of two seeds are
 *   never versions of each other. A face that begins in a cluster stands for itself
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

  const bestVersion = Int32Array.from(photos.keys());
  for (const versions of Map.groupBy(open.keys(), (at) => groups.owner[at]!).values()) {
    const faces = versions.map((at) => open[at]!);
    const best = faces.reduce((a, b) => (quality[b]! > quality[a]! ? b : a));
    for (const row of faces) bestVersion[row] = best;
  }
  return bestVersion;
}

/**
 * Removes all faces but those that stand for their versions. These keep their order, and are on the photos of all their
 * versions. Changes the given arrays in place, since they are large.
 *
 * @param bestVersion row that stands for each face, as {@link versionsOf} gives it
 * @returns `at`: new row of each face that stands for its versions, −1 for the others
 */
export function distinct(
  all: ClusterFaces,
  bestVersion: Int32Array,
): { faces: ClusterFaces; at: Int32Array } {
  const { size, vectors, quality } = all;
  const rows = Int32Array.from(bestVersion.keys()).filter((row) => bestVersion[row] === row);
  const at = new Int32Array(bestVersion.length).fill(-1);
  rows.forEach((row, place) => {
    at[row] = place;
    vectors.copyWithin(place * size, row * size, (row + 1) * size);
    quality[place] = quality[row]!;
  });
  const photos: number[][] = Array.from(rows, () => []);
  const seed = new Int32Array(rows.length);
  bestVersion.forEach((best, row) => {
    photos[at[best]!]!.push(...all.photos[row]!);
    seed[at[best]!] ||= all.seed[row]!;
  });
  const faces = {
    ...{ ...all, photos, seed, start: rows.map((row) => all.start[row]!) },
    childhood: Float32Array.from(rows, (row) => all.childhood[row]!),
    vectors: vectors.subarray(0, rows.length * size),
    quality: quality.subarray(0, rows.length),
    nearest: subgraphOf(all.nearest, rows),
    cannotLink: all.cannotLink.map(([a, b]) => [at[bestVersion[a]!]!, at[bestVersion[b]!]!] as const),
  };
  return { faces, at };
}

/** The constraints of some rows, which are numbered by their places in `rows`. Initial clusters are left out. */
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
