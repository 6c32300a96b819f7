import type { Faces } from './neighbours.ts';
import type { Product } from './product.ts';
import { eachTile, TILE } from './tiles.ts';

/**
 * Examples that stand for a person by themselves, evenly out of all; the others speak through the middle of all, and to
 * the faces near to them. With more the best of them says less: everybody is like one of a thousand faces.
 */
const STANDING = 32;

/** Faces that are multiplied at once. */
const BLOCK = 4096;

/** How like a person every face is, by itself, told from the person's examples: see {@link likenessTo}. */
export type Likeness = (examples: readonly number[]) => Float32Array;

/**
 * How like a person every face is by itself: half the similarity to the middle of all examples, a quarter that to the
 * best of them, and a quarter the mean of the three best; less the crowding around both.
 *
 * @param offsets what each face takes off its dot products
 * @param examples rows, at least one, in order
 */
export function likenessTo(faces: Faces, offsets: Float64Array, examples: readonly number[]): Float32Array {
  const person = new Person(faces, offsets, examples);
  const own = new Float32Array(offsets.length);
  eachTile(person.ones, faces.vectors, faces.size, (tile, _top, _rows, left, columns) => {
    for (let c = 0; c < columns; c++) own[left + c] = person.likeness(tile, c, TILE) - offsets[left + c]!;
  });
  return own;
}

/** The same by a product that takes its time. */
export async function likenessBy(
  product: Product,
  faces: Faces,
  offsets: Float64Array,
  examples: readonly number[],
): Promise<Float32Array> {
  const { vectors, size } = faces;
  const person = new Person(faces, offsets, examples);
  const columns = person.ones.length / size;
  const own = new Float32Array(offsets.length);
  for (let top = 0; top < own.length; top += BLOCK) {
    const rows = Math.min(BLOCK, own.length - top);
    const { dots } = await product(vectors.subarray(top * size, (top + rows) * size), person.ones, size);
    for (let r = 0; r < rows; r++) own[top + r] = person.likeness(dots, r * columns, 1) - offsets[top + r]!;
  }
  return own;
}

/** What stands for a person. */
class Person {
  /** Examples, and their middle as one row more. */
  readonly ones: Float32Array;
  readonly #offsets: Float64Array;
  readonly #middle: number;

  constructor({ vectors, size }: Faces, offsets: Float64Array, examples: readonly number[]) {
    const standing = evenly(examples, STANDING);
    this.ones = new Float32Array((standing.length + 1) * size);
    standing.forEach((row, at) => {
      this.ones.set(vectors.subarray(row * size, (row + 1) * size), at * size);
    });
    this.ones.set(middleOf(vectors, size, examples), standing.length * size);
    this.#offsets = Float64Array.from(standing, (row) => offsets[row]!);
    this.#middle = examples.reduce((sum, row) => sum + offsets[row]!, 0) / examples.length;
  }

  /** Of one face, whose dot products with {@link Person.ones} lie `stride` apart; what the face takes off is left to do. */
  likeness(dots: Float32Array | Float64Array, from: number, stride: number): number {
    const off = this.#offsets;
    const count = off.length;
    let best = -2;
    let second = -2;
    let third = -2;
    let at = from;
    for (let e = 0; e < count; e++, at += stride) {
      const similarity = dots[at]! - off[e]!;
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
    const counted = Math.min(3, count);
    const three = best + (counted > 1 ? second : 0) + (counted > 2 ? third : 0);
    return (dots[at]! - this.#middle) / 2 + (best + three / counted) / 4;
  }
}

/** dot − offset − offset of every face with one. */
export function similaritiesTo({ vectors, size }: Faces, offsets: Float64Array, row: number): Float32Array {
  const one = vectors.slice(row * size, (row + 1) * size);
  const similarities = new Float32Array(offsets.length);
  for (let other = 0; other < offsets.length; other++) {
    let sum = 0;
    for (let i = 0, at = other * size; i < size; i++, at++) sum += one[i]! * vectors[at]!;
    similarities[other] = sum - offsets[row]! - offsets[other]!;
  }
  return similarities;
}

/** The direction in which these faces lie together, of length 1. */
function middleOf(vectors: Float32Array, size: number, rows: readonly number[]): Float32Array {
  const sum = new Float64Array(size);
  for (const row of rows) for (let i = 0; i < size; i++) sum[i]! += vectors[row * size + i]!;
  const length = Math.hypot(...sum);
  return Float32Array.from(sum, (value) => value / length);
}

/** At most so many of a list, evenly out of all of it. */
function evenly(list: readonly number[], most: number): readonly number[] {
  if (list.length <= most) return list;
  return Array.from({ length: most }, (_, at) => list[Math.floor((at * list.length) / most)]!);
}
