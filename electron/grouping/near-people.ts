import type { Calibration } from '../contract/calibration.ts';
import { similarityAt } from './calibrate.ts';
import { NEAR_EVIDENCE } from './constants.ts';
import type { RankedPerson } from './match-probability.ts';
import type { Faces } from './normalised-graph.ts';

/** Mean of a person's examples. */
interface Mean {
  vector: Float64Array;
  /** Mean of their normalisation offsets. */
  offset: number;
}

/**
 * Which people are near each other, such as brothers, sisters and children of one age. It is a fact of their examples:
 * two people are near where the calibration takes two such faces for one person rather than for two. What is compared is the
 * mean over all pairs of their examples (average linkage), of similarities with the normalisation offsets taken off.
 *
 * [Note: Two near people] How likely a face is one of two near people rather than the other depends on its lead alone: of
 * faces with a near person, up to one in ten is ahead for the wrong one. From a lead of NEAR_LEAD on none was. So the
 * probability of a face that is less far ahead of a near
 * person is at most the share of that one against the other (`shareOfNear`), which is never *sure* at the default
 * level; and Kith asks "Emma or Lina?" instead of "is this Emma?".
 */
export class NearPeople {
  readonly #faces: Faces;
  readonly #offsets: Float64Array;
  /** Similarity from which two people are near. */
  readonly #bound: number;
  readonly #means = new WeakMap<readonly number[], Mean>();
  /** Likeness of two people by their examples, the same arrays as long as they are the same. */
  readonly #known = new WeakMap<readonly number[], WeakMap<readonly number[], number>>();

  /** @param offsets normalisation offset of each face */
  constructor(faces: Faces, offsets: Float64Array, calibration: Calibration) {
    this.#faces = faces;
    this.#offsets = offsets;
    this.#bound = similarityAt(NEAR_EVIDENCE, calibration);
  }

  /** @param a rows of one person's examples, at least one @param b rows of another's */
  areNear(a: readonly number[], b: readonly number[]): boolean {
    return this.likeness(a, b) > this.#bound;
  }

  /** Mean similarity of the examples of two people, less the normalisation offsets. Parameters as of `areNear`. */
  likeness(a: readonly number[], b: readonly number[]): number {
    let known = this.#known.get(a);
    if (known === undefined) {
      known = new WeakMap();
      this.#known.set(a, known);
    }
    const before = known.get(b);
    if (before !== undefined) return before;
    const likeness = likenessOf(this.#meanOf(a), this.#meanOf(b));
    known.set(b, likeness);
    return likeness;
  }

  /**
   * Pairs of people whose likeness reaches a bound. A plain loop that remembers nothing, since 2,000 people are two million
   * pairs.
   *
   * @param people rows of each person's examples
   */
  alike(
    people: readonly (readonly number[])[],
    bound: number,
  ): { pair: [number, number]; likeness: number }[] {
    const means = people.map((rows) => this.#meanOf(rows));
    const found: { pair: [number, number]; likeness: number }[] = [];
    for (let one = 0; one < means.length; one++) {
      for (let other = one + 1; other < means.length; other++) {
        const likeness = likenessOf(means[one]!, means[other]!);
        if (likeness >= bound) found.push({ pair: [one, other], likeness });
      }
    }
    return found;
  }

  /**
   * The most similar of those people a face may be who are near one of them.
   *
   * @param ranked a face's people, the most similar first
   * @param at which of them, from 0
   * @param floor people after the second count only from this score on, since nobody is a candidate below it
   * @returns place in `ranked`, from 0; −1: nobody is near
   */
  nearest(ranked: readonly RankedPerson[], at: number, floor: number): number {
    const { examples } = ranked[at]!;
    for (let place = 0; place < ranked.length; place++) {
      const other = ranked[place]!;
      if (place === at || (place >= 2 && other.score < floor)) continue;
      if (this.areNear(examples, other.examples)) return place;
    }
    return -1;
  }

  #meanOf(rows: readonly number[]): Mean {
    const known = this.#means.get(rows);
    if (known) return known;
    const { vectors, size } = this.#faces;
    const vector = new Float64Array(size);
    let offset = 0;
    for (const row of rows) {
      offset += this.#offsets[row]! / rows.length;
      for (let i = 0; i < size; i++) vector[i]! += vectors[row * size + i]! / rows.length;
    }
    const mean = { vector, offset };
    this.#means.set(rows, mean);
    return mean;
  }
}

function likenessOf(one: Mean, other: Mean): number {
  let sum = 0;
  for (let i = 0; i < one.vector.length; i++) sum += one.vector[i]! * other.vector[i]!;
  return sum - (one.offset + other.offset);
}
