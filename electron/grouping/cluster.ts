import type { Calibration } from '../contract/calibration.ts';
import { agglomerate } from './agglomerate.ts';
import { attach } from './attach.ts';
import { distanceAt, type Evidence, lacking } from './calibrate.ts';
import { type Cohort, cohortOf, crowding, SMALL_COHORT } from './crowding.ts';
import { Groups } from './groups.ts';
import { partsOf } from './halves.ts';
import { listsOf, type Nearest, nearest } from './nearest.ts';
import { contentOrder } from './order.ts';
import { type Product, plainProduct } from './product.ts';
import { similarityOf } from './similarity.ts';

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
   * Groups that are there already, 0: none. They may only grow: none of their faces leaves, no two become one. Left
   * out: everything is grouped from the beginning.
   */
  seed?: Int32Array;
  /** The faces nearest to each, where they are known; found otherwise. */
  nearest?: Nearest;
  /** All rows in an order that depends on their content alone; that of order.ts when left out. */
  order?: Int32Array;
}

/** Share of the good faces whose groups are there, from which others tell nothing new of how crowded it is. */
const ENOUGH = 2 / 3;

/** How much evidence two faces in the open may be let off at most; on LFW 1 face in 200 would be let off more. */
const LENIENCE = 4;

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
  const good = ordered.reduce((count, row) => count + Number(isGood(row)), 0);
  const n = order.length;
  const place = new Int32Array(n);
  const vectors = new Float32Array(n * size);
  order.forEach((row, at) => {
    place[row] = at;
    vectors.set(input.vectors.subarray(row * size, (row + 1) * size), at * size);
  });
  const photo = order.map((row) => input.photo[row]!);
  const cannotLink = (input.cannotLink ?? []).map(([a, b]) => [place[a]!, place[b]!] as const);
  const seed = input.seed ? order.map((row) => input.seed![row]!) : new Int32Array(n);

  const bound = boundAt(calibration.link, calibration);
  const lenient = boundAt(calibration.link - LENIENCE, calibration);
  const first = new Groups(photo, cannotLink, seed);
  const plainRows = rowsOf(vectors, new Float64Array(n), size, 0, good);
  const lists = input.nearest ? listsOf(input.nearest, order) : await nearest(vectors, size, product);
  const there = seed.subarray(0, good).reduce((count, group) => count + Number(group > 0), 0);
  // Where most faces have their group already, these tell how crowded it is.
  const isGrowth = there >= ENOUGH * good;
  if (!isGrowth) await agglomerate(plainRows, lists, size, bound, first, product);

  const firstOwner = first.owner.subarray(0, good);
  const most = isGrowth ? SMALL_COHORT : undefined;
  const cohort = cohortOf(plainRows.vectors, size, firstOwner, most);
  const crowded = await crowdingOf(vectors, size, good, cohort, product);
  const offsets = crowded.map((value) => Math.max(value, (lenient - bound) / 2));
  const groups = new Groups(photo, cannotLink, seed);
  const goodRows = rowsOf(vectors, offsets, size, 0, good);
  await agglomerate(goodRows, lists, size, bound, groups, product);
  const parted = new Groups(photo, cannotLink, seed);
  part(groups.owner.subarray(0, good), { vectors, size }, calibration, parted);
  const poorRows = rowsOf(vectors, offsets, size, good, n);
  poorRows.offsets = poorRows.offsets.map((offset, at) => {
    const more = lacking(input.quality[order[good + at]!]!, calibration);
    return offset + boundAt(calibration.link + more, calibration) - bound;
  });
  await attach(goodRows, poorRows, size, bound, parted, product);

  const named = numbered(parted.owner);
  return Int32Array.from(place, (at) => named[at]!);
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
    for (const [first, ...others] of partsOf(packed, rows, by)) {
      for (const row of others) {
        const [a, b] = [into.owner[first!]!, into.owner[row]!];
        if (a !== b) into.join(a, b);
      }
    }
  }
}

/** Dot product at which two good faces show this much evidence. */
function boundAt(evidence: number, calibration: Calibration): number {
  const { intercept, slope } = calibration;
  return similarityOf(
    Math.max(0, distanceAt(0.5, 1, 1, { intercept: intercept - evidence, slope, doubt: 0 })),
  );
}

/** Crowding of every row against groups of the good ones, as the difference from what those have on average. */
async function crowdingOf(
  vectors: Float32Array,
  size: number,
  good: number,
  cohort: Cohort,
  product: Product,
): Promise<Float64Array> {
  const own = new Int32Array(vectors.length / size).fill(-1);
  own.set(cohort.own);
  const crowded = await crowding(vectors, size, own, cohort, product);
  let sum = 0;
  for (let row = 0; row < good; row++) sum += crowded[row]!;
  return crowded.map((value) => value - sum / Math.max(1, good));
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
