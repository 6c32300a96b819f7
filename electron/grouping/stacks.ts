import type { UnitBox } from '../contract/geometry.ts';
import { EVEN_SAME_LOOK, SAME_LOOK } from './constants.ts';
import type { KnnGraph } from './knn-graph.ts';

/** What is to be known of a face's photo to tell whether another photo is a version of it. */
export interface Sight {
  /** Any number; two faces of one photo never share a stack. */
  photo: number;
  /** When it was taken, in days; NaN where that is not known. */
  days: number;
  /** What it looks like from afar, 16 hexadecimal digits (see vision/dhash.ts); null where that is not known. */
  dhash: string | null;
}

/**
 * How far the middles of a face on two versions of a photo lie apart at most, as a share of the photo's sides, and how
 * many times larger one is. A cut of 5 % moves a face by 0.053 and makes it 1.053 times as large at most; the rest is what
 * detectors differ by, chosen by hand.
 */
const SAME_PLACE = { apart: 0.08, larger: 1.25 };

/** Photos that follow each other this soon, in days, are of one burst: three seconds, as known-pairs.ts has it. */
const BURST = 3 / 86_400;

/**
 * Pairs of faces of two photos that may be versions of each other, as far as can be told without a look at the photos.
 *
 * @param photo of each row
 * @param bound least dot product
 * @param may whether two faces may be versions: see {@link mayBeVersions}
 * @returns two rows a pair, packed, the most alike first
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
      // A pair is in the lists of both, unless one of these is full of others.
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

/** Whether two faces are at one place of their photos and of one size there, or of one burst. */
export function mayBeVersions(a: { box: UnitBox; days: number }, b: typeof a): boolean {
  return isBurst(a, b) || isSamePlace(a.box, b.box);
}

/** Whether two faces are at one place of their photos, and of one size there. */
export function isSamePlace(a: UnitBox, b: UnitBox): boolean {
  const apart = (from: 'x' | 'y', side: 'width' | 'height') =>
    Math.abs(a[from] + a[side] / 2 - b[from] - b[side] / 2);
  const larger = (side: 'width' | 'height') => Math.max(a[side] / b[side], b[side] / a[side]);
  return (
    Math.max(apart('x', 'width'), apart('y', 'height')) <= SAME_PLACE.apart &&
    Math.max(larger('width'), larger('height')) <= SAME_PLACE.larger
  );
}

/** Whether two photos were taken within one burst, as far as their files say. */
export function isBurst(a: Pick<Sight, 'days'>, b: Pick<Sight, 'days'>): boolean {
  return Math.abs(a.days - b.days) <= BURST;
}

/** Whether two photos look alike from afar. */
export function looksSame(a: Pick<Sight, 'dhash'>, b: Pick<Sight, 'dhash'>, bits = SAME_LOOK): boolean {
  if (a.dhash === null || b.dhash === null) return false;
  return differingBits(a.dhash, b.dhash) <= bits;
}

/**
 * Whether two photos with the same person at one place are versions of one, however unlike the face: a messenger's copy may
 * leave little of it.
 */
export function areVersions(a: Omit<Sight, 'photo'>, b: Omit<Sight, 'photo'>): boolean {
  return isBurst(a, b) || looksSame(a, b, EVEN_SAME_LOOK);
}

/**
 * Puts versions of one photo together: faces that are as alike as versions are, on photos that look alike or are of one
 * burst. Versions of a version are of the same stack.
 *
 * @param pairs of {@link alikePairs}; where two faces of a photo are wanted by one stack, the more alike one joins it
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
  const halves = [0, 8].map((from) => {
    const [one, other] = [a, b].map((hash) => Number.parseInt(hash.slice(from, from + 8), 16));
    return ones(one! ^ other!);
  });
  return halves[0]! + halves[1]!;
}

/** How many bits of a 32-bit number are set (Warren, Hacker's Delight, 5-1). */
function ones(bits: number): number {
  let sum = bits - ((bits >>> 1) & 0x55555555);
  sum = (sum & 0x33333333) + ((sum >>> 2) & 0x33333333);
  return Math.imul((sum + (sum >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
