import type { Calibration } from '../contract/calibration.ts';
import { agglomerate } from './agglomerate.ts';
import { distanceAt } from './calibrate.ts';
import { canonicalOrder } from './order.ts';
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
}

/**
 * Groups the faces that are one person each. The same faces in any order give the same groups.
 *
 * @returns group of each face, from 0 (the largest) without gaps; −1 for a face that is alone
 */
export function cluster(input: ClusterInput): Int32Array {
  const { size, calibration } = input;
  const order = canonicalOrder(input);
  const place = new Int32Array(order.length);
  order.forEach((row, at) => {
    place[row] = at;
  });
  const vectors = new Float32Array(order.length * size);
  order.forEach((row, at) => {
    vectors.set(input.vectors.subarray(row * size, (row + 1) * size), at * size);
  });
  const photo = order.map((row) => input.photo[row]!);
  const cannotLink = (input.cannotLink ?? []).map(([a, b]) => [place[a]!, place[b]!] as const);
  // evidence = link at even odds and best quality, as a distance, as a dot product.
  const bound = similarityOf(
    distanceAt(0.5, 1, 1, { ...calibration, intercept: calibration.intercept - calibration.link }),
  );
  const owner = agglomerate({
    vectors,
    size,
    photo,
    offsets: new Float64Array(order.length),
    bound,
    cannotLink,
  });
  const named = numbered(owner);
  return Int32Array.from(place, (at) => named[at]!);
}

/** Groups of two or more by size, the largest first; those of one face become −1. */
export function numbered(owner: Int32Array): Int32Array {
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
