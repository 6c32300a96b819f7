import type { Faces } from './normalised-graph.ts';

/**
 * Score of every face against a person's template: the similarity to the centroid of the examples, less the normalisation
 * offsets of both sides. The best example has no weight of its own: with one, fewer people with several examples are
 * found (`npm run eval -- ablate`, November 2026). A path through other faces finds a face that is similar to
 * a single example.
 *
 * @param offsets normalisation offset of each face
 * @param examples rows, at least one
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

/** Mean vector of some rows, scaled to length 1. */
function centroidOf(vectors: Float32Array, size: number, rows: readonly number[]): Float32Array {
  const sum = new Float64Array(size);
  for (const row of rows) for (let i = 0; i < size; i++) sum[i]! += vectors[row * size + i]!;
  const length = Math.hypot(...sum);
  return Float32Array.from(sum, (value) => value / length);
}
