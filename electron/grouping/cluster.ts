import type { Calibration } from '../contract/calibration.ts';
import { agglomerate } from './agglomerate.ts';
import { attach } from './attach.ts';
import { splitOf } from './bisecting-split.ts';
import { type Evidence, qualityPenalty, similarityAt } from './calibrate.ts';
import { MOST_LENIENCE, VERSION_EVIDENCE } from './constants.ts';
import { Groups } from './groups.ts';
import { type KnnGraph, knnGraph, subgraphOf } from './knn-graph.ts';
import { contentOrder } from './order.ts';
import { type Product, plainProduct } from './product.ts';
import { pickRows } from './rows.ts';
import { centredOffsets, type OtherFaces } from './score-normalisation.ts';
import { type ClusterFaces, constraintsOf, distinct, versionsOf } from './versions.ts';

export interface ClusterInput {
  /** n × size, packed row by row, each L2-normalised, all by one encoder. */
  vectors: Float32Array;
  size: number;
  /** Photo of each face; any numbers. Two faces of one photo never share a group. */
  photo: Int32Array;
  /** Quality of each face, 0..1. */
  quality: Float32Array;
  calibration: Calibration;
  /** Pairs of rows known to be two people. */
  cannotLink?: ReadonlyArray<readonly [number, number]>;
  /**
   * Faces that stay together, by a number for each group of these, 0: none. Others may join them; no two of these groups
   * become one.
   */
  seed?: Int32Array;
  /** Groups that faces begin in, 0: none. These may become one, and fall into parts if they do. */
  start?: Int32Array | undefined;
  /** The faces nearest to each, where they are known; found otherwise. */
  nearest?: KnnGraph;
  /** All rows in an order that depends on their content alone; that of order.ts when left out. */
  order?: Int32Array;
  /** Pairs of rows that are on versions of one photo, whatever their vectors say, the most alike first. */
  versions?: ReadonlyArray<readonly [number, number]>;
  /** Faces that are not grouped, but that are there: how crowded it is around a face depends on them too. */
  others?: OtherFaces;
}

/**
 * Groups the faces that are one person each. Average linkage first as the calibration has it, then once more with
 * what the first groups tell about how crowded it is around each face; poor faces join at the end. The same faces
 * in any order give the same groups.
 *
 * @param product multiplies blocks of vectors; in plain TypeScript when left out, which is right for some thousand faces
 * @returns group of each face, from 0 (the largest) without gaps; −1 for a face that is alone
 */
export async function cluster(input: ClusterInput, product: Product = plainProduct): Promise<Int32Array> {
  const { size, calibration } = input;
  const ordered = input.order ?? contentOrder(input);
  const isGood = (row: number) => input.quality[row]! >= calibration.founder;
  const order = Int32Array.from([...ordered.filter(isGood), ...ordered.filter((row) => !isGood(row))]);
  const place = new Int32Array(order.length);
  order.forEach((row, at) => {
    place[row] = at;
  });
  const vectors = pickRows(input.vectors, size, order);
  const all: ClusterFaces = {
    ...{ vectors, size },
    photos: Array.from(order, (row) => [input.photo[row]!]),
    quality: Float32Array.from(order, (row) => input.quality[row]!),
    nearest: input.nearest ? subgraphOf(input.nearest, order) : await knnGraph(vectors, size, product),
    cannotLink: (input.cannotLink ?? []).map(([a, b]) => [place[a]!, place[b]!]),
    seed: Int32Array.from(order, (row) => input.seed?.[row] ?? 0),
    start: Int32Array.from(order, (row) => input.start?.[row] ?? 0),
  };
  const versions = (input.versions ?? []).map(([a, b]) => [place[a]!, place[b]!] as const);
  const stands = await versionsOf(all, similarityAt(VERSION_EVIDENCE, calibration), product, versions);
  const { faces, at } = distinct(all, stands);
  const owner = await clusterDistinct(faces, calibration, product, input.others);
  const named = numbered(stands.map((row) => owner[at[row]!]!));
  return Int32Array.from(place, (where) => named[where]!);
}

/** @returns a row for each face that its group goes by */
async function clusterDistinct(
  known: ClusterFaces,
  calibration: Calibration,
  product: Product,
  others?: OtherFaces,
): Promise<Int32Array> {
  const { vectors, size, quality, start, nearest } = known;
  const n = quality.length;
  const good = quality.reduce((count, value) => count + Number(value >= calibration.founder), 0);
  const bound = similarityAt(calibration.link, calibration);
  const lenient = similarityAt(calibration.link - MOST_LENIENCE, calibration);

  // Groups that are there are people already; the other faces are grouped first, so that a newcomer's photos are one.
  const loose = Int32Array.from({ length: good }, (_, row) => row).filter((row) => start[row] === 0);
  // A face that stands for its versions is on a photo for each of them.
  const faces = Int32Array.from(known.photos, ({ length }) => length);
  const some = {
    vectors: pickRows(vectors, size, loose),
    offsets: new Float64Array(loose.length),
    faces: loose.map((row) => faces[row]!),
  };
  const people = new Groups(constraintsOf(known, loose));
  await agglomerate(some, subgraphOf(nearest, loose), size, bound, people, product);
  const owner = Int32Array.from(start.subarray(0, good), (group) => n + group);
  loose.forEach((row, at) => {
    owner[row] = people.owner[at]!;
  });
  const crowded = await centredOffsets({ vectors, size, owner, faces }, product, others);
  const offsets = crowded.map((value) => Math.max(value, (lenient - bound) / 2));

  const groups = new Groups(known);
  const goodRows = { ...rowsOf(vectors, offsets, size, 0, good), faces: faces.subarray(0, good) };
  await agglomerate(goodRows, nearest, size, bound, groups, product);
  const parted = new Groups(known);
  part(groups.owner.subarray(0, good), { vectors, size }, calibration, parted);
  const poorRows = rowsOf(vectors, offsets, size, good, n);
  poorRows.offsets = poorRows.offsets.map((offset, at) => {
    const more = qualityPenalty(quality[good + at]!, calibration);
    return offset + similarityAt(calibration.link + more, calibration) - bound;
  });
  await attach(goodRows, poorRows, size, bound, parted, product);
  parted.unite();
  return parted.owner;
}

/**
 * Makes the groups of `owner` once more, but for those that look like several people: these fall into their parts.
 * What was together before stays so.
 *
 * @param into every row for itself, but for those of groups that were there before
 */
function part(
  owner: Int32Array,
  packed: { vectors: Float32Array; size: number },
  by: Evidence,
  into: Groups,
): void {
  for (const rows of Map.groupBy(owner.keys(), (row) => owner[row]!).values()) {
    // As it was before: nobody has joined.
    if (rows.every((row) => into.owner[row] === into.owner[rows[0]!])) continue;
    for (const [first, ...others] of splitOf(packed, rows, by)) {
      for (const row of others) {
        const [a, b] = [into.owner[first!]!, into.owner[row]!];
        if (a !== b) into.join(a, b);
      }
    }
  }
}

function rowsOf(vectors: Float32Array, offsets: Float64Array, size: number, from: number, to: number) {
  return { vectors: vectors.subarray(from * size, to * size), offsets: offsets.subarray(from, to) };
}

/** Groups of two or more by size, the largest first; those of one face become −1. */
function numbered(owner: Int32Array): Int32Array {
  const sizes = new Map<number, number>();
  for (const at of owner) sizes.set(at, (sizes.get(at) ?? 0) + 1);
  const names = new Map<number, number>();
  [...sizes]
    .filter(([, count]) => count > 1)
    .sort(([a, many], [b, few]) => few - many || a - b)
    .forEach(([at], index) => {
      names.set(at, index);
    });
  return owner.map((at) => names.get(at) ?? -1);
}
