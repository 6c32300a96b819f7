import { OTHERS } from './match.ts';
import { type MatchedPerson, type MatchState, REFUSED } from './match-state.ts';
import { NEIGHBOURS } from './neighbours.ts';

/** How similar faces are to people, by themselves and by way of other faces; what their groups say is not in it. */
export class Chains {
  readonly #state: MatchState;

  constructor(state: MatchState) {
    this.#state = state;
  }

  /** One face's similarity to a person; −2 where it can't be that person. */
  similarity(key: number, person: MatchedPerson, row: number): number {
    const { nearest, similarities } = this.#state.around;
    const own = this.#own(key, person, row);
    if (own <= -2) return -2;
    if (person.held?.[row]) return own;
    let best = Math.max(own, this.#once(key, person, row, own));
    for (let at = row * NEIGHBOURS; at < (row + 1) * NEIGHBOURS; at++) {
      const similarity = similarities[at]!;
      if (similarity <= best) break;
      const other = nearest[at]!;
      best = Math.max(
        best,
        Math.min(similarity, this.#once(key, person, other, this.#own(key, person, other))),
      );
    }
    return together(own, best);
  }

  /** The same of all faces; −2 for those that need no name. */
  all(key: number, person: MatchedPerson): Float32Array {
    const { around, owner, settled } = this.#state;
    const n = settled.length;
    const { held } = person;
    const own = person.own.slice();
    for (let row = 0; row < n; row++) {
      if (held?.[row] === REFUSED) own[row] = -2;
      else if (owner[row] === key) own[row] = 1;
      else if (settled[row]) own[row] = -2;
    }
    const once = step(own, own, held, around);
    const twice = step(own, once, held, around);
    for (let row = 0; row < n; row++) {
      twice[row] = settled[row] || own[row]! <= -2 ? -2 : together(own[row]!, twice[row]!);
    }
    return twice;
  }

  #own(key: number, { own, held }: MatchedPerson, row: number): number {
    const { owner, settled } = this.#state;
    if (held !== null && held[row] === REFUSED) return -2;
    if (owner[row] === key) return 1;
    return settled[row] ? -2 : own[row]!;
  }

  /** By way of one other face. */
  #once(key: number, person: MatchedPerson, row: number, own: number): number {
    if (own <= -2 || person.held?.[row]) return own;
    const { nearest, similarities } = this.#state.around;
    let best = own;
    for (let at = row * NEIGHBOURS; at < (row + 1) * NEIGHBOURS; at++) {
      const similarity = similarities[at]!;
      if (similarity <= best) break;
      best = Math.max(best, Math.min(similarity, this.#own(key, person, nearest[at]!)));
    }
    return best;
  }
}

/** Lets every face be as similar as the best chain through one more face. Plain loops: it is done for every person. */
function step(
  own: Float32Array,
  through: Float32Array,
  held: Uint8Array | null,
  { nearest, similarities }: MatchState['around'],
): Float32Array {
  const result = new Float32Array(own.length);
  for (let row = 0; row < own.length; row++) {
    const score = own[row]!;
    if (score <= -2 || (held !== null && held[row]! > 0)) {
      result[row] = score;
      continue;
    }
    let best = Math.max(score, through[row]!);
    for (let at = row * NEIGHBOURS; at < (row + 1) * NEIGHBOURS; at++) {
      const similarity = similarities[at]!;
      if (similarity <= best) break;
      best = Math.max(best, Math.min(similarity, through[nearest[at]!]!));
    }
    result[row] = best;
  }
  return result;
}

/** What a face has by itself, and what others say. */
function together(own: number, through: number): number {
  return Math.fround((1 - OTHERS) * own + OTHERS * through);
}
