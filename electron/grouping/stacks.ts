import type { UnitBox } from '../contract/geometry.ts';
import { EVEN_SAME_LOOK, SAME_LOOK } from './constants.ts';
import type { KnnGraph } from './knn-graph.ts';

/** What is known of a face's photo, to decide whether another photo is a version of it. */
export interface Sight {
  /** Any number; two faces of one photo never share a stack. */
  photo: number;
  /** When the photo was taken, in days; NaN where that is not known. */
  days: number;
  /** The photo's difference hash, 16 hexadecimal digits (see vision/dhash.ts); null where it is not known. */
  dhash: string | null;
}

/**
 * `apart`: how far the centres of a face on two versions of a photo are apart at most, as a share of the photo's sides.
 * `larger`: how many times as large one face is as the other at most. Source: bound and by hand; a cut of 5 % moves a
 * face by 0.053 and makes it 1.053 times as large at most, and the rest, chosen by hand, is what detectors differ by.
 */
export const SAME_PLACE = { apart: 0.08, larger: 1.25 };

/**
 * Photos that follow each other within this time are of one burst. Unit: days (three seconds). Source: chosen by hand.
 */
export const BURST = 3 / 86_400;

/**
 * Pairs of similar faces on two photos that may be versions of each other. The photos' hashes are compared later, in
 * {@link stacksOf}.
 *
 * @param photo of each row
 * @param bound least dot product
 * @param may whether two faces may be versions: see {@link mayBeVersions}
 * @returns two rows a pair, packed, the most similar first
 */
export function alikePairs(
  { count, rows, dots }: KnnGraph,
  photo: ArrayLike<number>,
  bound: number,
  may: (a: number, b: number) => boolean = () => true,
): Int32Array {
  const pairs: { a: number; b: number; dot: number }[] = [];
  for (let a = 0; a < photo.length; a++) {
    for (let at = a * count; at < (a + 1) * count && dots[at]! >= bound; at++) {
      const b = rows[at]!;
      if (b < 0 || photo[a] === photo[b]) continue;
      if (!may(a, b)) continue;
      // A pair is in both faces' lists, unless one list is full of nearer faces.
      const isTwice = b < a && isIn(rows, b * count, count, a);
      if (!isTwice) pairs.push({ a, b, dot: dots[at]! });
    }
  }
  pairs.sort((one, other) => other.dot - one.dot || one.a - other.a || one.b - other.b);
  return Int32Array.from(pairs.flatMap(({ a, b }) => [a, b]));
}

function isIn(rows: Int32Array, from: number, count: number, row: number): boolean {
  return rows.subarray(from, from + count).includes(row);
}

/** Whether two faces are at the same place and of the same size on their photos, or of one burst. */
export function mayBeVersions(a: { box: UnitBox; days: number }, b: typeof a): boolean {
  return isBurst(a, b) || isSamePlace(a.box, b.box);
}

/** Whether two faces are at the same place and of the same size on their photos. */
export function isSamePlace(a: UnitBox, b: UnitBox): boolean {
  const apart = (from: 'x' | 'y', side: 'width' | 'height') =>
    Math.abs(a[from] + a[side] / 2 - b[from] - b[side] / 2);
  const larger = (side: 'width' | 'height') => Math.max(a[side] / b[side], b[side] / a[side]);
  return (
    Math.max(apart('x', 'width'), apart('y', 'height')) <= SAME_PLACE.apart &&
    Math.max(larger('width'), larger('height')) <= SAME_PLACE.larger
  );
}

/** Whether two photos were taken within one burst; false where a time is not known. */
export function isBurst(a: Pick<Sight, 'days'>, b: Pick<Sight, 'days'>): boolean {
  return Math.abs(a.days - b.days) <= BURST;
}

/** Whether two photos look alike, by their difference hashes; false where a hash is not known. */
export function looksSame(a: Pick<Sight, 'dhash'>, b: Pick<Sight, 'dhash'>, bits = SAME_LOOK): boolean {
  if (a.dhash === null || b.dhash === null) return false;
  return differingBits(a.dhash, b.dhash) <= bits;
}

/**
 * Whether two photos with the same person at the same place are versions of one photo. The faces need not be similar,
 * since a messenger's copy may leave little of them.
 */
export function areVersions(a: Omit<Sight, 'photo'>, b: Omit<Sight, 'photo'>): boolean {
  return isBurst(a, b) || looksSame(a, b, EVEN_SAME_LOOK);
}

/**
 * Stacks versions of one photo: pairs of similar faces whose photos look alike or are of one burst. A version of a
 * version is in the same stack.
 *
 * @param pairs of {@link alikePairs}; of two faces of one photo that fit one stack, the more similar one joins it
 * @param sights what is known of the photo of a row
 * @returns the rows of each stack of two or more
 */
export function stacksOf(pairs: Int32Array, sights: (row: number) => Sight): number[][] {
  const stacks = new Map<number, { rows: number[]; photos: Set<number> }>();
  const stackOf = (row: number) => stacks.get(row) ?? { rows: [row], photos: new Set([sights(row).photo]) };
  for (let at = 0; at < pairs.length; at += 2) {
    const [a, b] = [pairs[at]!, pairs[at + 1]!];
    const [one, other] = [stackOf(a), stackOf(b)];
    if (one === other || [...other.photos].some((photo) => one.photos.has(photo))) continue;
    const [first, second] = [sights(a), sights(b)];
    if (!isBurst(first, second) && !looksSame(first, second)) continue;
    const [into, from] = one.rows.length < other.rows.length ? [other, one] : [one, other];
    into.rows.push(...from.rows);
    for (const photo of from.photos) into.photos.add(photo);
    for (const row of into.rows) stacks.set(row, into);
  }
  return [...new Set(stacks.values())].map(({ rows }) => rows);
}

function differingBits(a: string, b: string): number {
  // Bit operations of JavaScript have 32 bits: eight hexadecimal digits at a time.
  const [high, low] = [0, 8].map((from) => {
    const [one, other] = [a, b].map((hash) => Number.parseInt(hash.slice(from, from + 8), 16));
    return ones(one! ^ other!);
  });
  return high! + low!;
}

/** How many bits of a 32-bit number are set (Warren, Hacker's Delight, 5-1). */
function ones(bits: number): number {
  let sum = bits - ((bits >>> 1) & 0x55555555);
  sum = (sum & 0x33333333) + ((sum >>> 2) & 0x33333333);
  return Math.imul((sum + (sum >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
