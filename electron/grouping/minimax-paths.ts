import { NEIGHBOURS_PER_FACE } from './constants.ts';
import { throughPath } from './match-formulas.ts';
import { type MatchedPerson, type MatchState, REFUSED } from './match-state.ts';

/** How similar faces are to people, by themselves and by way of other faces; what their groups say is not in it. */
export class MinimaxPaths {
  readonly #graph: MatchState['graph'];
  readonly #owner: Int32Array;
  readonly #labelled: Uint8Array;
  /** Used again for each person: what is as long as there are faces keeps the garbage collector busy. */
  readonly #scratch: [own: Float32Array, once: Float32Array, twice: Float32Array];

  constructor({ graph, owner, labelled }: Pick<MatchState, 'graph' | 'owner' | 'labelled'>) {
    this.#graph = graph;
    this.#owner = owner;
    this.#labelled = labelled;
    const row = () => new Float32Array(labelled.length);
    this.#scratch = [row(), row(), row()];
  }

  /** One face's similarity to a person; −2 where it can't be that person. */
  similarity(key: number, person: MatchedPerson, row: number): number {
    const own = this.#own(key, person, row);
    if (own <= -2) return -2;
    if (person.held !== null && person.held[row]! > 0) return own;
    const { nearest, similarities } = this.#graph;
    let best = this.#once(key, person, row, own);
    for (let at = row * NEIGHBOURS_PER_FACE, end = at + NEIGHBOURS_PER_FACE; at < end; at++) {
      const similarity = similarities[at]!;
      if (similarity <= best) break;
      const other = nearest[at]!;
      const through = this.#once(key, person, other, this.#own(key, person, other));
      const least = similarity < through ? similarity : through;
      if (least > best) best = least;
    }
    return throughPath(own, best);
  }

  /** The same of all faces; −2 for those that need no name. It is good until the next person's. */
  all(key: number, person: MatchedPerson): Float32Array {
    const [graph, owner, labelled] = [this.#graph, this.#owner, this.#labelled];
    const n = labelled.length;
    const { held } = person;
    const [own, once, twice] = this.#scratch;
    own.set(person.own);
    for (let row = 0; row < n; row++) {
      if (held?.[row] === REFUSED) own[row] = -2;
      else if (owner[row] === key) own[row] = 1;
      else if (labelled[row]) own[row] = -2;
    }
    step(own, own, held, graph, once);
    step(own, once, held, graph, twice);
    for (let row = 0; row < n; row++) {
      twice[row] = labelled[row] || own[row]! <= -2 ? -2 : throughPath(own[row]!, twice[row]!);
    }
    return twice;
  }

  #own(key: number, { own, held }: MatchedPerson, row: number): number {
    if (held !== null && held[row] === REFUSED) return -2;
    const owner = this.#owner[row]!;
    if (owner === key) return 1;
    return owner >= 0 || this.#labelled[row] ? -2 : own[row]!;
  }

  /** By way of one other face. */
  #once(key: number, person: MatchedPerson, row: number, own: number): number {
    if (own <= -2 || (person.held !== null && person.held[row]! > 0)) return own;
    const { nearest, similarities } = this.#graph;
    let best = own;
    for (let at = row * NEIGHBOURS_PER_FACE, end = at + NEIGHBOURS_PER_FACE; at < end; at++) {
      const similarity = similarities[at]!;
      if (similarity <= best) break;
      const other = this.#own(key, person, nearest[at]!);
      const least = similarity < other ? similarity : other;
      if (least > best) best = least;
    }
    return best;
  }
}

/** Lets every face be as similar as the best chain through one more face. Plain loops: it is done for every person. */
function step(
  own: Float32Array,
  through: Float32Array,
  held: Uint8Array | null,
  { nearest, similarities }: MatchState['graph'],
  result: Float32Array,
): void {
  for (let row = 0; row < own.length; row++) {
    const score = own[row]!;
    if (score <= -2 || (held !== null && held[row]! > 0)) {
      result[row] = score;
      continue;
    }
    let best = Math.max(score, through[row]!);
    for (let at = row * NEIGHBOURS_PER_FACE; at < (row + 1) * NEIGHBOURS_PER_FACE; at++) {
      const similarity = similarities[at]!;
      if (similarity <= best) break;
      best = Math.max(best, Math.min(similarity, through[nearest[at]!]!));
    }
    result[row] = best;
  }
}
