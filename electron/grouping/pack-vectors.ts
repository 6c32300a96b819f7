import { PACKING_LOSS } from './constants.ts';
import type { Product } from './product.ts';

/** Rows from which directions are taken at once. Source: bound; speed only, since rows that lose too much are added. */
const SAMPLE = 1024;

/** Rows that are projected at once. Source: bound; speed only. */
const BLOCK = 8192;

/** Vectors packed row by row. */
interface Packed {
  vectors: Float32Array<ArrayBuffer>;
  size: number;
}

/**
 * Projects vectors onto the subspace that they span. Dot products and distances stay the same, to 2e-5. An encoder need
 * not use all dimensions of its output: on all faces of LFW, FaceNet's 512 numbers lie in 52 dimensions and dlib's 128
 * in 80 (the rest is a few millionths). So code that compares faces reads as little as a tenth of the numbers. Where
 * the vectors need more than three quarters of the dimensions, they are returned as they are, without axes.
 *
 * The basis is orthonormal. Each direction comes from the face that has the largest part outside the directions before
 * it (Gram-Schmidt with pivoting: Golub & Van Loan, "Matrix Computations", 5.4). Deterministic.
 *
 * @param vectors n × size, packed row by row, each L2-normalised
 */
export async function packVectors(
  vectors: Float32Array<ArrayBuffer>,
  size: number,
  product: Product,
): Promise<Packed & { axes: Float32Array | null }> {
  const found = await packing(vectors, size, Math.floor((size * 3) / 4), product);
  if (found === null) return { vectors, size, axes: null };
  return { vectors: found.packed, size: found.axes.length, axes: sideBySide(found.axes, size) };
}

/**
 * Packs more vectors into the same directions.
 *
 * @param axes as `packVectors` gave them
 * @returns null where one of the vectors loses more in them than `packVectors` allows
 */
export async function packMore(
  vectors: Float32Array,
  size: number,
  axes: Float32Array,
  product: Product,
): Promise<Float32Array | null> {
  const packed = await projected(vectors, size, axes, product);
  return farthest(vectors, size, packed, axes.length / size).length === 0 ? packed : null;
}

/**
 * Orthonormal directions that span vectors, and the vectors' coordinates in them.
 *
 * @param vectors n × size, packed row by row
 * @param most directions; null where more would be needed
 */
export async function packing(
  vectors: Float32Array<ArrayBuffer>,
  size: number,
  most: number,
  product: Product,
): Promise<{ axes: Float64Array[]; packed: Float32Array<ArrayBuffer> } | null> {
  const n = vectors.length / size;
  const step = Math.max(1, n / SAMPLE);
  const sample = Array.from({ length: Math.min(n, SAMPLE) }, (_, at) => Math.floor(at * step));
  const axes: Float64Array[] = [];
  let rests: Float64Array[] = sample.map((row) => vectorOf(vectors, size, row));
  for (;;) {
    if (!extend(axes, rests, most)) return null;
    const packed = await projected(vectors, size, sideBySide(axes, size), product);
    const beyond = farthest(vectors, size, packed, axes.length);
    if (beyond.length === 0) return { axes, packed };
    rests = beyond.map((row) => orthogonalRest(axes, vectorOf(vectors, size, row)));
  }
}

/**
 * Adds directions to `axes` until they span the given vectors.
 *
 * @param rests parts of the vectors that are orthogonal to `axes`, changed in place
 * @returns false where more than `most` directions would be needed
 */
function extend(axes: Float64Array[], rests: readonly Float64Array[], most: number): boolean {
  const lengths = rests.map(squared);
  for (;;) {
    const at = lengths.reduce((best, length, row) => (length > lengths[best]! ? row : best), 0);
    if (!(lengths[at]! > PACKING_LOSS / 2)) return true;
    if (axes.length === most) return false;
    const length = Math.sqrt(lengths[at]!);
    const axis = rests[at]!.map((value) => value / length);
    axes.push(axis);
    rests.forEach((vector, row) => {
      removeAlong(vector, axis);
      lengths[row] = squared(vector);
    });
  }
}

function sideBySide(axes: readonly Float64Array[], size: number): Float32Array {
  const directions = new Float32Array(axes.length * size);
  for (const [at, axis] of axes.entries()) directions.set(axis, at * size);
  return directions;
}

/** Coordinates of all rows in some directions, which lie one after another. */
async function projected(
  vectors: Float32Array,
  size: number,
  directions: Float32Array,
  product: Product,
): Promise<Float32Array<ArrayBuffer>> {
  const width = directions.length / size;
  const packed = new Float32Array((vectors.length / size) * width);
  for (let from = 0; from * size < vectors.length; from += BLOCK) {
    const rows = vectors.subarray(from * size, (from + BLOCK) * size);
    const { dots } = await product(rows, directions, size);
    packed.set(dots, from * width);
  }
  return packed;
}

/** Of the rows that lose more than {@link PACKING_LOSS}, the {@link SAMPLE} that lose most. */
function farthest(vectors: Float32Array, size: number, packed: Float32Array, width: number): number[] {
  const lost: { row: number; by: number }[] = [];
  for (let row = 0; row * size < vectors.length; row++) {
    let by = 0;
    for (let at = row * size; at < (row + 1) * size; at++) by += vectors[at]! * vectors[at]!;
    for (let at = row * width; at < (row + 1) * width; at++) by -= packed[at]! * packed[at]!;
    if (by > PACKING_LOSS) lost.push({ row, by });
  }
  return lost
    .sort((a, b) => b.by - a.by || a.row - b.row)
    .slice(0, SAMPLE)
    .map(({ row }) => row);
}

/** Subtracts the part of a vector that lies in the directions, in place. */
function orthogonalRest(axes: readonly Float64Array[], vector: Float64Array): Float64Array {
  for (const axis of axes) removeAlong(vector, axis);
  return vector;
}

/** Subtracts the part of a vector that lies in one direction, in place. */
function removeAlong(vector: Float64Array, axis: Float64Array): void {
  let along = 0;
  for (let i = 0; i < axis.length; i++) along += vector[i]! * axis[i]!;
  for (let i = 0; i < axis.length; i++) vector[i]! -= along * axis[i]!;
}

function vectorOf(vectors: Float32Array, size: number, row: number): Float64Array {
  return Float64Array.from(vectors.subarray(row * size, (row + 1) * size));
}

function squared(vector: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < vector.length; i++) sum += vector[i]! * vector[i]!;
  return sum;
}
