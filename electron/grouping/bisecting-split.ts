import type { Evidence } from './calibrate.ts';
import { ASHMAN_D, LEAST_SIDE, SPLIT_EVIDENCE, SPLIT_EVIDENCE_SMALL } from './constants.ts';
import { distanceOf } from './similarity.ts';

/** Rounds of two-means, at most. Source: bound; it converges within a few. */
const ROUNDS = 30;

/** Vectors packed row by row, each L2-normalised. */
interface Packed {
  vectors: Float32Array;
  size: number;
}

type Parts = readonly [number[], number[]];

/**
 * Splits a cluster where it looks like two people: two-means makes two parts, which stay apart where they are much
 * denser than the space between them (evidence and Ashman's D), and each part is then split in the same way. Average
 * linkage can't see this, since it only compares the mean similarity of two clusters with a bound; two siblings with
 * many photos each are an example. Deterministic for rows in a given order.
 *
 * @param rows faces of one cluster
 * @returns the parts, together all of `rows`; one part where the cluster is one person
 */
export function splitOf(packed: Packed, rows: readonly number[], by: Evidence): number[][] {
  if (rows.length < 2 * LEAST_SIDE) return [[...rows]];
  const partOf = twoMeans(packed, rows);
  const parts = [0, 1].map((part) => rows.filter((_, at) => partOf[at] === part)) as unknown as Parts;
  const smaller = Math.min(parts[0].length, parts[1].length);
  if (smaller < LEAST_SIDE) return [[...rows]];
  const sums = parts.map((part) => sumOf(packed, part));
  const isApart =
    evidenceGap(sums, parts, by) >= SPLIT_EVIDENCE + SPLIT_EVIDENCE_SMALL / smaller &&
    ashmanD(packed, sums, parts) >= ASHMAN_D;
  if (!isApart) return [[...rows]];
  return parts.flatMap((part) => splitOf(packed, part, by));
}

/** Mean evidence within the looser part, less the mean evidence between both parts. Unit: natural log-odds. */
function evidenceGap(sums: readonly Float64Array[], parts: Parts, { intercept, slope }: Evidence): number {
  // The mean over pairs follows from the sums: each vector has length 1, so its product with itself is 1.
  const within = parts.map(({ length: n }, part) => (dot(sums[part]!, sums[part]!) - n) / (n * (n - 1)));
  const between = dot(sums[0]!, sums[1]!) / (parts[0].length * parts[1].length);
  const evidence = (similarity: number) => intercept + slope * distanceOf(similarity);
  return evidence(Math.min(...within)) - evidence(between);
}

/** Ashman's D along the line through both means: √2 · |difference of means| / √(sum of variances). */
function ashmanD(packed: Packed, sums: readonly Float64Array[], parts: Parts): number {
  const axis = sums[0]!.map((value, i) => value / parts[0].length - sums[1]![i]! / parts[1].length);
  const [one, other] = parts.map((part) => {
    const places = part.map((row) => along(packed, axis, row));
    const mean = places.reduce((sum, at) => sum + at, 0) / part.length;
    const variance = places.reduce((sum, at) => sum + (at - mean) ** 2, 0) / (part.length - 1);
    return { mean, variance };
  }) as [Moments, Moments];
  // 1e-12, since copies of one face have no variance at all.
  return (Math.SQRT2 * Math.abs(one.mean - other.mean)) / Math.sqrt(one.variance + other.variance + 1e-12);
}

interface Moments {
  mean: number;
  variance: number;
}

/**
 * Two-means (Lloyd 1982). It begins with the face that is least similar to the mean of all, and the face that is least
 * similar to that one.
 *
 * @returns part of each row, 0 or 1
 */
function twoMeans(packed: Packed, rows: readonly number[]): Uint8Array {
  const farthest = (from: Float64Array) =>
    rows.reduce((a, b) => (along(packed, from, b) < along(packed, from, a) ? b : a));
  const edge = farthest(sumOf(packed, rows));
  let means = [edge, farthest(sumOf(packed, [edge]))].map((row) => sumOf(packed, [row]));
  let partOf = new Uint8Array(rows.length).fill(2);
  for (let round = 0; round < ROUNDS; round++) {
    const lengths = means.map((mean) => dot(mean, mean) / 2);
    const next = Uint8Array.from(rows, (row) =>
      along(packed, means[0]!, row) - lengths[0]! >= along(packed, means[1]!, row) - lengths[1]! ? 0 : 1,
    );
    if (next.every((part, at) => part === partOf[at])) break;
    partOf = next;
    const parts = [0, 1].map((part) => rows.filter((_, at) => partOf[at] === part));
    if (parts.some(({ length }) => length === 0)) break;
    means = parts.map((part) => sumOf(packed, part).map((value) => value / part.length));
  }
  return partOf;
}

/** Dot product of a face with a direction. */
function along({ vectors, size }: Packed, direction: Float64Array, row: number): number {
  let sum = 0;
  for (let i = 0, at = row * size; i < size; i++, at++) sum += direction[i]! * vectors[at]!;
  return sum;
}

function sumOf({ vectors, size }: Packed, rows: readonly number[]): Float64Array {
  const sum = new Float64Array(size);
  for (const row of rows) for (let i = 0; i < size; i++) sum[i]! += vectors[row * size + i]!;
  return sum;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
