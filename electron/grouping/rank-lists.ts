import { RANK_LIST_LENGTH } from './constants.ts';
import type { MatchState } from './match-state.ts';
import type { MinimaxPaths } from './minimax-paths.ts';

/** Less than any similarity that is listed. */
const NOWHERE = Number.NEGATIVE_INFINITY;

/**
 * To whom each face is most similar: the first {@link RANK_LIST_LENGTH} people, and a bound on all others. A person whose
 * similarities have changed changes places in it; whatever else changes is only looked into where it may matter.
 */
export class RankLists {
  readonly #state: MatchState;
  readonly #chains: MinimaxPaths;

  constructor(state: MatchState, chains: MinimaxPaths) {
    this.#state = state;
    this.#chains = chains;
  }

  /** The highest similarity that a face can have to anybody. */
  most(row: number): number {
    const { counts, scores, beyond, incomplete } = this.#state;
    if (incomplete[row]) this.#fill(row);
    return counts[row]! > 0 ? Math.max(scores[row * RANK_LIST_LENGTH]!, beyond[row]!) : beyond[row]!;
  }

  /**
   * Puts a person where they belong in every face's list.
   *
   * @param column similarity of every face; null: the person is gone
   * @param matters similarity from which a person makes a difference to each face
   * @param change told of every face that is or was so similar to the person
   */
  place(
    key: number,
    column: Float32Array | null,
    matters: Float64Array,
    change: (row: number) => void,
  ): void {
    const { labelled } = this.#state;
    for (let row = 0; row < labelled.length; row++) {
      if (labelled[row]) continue;
      const was = this.#remove(row, key);
      const is = column === null ? NOWHERE : this.#insert(row, key, column[row]!);
      if (Math.max(was, is) >= matters[row]!) change(row);
    }
  }

  /**
   * Works out whom a face is most similar to, as far as that was not known: whoever is below was at least no more similar.
   *
   * @param at place in the list, from 0
   * @returns whether the list is so long
   */
  settle(row: number, at: number): boolean {
    const { people, counts, listed, exact, incomplete, beyond } = this.#state;
    if (incomplete[row]) this.#fill(row);
    while (exact[row]! <= at && exact[row]! < counts[row]!) {
      const key = listed[row * RANK_LIST_LENGTH + exact[row]!]!;
      this.#take(row, exact[row]!);
      const score = this.#chains.similarity(key, people.get(key)!, row);
      // Those who were not listed have become no more similar either, but may be as similar.
      if (score >= beyond[row]!) this.#put(row, key, score);
    }
    return at < counts[row]!;
  }

  /** The most similar people, as far as they are asked for and listed. */
  *listed(row: number): Iterable<{ key: number; score: number }> {
    const { listed, scores } = this.#state;
    for (let at = 0; this.settle(row, at); at++) {
      yield { key: listed[row * RANK_LIST_LENGTH + at]!, score: scores[row * RANK_LIST_LENGTH + at]! };
    }
  }

  /** Everybody's similarity, the most similar first. */
  everybody(row: number): { key: number; score: number }[] {
    const all: { key: number; score: number }[] = [];
    for (const [key, person] of this.#state.people) {
      const score = this.#chains.similarity(key, person, row);
      if (score > -2) all.push({ key, score });
    }
    return all.sort((a, b) => b.score - a.score || a.key - b.key);
  }

  #fill(row: number): void {
    const { counts, beyond, exact, incomplete } = this.#state;
    const all = this.everybody(row);
    [counts[row], exact[row], incomplete[row]] = [0, 0, 0];
    for (const { key, score } of all.slice(0, RANK_LIST_LENGTH)) this.#put(row, key, score);
    beyond[row] = all[RANK_LIST_LENGTH]?.score ?? -2;
  }

  /** @returns how similar the face was to the person; {@link NOWHERE} where the person was not listed */
  #remove(row: number, key: number): number {
    const { counts, listed, scores } = this.#state;
    const start = row * RANK_LIST_LENGTH;
    const end = start + counts[row]!;
    let at = start;
    while (at < end && listed[at] !== key) at++;
    if (at === end) return NOWHERE;
    const score = scores[at]!;
    this.#take(row, at - start);
    return score;
  }

  #take(row: number, at: number): void {
    const { counts, listed, scores, exact } = this.#state;
    const start = row * RANK_LIST_LENGTH;
    const end = start + counts[row]!;
    listed.copyWithin(start + at, start + at + 1, end);
    scores.copyWithin(start + at, start + at + 1, end);
    counts[row]!--;
    if (at < exact[row]!) exact[row]!--;
  }

  /** @returns the similarity; {@link NOWHERE} where neither the list nor its bound is another now */
  #insert(row: number, key: number, score: number): number {
    const { counts, scores, beyond } = this.#state;
    if (score <= beyond[row]!) return NOWHERE;
    const last = row * RANK_LIST_LENGTH + RANK_LIST_LENGTH - 1;
    if (counts[row] === RANK_LIST_LENGTH) {
      if (score <= scores[last]!) {
        beyond[row] = score;
        return score;
      }
      beyond[row] = scores[last]!;
      this.#take(row, RANK_LIST_LENGTH - 1);
    }
    this.#put(row, key, score);
    return score;
  }

  /** There is room, and the score is right. */
  #put(row: number, key: number, score: number): void {
    const { counts, listed, scores, exact } = this.#state;
    const start = row * RANK_LIST_LENGTH;
    let at = start + counts[row]!;
    for (; at > start && isBehind(scores[at - 1]!, listed[at - 1]!, score, key); at--) {
      listed[at] = listed[at - 1]!;
      scores[at] = scores[at - 1]!;
    }
    listed[at] = key;
    scores[at] = score;
    counts[row]!++;
    if (at - start <= exact[row]!) exact[row]!++;
  }
}

/** Among equals whoever was named first stands first. */
function isBehind(score: number, key: number, other: number, otherKey: number): boolean {
  return score < other || (score === other && key > otherKey);
}
