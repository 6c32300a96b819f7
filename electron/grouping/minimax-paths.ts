import { NEIGHBOURS_PER_FACE } from './constants.ts';
import { throughPath } from './match-formulas.ts';
import type { MatchState } from './match-state.ts';
import { type MatchedPerson, REFUSED } from './matched-person.ts';

/**
 * Similarities of faces to people: a face's own template score, and the best minimax path through other faces. A path
 * is as good as its weakest link. Cluster consensus comes later: see cluster-consensus.ts.
 */
export class MinimaxPaths {
  readonly #graph: MatchState['graph'];
  readonly #owner: Int32Array;
  readonly #labelled: Uint8Array;
  /** Three arrays of n numbers, used again for each person: new ones would keep the garbage collector busy. */
  readonly #scratch: [own: Float32Array, once: Float32Array, twice: Float32Array];

  constructor({ graph, owner, labelled }: Pick<MatchState, 'graph' | 'owner' | 'labelled'>) {
    this.#graph = graph;
    this.#owner = owner;
    this.#labelled = labelled;
    const row = () => new Float32Array(labelled.length);
    this.#scratch = [row(), row(), row()];
  }

  /** One face's similarity to a person; −2 where the face can't be that person. */
  similarity(key: number, person: MatchedPerson, row: number): number {
    const own = this.own(key, person, row);
    if (own <= -2) return -2;
    if (person.capped !== null && person.capped[row]! > 0) return own;
    const { nearest, similarities } = this.#graph;
    let best = this.once(key, person, row, own);
    for (let at = row * NEIGHBOURS_PER_FACE, end = at + NEIGHBOURS_PER_FACE; at < end; at++) {
      const similarity = similarities[at]!;
      if (similarity <= best) break;
      const other = nearest[at]!;
      const through = this.once(key, person, other, this.own(key, person, other));
      const least = similarity < through ? similarity : through;
      if (least > best) best = least;
    }
    return throughPath(own, best);
  }

  /** The same for all faces; −2 for labelled ones. The next call overwrites the result. */
  all(key: number, person: MatchedPerson): Float32Array {
    const [graph, owner, labelled] = [this.#graph, this.#owner, this.#labelled];
    const n = labelled.length;
    const { capped } = person;
    const [own, once, twice] = this.#scratch;
    own.set(person.own);
    for (let row = 0; row < n; row++) {
      if (capped?.[row] === REFUSED) own[row] = -2;
      else if (owner[row] === key) own[row] = 1;
      else if (labelled[row]) own[row] = -2;
    }
    step(own, own, capped, graph, once);
    step(own, once, capped, graph, twice);
    for (let row = 0; row < n; row++) {
      twice[row] = labelled[row] || own[row]! <= -2 ? -2 : throughPath(own[row]!, twice[row]!);
    }
    return twice;
  }

  /** Template score of a face: 1 for an example of the person, −2 for a face that can't be the person. */
  own(key: number, { own, capped }: MatchedPerson, row: number): number {
    if (capped !== null && capped[row] === REFUSED) return -2;
    const owner = this.#owner[row]!;
    if (owner === key) return 1;
    return owner >= 0 || this.#labelled[row] ? -2 : own[row]!;
  }

  /**
   * The best path from a face by way of at most one other.
   *
   * @param own the face's template score
   */
  once(key: number, person: MatchedPerson, row: number, own: number): number {
    if (own <= -2 || (person.capped !== null && person.capped[row]! > 0)) return own;
    const { nearest, similarities } = this.#graph;
    let best = own;
    for (let at = row * NEIGHBOURS_PER_FACE, end = at + NEIGHBOURS_PER_FACE; at < end; at++) {
      const similarity = similarities[at]!;
      if (similarity <= best) break;
      const other = this.own(key, person, nearest[at]!);
      const least = similarity < other ? similarity : other;
      if (least > best) best = least;
    }
    return best;
  }
}

/**
 * Lengthens the best path of every face by one link. Plain loops and comparisons, since this runs for every person.
 *
 * @param through best path so far of each face
 * @param capped faces to which no path leads; null: none
 */
function step(
  own: Float32Array,
  through: Float32Array,
  capped: Uint8Array | null,
  { nearest, similarities }: MatchState['graph'],
  result: Float32Array,
): void {
  for (let row = 0; row < own.length; row++) {
    const score = own[row]!;
    if (score <= -2 || (capped !== null && capped[row]! > 0)) {
      result[row] = score;
      continue;
    }
    const before = through[row]!;
    let best = score > before ? score : before;
    for (let at = row * NEIGHBOURS_PER_FACE, end = at + NEIGHBOURS_PER_FACE; at < end; at++) {
      const similarity = similarities[at]!;
      if (similarity <= best) break;
      const other = through[nearest[at]!]!;
      if (other > best) best = similarity < other ? similarity : other;
    }
    result[row] = best;
  }
}
