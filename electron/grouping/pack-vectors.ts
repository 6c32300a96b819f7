import { PACKING_LOSS } from './constants.ts';
import type { Product } from './product.ts';

/** Rows from which directions are taken; others give one where they reach beyond those. */
const SAMPLE = 1024;

/** Rows that are turned at once. */
const BLOCK = 8192;

/** Vectors packed row by row. */
interface Packed {
  vectors: Float32Array<ArrayBuffer>;
  size: number;
}

/**
 * The same vectors in the directions in which they lie, and in no others: dot products and distances stay what they
 * were, to 2e-5. An encoder need not use all the directions that its output has. FaceNet's 512 numbers lie in 52 on all
 * faces of LFW, dlib's 128 in 80 (the rest is a few millionths), so that everything that compares faces has a tenth of the
 * numbers to read. Where they use more than three quarters of the directions they are given back as they are.
 *
 * The directions are those of faces, orthonormal, each time of the face that reaches farthest beyond the ones before
 * (Gram & Schmidt with pivoting: Golub & Van Loan, "Matrix Computations", 5.4). Repeatable.
 *
 * @param vectors n × size, packed row by row, each L2-normalised
 */
export async function packVectors(
  vectors: Float32Array<ArrayBuffer>,
  size: number,
  product: Product,
): Promise<Packed> {
  const n = vectors.length / size;
  const most = Math.floor((size * 3) / 4);
  const step = Math.max(1, n / SAMPLE);
  const sample = Array.from({ length: Math.min(n, SAMPLE) }, (_, at) => Math.floor(at * step));
  const axes: Float64Array[] = [];
  let seen: Float64Array[] = sample.map((row) => whole(vectors, size, row));
  for (;;) {
    if (!reach(axes, seen, most)) return { vectors, size };
    const turned = await turn(vectors, size, axes, product);
    const beyond = farthest(vectors, size, turned, axes.length);
    if (beyond.length === 0) return { vectors: turned, size: axes.length };
    seen = beyond.map((row) => rest(axes, whole(vectors, size, row)));
  }
}

/** Adds directions until these vectors, of which what lies within `axes` is taken off, reach beyond none. */
function reach(axes: Float64Array[], rests: readonly Float64Array[], most: number): boolean {
  const lengths = rests.map(squared);
  for (;;) {
    const at = lengths.reduce((best, length, row) => (length > lengths[best]! ? row : best), 0);
    if (!(lengths[at]! > PACKING_LOSS / 2)) return true;
    if (axes.length === most) return false;
    const length = Math.sqrt(lengths[at]!);
    const axis = rests[at]!.map((value) => value / length);
    axes.push(axis);
    rests.forEach((vector, row) => {
      lessen(vector, axis);
      lengths[row] = squared(vector);
    });
  }
}

async function turn(
  vectors: Float32Array,
  size: number,
  axes: readonly Float64Array[],
  product: Product,
): Promise<Float32Array<ArrayBuffer>> {
  const directions = new Float32Array(axes.length * size);
  axes.forEach((axis, at) => {
    directions.set(axis, at * size);
  });
  const turned = new Float32Array((vectors.length / size) * axes.length);
  for (let from = 0; from * size < vectors.length; from += BLOCK) {
    const rows = vectors.subarray(from * size, (from + BLOCK) * size);
    const { dots } = await product(rows, directions, size);
    turned.set(dots, from * axes.length);
  }
  return turned;
}

/** The rows that lose most, of those that lose too much. */
function farthest(vectors: Float32Array, size: number, turned: Float32Array, width: number): number[] {
  const lost: { row: number; by: number }[] = [];
  for (let row = 0; row * size < vectors.length; row++) {
    let by = 0;
    for (let at = row * size; at < (row + 1) * size; at++) by += vectors[at]! * vectors[at]!;
    for (let at = row * width; at < (row + 1) * width; at++) by -= turned[at]! * turned[at]!;
    if (by > PACKING_LOSS) lost.push({ row, by });
  }
  return lost
    .sort((a, b) => b.by - a.by || a.row - b.row)
    .slice(0, SAMPLE)
    .map(({ row }) => row);
}

/** What of a vector lies in none of the directions. */
function rest(axes: readonly Float64Array[], vector: Float64Array): Float64Array {
  for (const axis of axes) lessen(vector, axis);
  return vector;
}

/** Takes off what lies in one direction. */
function lessen(vector: Float64Array, axis: Float64Array): void {
  let along = 0;
  for (let i = 0; i < axis.length; i++) along += vector[i]! * axis[i]!;
  for (let i = 0; i < axis.length; i++) vector[i]! -= along * axis[i]!;
}

function whole(vectors: Float32Array, size: number, row: number): Float64Array {
  return Float64Array.from(vectors.subarray(row * size, (row + 1) * size));
}

function squared(vector: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < vector.length; i++) sum += vector[i]! * vector[i]!;
  return sum;
}
