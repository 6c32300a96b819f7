import type { Evidence } from './calibrate.ts';
import { ASHMAN_D, LEAST_SIDE, SPLIT_EVIDENCE, SPLIT_EVIDENCE_SMALL } from './constants.ts';
import { distanceOf } from './similarity.ts';

/** Rounds of two means; they settle within a few. */
const ROUNDS = 30;

/** Vectors packed row by row, each L2-normalised. */
interface Packed {
  vectors: Float32Array;
  size: number;
}

type Halves = readonly [number[], number[]];

/**
 * The people that faces taken for one person look like: the faces as they are, or parts that are each alike and unlike
 * the others. Average linkage sees only how near two groups lie; where either is much denser than the way between
 * them (two siblings with many photos each), this does. Deterministic for rows in a given order.
 *
 * @param rows faces of one group
 * @returns the parts, together all of `rows`
 */
export function splitOf(packed: Packed, rows: readonly number[], by: Evidence): number[][] {
  if (rows.length < 2 * LEAST_SIDE) return [[...rows]];
  const isSecond = halve(packed, rows);
  const halves = [0, 1].map((side) => rows.filter((_, at) => isSecond[at] === side)) as unknown as Halves;
  const smaller = Math.min(halves[0].length, halves[1].length);
  if (smaller < LEAST_SIDE) return [[...rows]];
  const sums = halves.map((half) => sumOf(packed, half));
  const isApart =
    gap(sums, halves, by) >= SPLIT_EVIDENCE + SPLIT_EVIDENCE_SMALL / smaller &&
    cleft(packed, sums, halves) >= ASHMAN_D;
  if (!isApart) return [[...rows]];
  return halves.flatMap((half) => splitOf(packed, half, by));
}

/** Evidence that holds the looser half together beyond that which holds both. */
function gap(sums: readonly Float64Array[], halves: Halves, { intercept, slope }: Evidence): number {
  // A mean over pairs from sums alone: faces are of length 1, so a face with itself counts 1.
  const within = halves.map(({ length: n }, side) => (dot(sums[side]!, sums[side]!) - n) / (n * (n - 1)));
  const between = dot(sums[0]!, sums[1]!) / (halves[0].length * halves[1].length);
  const evidence = (similarity: number) => intercept + slope * distanceOf(similarity);
  return evidence(Math.min(...within)) - evidence(between);
}

/** Distance between the halves' middles over the scatter of both, along the way from one to the other. */
function cleft(packed: Packed, sums: readonly Float64Array[], halves: Halves): number {
  const axis = sums[0]!.map((value, i) => value / halves[0].length - sums[1]![i]! / halves[1].length);
  const [one, other] = halves.map((half) => {
    const places = half.map((row) => along(packed, axis, row));
    const mean = places.reduce((sum, at) => sum + at, 0) / half.length;
    const scatter = places.reduce((sum, at) => sum + (at - mean) ** 2, 0) / (half.length - 1);
    return { mean, scatter };
  }) as [Middle, Middle];
  // Copies of one face have no scatter at all.
  return (Math.SQRT2 * Math.abs(one.mean - other.mean)) / Math.sqrt(one.scatter + other.scatter + 1e-12);
}

interface Middle {
  mean: number;
  scatter: number;
}

/** Two means (Lloyd 1982), begun from a face at the edge and the one farthest from that. @returns 0 or 1 for each */
function halve(packed: Packed, rows: readonly number[]): Uint8Array {
  const farthest = (from: Float64Array) =>
    rows.reduce((a, b) => (along(packed, from, b) < along(packed, from, a) ? b : a));
  const edge = farthest(sumOf(packed, rows));
  let means = [edge, farthest(sumOf(packed, [edge]))].map((row) => sumOf(packed, [row]));
  let sides = new Uint8Array(rows.length).fill(2);
  for (let round = 0; round < ROUNDS; round++) {
    const lengths = means.map((mean) => dot(mean, mean) / 2);
    const next = Uint8Array.from(rows, (row) =>
      along(packed, means[0]!, row) - lengths[0]! >= along(packed, means[1]!, row) - lengths[1]! ? 0 : 1,
    );
    if (next.every((side, at) => side === sides[at])) break;
    sides = next;
    const halves = [0, 1].map((side) => rows.filter((_, at) => sides[at] === side));
    if (halves.some(({ length }) => length === 0)) break;
    means = halves.map((half) => sumOf(packed, half).map((value) => value / half.length));
  }
  return sides;
}

/** Dot product of one face with a direction. */
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
