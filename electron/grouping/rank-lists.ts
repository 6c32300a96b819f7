import { RANK_LIST_LENGTH } from './constants.ts';
import type { MatchState } from './match-state.ts';
import type { MinimaxPaths } from './minimax-paths.ts';

/** Below every similarity: the person is not in the list. */
export const NOT_LISTED = Number.NEGATIVE_INFINITY;

/**
 * A rank list for each face: the {@link RANK_LIST_LENGTH} most similar people, and an upper bound for all others. When
 * a person's similarities change, the person moves in every list. A face that has a label has no list; it gets one anew when
 * it is read after it has lost the label.
 */
export class RankLists {
  readonly #state: MatchState;
  readonly #paths: MinimaxPaths;

  constructor(state: MatchState, paths: MinimaxPaths) {
    this.#state = state;
    this.#paths = paths;
  }

  /** The highest similarity that a face can have to any person. */
  upperBound(row: number): number {
    const { counts, scores, beyond, incomplete } = this.#state;
    if (incomplete[row]) this.#fill(row);
    return counts[row]! > 0 ? Math.max(scores[row * RANK_LIST_LENGTH]!, beyond[row]!) : beyond[row]!;
  }

  /**
   * Moves a person to the right place in every face's list.
   *
   * @param column similarity of every face; null: the person has no examples any more
   * @param relevantFrom similarity to each face from which a person's change can change the face's candidates
   * @param change called for every face that is, or was, that similar to the person, with the similarity as far as the list
   *   tells; {@link NOT_LISTED} where it does not
   */
  place(
    key: number,
    column: Float32Array | null,
    relevantFrom: Float64Array,
    change: (row: number, score: number) => void,
  ): void {
    const { labelled } = this.#state;
    for (let row = 0; row < labelled.length; row++) {
      if (labelled[row]) continue;
      const was = this.#remove(row, key);
      const is = column === null ? NOT_LISTED : this.#insert(row, key, column[row]!);
      if (Math.max(was, is) >= relevantFrom[row]!) change(row, is);
    }
  }

  /**
   * Puts a person at the right place in one face's list, after their similarity has changed.
   *
   * @returns the higher of the similarity before and after, as far as the list tells
   */
  move(row: number, key: number, score: number): number {
    const was = this.#remove(row, key);
    return Math.max(was, this.#insert(row, key, score));
  }

  /** The person's similarity to a face, where its list has it; {@link NOT_LISTED} otherwise. */
  scoreOf(row: number, key: number): number {
    const { counts, listed, scores, incomplete } = this.#state;
    if (incomplete[row]) return NOT_LISTED;
    const start = row * RANK_LIST_LENGTH;
    for (let at = start, end = start + counts[row]!; at < end; at++)
      if (listed[at] === key) return scores[at]!;
    return NOT_LISTED;
  }

  /** How many people in a face's list have at least this score. The list has to be up to date. */
  countFrom(row: number, least: number): number {
    const { counts, scores } = this.#state;
    let count = 0;
    while (count < counts[row]! && scores[row * RANK_LIST_LENGTH + count]! >= least) count++;
    return count;
  }

  /** The people in a face's list, the most similar first. An array: a generator takes three times as long. */
  listed(row: number): { key: number; score: number }[] {
    const { counts, listed, scores } = this.#state;
    const start = row * RANK_LIST_LENGTH;
    const all: { key: number; score: number }[] = [];
    for (let at = start, end = start + counts[row]!; at < end; at++)
      all.push({ key: listed[at]!, score: scores[at]! });
    return all;
  }

  /** All people and their similarities, the most similar first. */
  allPeople(row: number): { key: number; score: number }[] {
    const all: { key: number; score: number }[] = [];
    for (const [key, person] of this.#state.people) {
      const score = this.#paths.similarity(key, person, row);
      if (score > -2) all.push({ key, score });
    }
    return all.sort((a, b) => b.score - a.score || a.key - b.key);
  }

  /** Computes a face's list from all people. */
  #fill(row: number): void {
    const { counts, beyond, incomplete } = this.#state;
    const all = this.allPeople(row);
    [counts[row], incomplete[row]] = [0, 0];
    for (const { key, score } of all.slice(0, RANK_LIST_LENGTH)) this.#put(row, key, score);
    beyond[row] = all[RANK_LIST_LENGTH]?.score ?? -2;
  }

  /** @returns the face's similarity to the person until now; {@link NOT_LISTED} where the person was not in the list */
  #remove(row: number, key: number): number {
    const { counts, listed, scores } = this.#state;
    const start = row * RANK_LIST_LENGTH;
    const end = start + counts[row]!;
    let at = start;
    while (at < end && listed[at] !== key) at++;
    if (at === end) return NOT_LISTED;
    const score = scores[at]!;
    this.#removeAt(row, at - start);
    return score;
  }

  /** Removes the entry at one place of a list, from 0. */
  #removeAt(row: number, at: number): void {
    const { counts, listed, scores } = this.#state;
    const start = row * RANK_LIST_LENGTH;
    const end = start + counts[row]!;
    listed.copyWithin(start + at, start + at + 1, end);
    scores.copyWithin(start + at, start + at + 1, end);
    counts[row]!--;
  }

  /** @returns the similarity; {@link NOT_LISTED} where neither the list nor its bound has changed */
  #insert(row: number, key: number, score: number): number {
    const { counts, scores, beyond } = this.#state;
    if (score <= beyond[row]!) return NOT_LISTED;
    const last = row * RANK_LIST_LENGTH + RANK_LIST_LENGTH - 1;
    if (counts[row] === RANK_LIST_LENGTH) {
      if (score <= scores[last]!) {
        beyond[row] = score;
        return score;
      }
      beyond[row] = scores[last]!;
      this.#removeAt(row, RANK_LIST_LENGTH - 1);
    }
    this.#put(row, key, score);
    return score;
  }

  /** Inserts a score into a list that has room. */
  #put(row: number, key: number, score: number): void {
    const { counts, listed, scores } = this.#state;
    const start = row * RANK_LIST_LENGTH;
    let at = start + counts[row]!;
    for (; at > start && isBehind(scores[at - 1]!, listed[at - 1]!, score, key); at--) {
      listed[at] = listed[at - 1]!;
      scores[at] = scores[at - 1]!;
    }
    listed[at] = key;
    scores[at] = score;
    counts[row]!++;
  }
}

/** Whether one entry ranks behind another: by score, then by key, so that of equals the person enrolled first leads. */
export function isBehind(score: number, key: number, other: number, otherKey: number): boolean {
  return score < other || (score === other && key > otherKey);
}
