import {
  CENTROID_WEIGHT,
  COMPARED_PER_EXAMPLE,
  COMPARED_SHARE,
  EXAMPLES_COMPARED,
  LEAST_COMPARED,
} from './constants.ts';
import type { Faces } from './normalised-graph.ts';
import { evenly, pickRows } from './rows.ts';
import { eachTile, TILE } from './tiles.ts';

/** One face in so many is sampled to find the similarity that a share of all exceeds. Source: bound; speed only. */
const SAMPLING = 16;

/**
 * Score of every face against a person's template. {@link CENTROID_WEIGHT} of it is the similarity to the centroid of
 * the examples; the rest is in equal parts the similarity to the best example and the mean of the three best. The
 * normalisation offsets of both sides are subtracted. Faces far from the centroid only have the similarity to the
 * centroid; a path through other faces finds such a face if it is similar to a single example.
 *
 * @param offsets normalisation offset of each face
 * @param examples rows, at least one, in order
 * @returns one similarity for each face
 */
export function templateScores(
  faces: Faces,
  offsets: Float64Array,
  examples: readonly number[],
): Float32Array {
  const { vectors, size } = faces;
  const own = dotsWith(faces, centroidOf(vectors, size, examples));
  const mean = examples.reduce((sum, row) => sum + offsets[row]!, 0) / examples.length;
  for (let row = 0; row < own.length; row++) own[row]! -= mean + offsets[row]!;
  if (examples.length === 1) return own;
  const compared = evenly(examples, EXAMPLES_COMPARED);
  const off = Float64Array.from(compared, (row) => offsets[row]!);
  const near = nearestOf(own, COMPARED_PER_EXAMPLE * examples.length);
  eachTile(
    pickRows(vectors, size, compared),
    pickRows(vectors, size, near),
    size,
    (tile, _top, _rows, left, columns) => {
      for (let c = 0; c < columns; c++) {
        const row = near[left + c]!;
        own[row] =
          CENTROID_WEIGHT * own[row]! + (1 - CENTROID_WEIGHT) * (bestOf(tile, c, off) - offsets[row]!);
      }
    },
  );
  return own;
}

/** `dot − offset − offset` of every face with one face. */
export function normalisedSimilarities(faces: Faces, offsets: Float64Array, row: number): Float32Array {
  const { vectors, size } = faces;
  const similarities = dotsWith(faces, vectors.subarray(row * size, (row + 1) * size));
  for (let other = 0; other < similarities.length; other++) {
    similarities[other]! -= offsets[row]! + offsets[other]!;
  }
  return similarities;
}

/** Mean of the best similarity and of the mean of the three best, in one column of a tile. At least two examples. */
function bestOf(tile: Float64Array, column: number, offsets: Float64Array): number {
  let best = -2;
  let second = -2;
  let third = -2;
  for (let e = 0, at = column; e < offsets.length; e++, at += TILE) {
    const similarity = tile[at]! - offsets[e]!;
    if (similarity <= third) continue;
    if (similarity <= second) {
      third = similarity;
      continue;
    }
    third = second;
    second = similarity;
    if (similarity <= best) continue;
    second = best;
    best = similarity;
  }
  const three = offsets.length > 2 ? (best + second + third) / 3 : (best + second) / 2;
  return (best + three) / 2;
}

/** Dot products of every face with one vector. */
function dotsWith({ vectors, size }: Faces, vector: Float32Array): Float32Array {
  const one = Float64Array.from(vector);
  const dots = new Float32Array(vectors.length / size);
  for (let row = 0, start = 0; row < dots.length; row++, start += size) {
    // Two sums, since each addition to one sum waits for the one before.
    let even = 0;
    let odd = 0;
    let i = 0;
    for (; i + 1 < size; i += 2) {
      even += one[i]! * vectors[start + i]!;
      odd += one[i + 1]! * vectors[start + i + 1]!;
    }
    if (i < size) even += one[i]! * vectors[start + i]!;
    dots[row] = even + odd;
  }
  return dots;
}

/**
 * The rows with the highest values, in order: about {@link COMPARED_SHARE} of all, {@link LEAST_COMPARED} or `count`.
 */
function nearestOf(values: Float32Array, count: number): number[] {
  const share = Math.max(COMPARED_SHARE, Math.max(LEAST_COMPARED, count) / values.length);
  if (share >= 1) return Array.from(values, (_, row) => row);
  const sample = values.filter((_, row) => row % SAMPLING === 0).sort();
  const least = sample[Math.floor((1 - share) * sample.length)]!;
  const rows: number[] = [];
  for (let row = 0; row < values.length; row++) if (values[row]! >= least) rows.push(row);
  return rows;
}

/** Mean vector of some rows, scaled to length 1. */
function centroidOf(vectors: Float32Array, size: number, rows: readonly number[]): Float32Array {
  const sum = new Float64Array(size);
  for (const row of rows) for (let i = 0; i < size; i++) sum[i]! += vectors[row * size + i]!;
  const length = Math.hypot(...sum);
  return Float32Array.from(sum, (value) => value / length);
}
