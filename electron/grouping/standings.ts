import type { Chains } from './chains.ts';
import { LACKING, LISTED, type MatchState, RIGHT, TOO_HIGH } from './match-state.ts';

/** Less than any similarity that is listed. */
const NOWHERE = Number.NEGATIVE_INFINITY;

/**
 * To whom each face is most similar: the first {@link LISTED} people, and a bound on all others. A person whose
 * similarities have changed changes places in it; whatever else changes is only looked into where it may matter.
 */
export class Standings {
  readonly #state: MatchState;
  readonly #chains: Chains;

  constructor(state: MatchState, chains: Chains) {
    this.#state = state;
    this.#chains = chains;
  }

  /** The highest similarity that a face can have to anybody. */
  most(row: number): number {
    const { counts, scores, beyond, stale } = this.#state;
    if (stale[row] === LACKING) this.settle(row);
    return counts[row]! > 0 ? Math.max(scores[row * LISTED]!, beyond[row]!) : beyond[row]!;
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
    const { settled } = this.#state;
    for (let row = 0; row < settled.length; row++) {
      if (settled[row]) continue;
      const was = this.#remove(row, key);
      const is = column === null ? NOWHERE : this.#insert(row, key, column[row]!);
      if (Math.max(was, is) >= matters[row]!) change(row);
    }
  }

  /** Brings a face's list up to date, where something else than the people in it has changed. */
  settle(row: number): void {
    const { stale, people, counts, listed, scores } = this.#state;
    if (stale[row] === LACKING) this.#fill(row);
    else if (stale[row] === TOO_HIGH) {
      const keys = listed.slice(row * LISTED, row * LISTED + counts[row]!);
      counts[row] = 0;
      for (const key of keys) this.#put(row, key, this.#chains.similarity(key, people.get(key)!, row));
      // Those who were not listed have become no more similar either.
      while (counts[row]! > 0 && scores[row * LISTED + counts[row]! - 1]! < this.#state.beyond[row]!)
        counts[row]!--;
    }
    stale[row] = RIGHT;
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
    const { counts, beyond } = this.#state;
    const all = this.everybody(row);
    counts[row] = 0;
    for (const { key, score } of all.slice(0, LISTED)) this.#put(row, key, score);
    beyond[row] = all[LISTED]?.score ?? -2;
  }

  /** @returns how similar the face was to the person; {@link NOWHERE} where the person was not listed */
  #remove(row: number, key: number): number {
    const { counts, listed, scores } = this.#state;
    const start = row * LISTED;
    const end = start + counts[row]!;
    let at = start;
    while (at < end && listed[at] !== key) at++;
    if (at === end) return NOWHERE;
    const score = scores[at]!;
    for (; at + 1 < end; at++) {
      listed[at] = listed[at + 1]!;
      scores[at] = scores[at + 1]!;
    }
    counts[row]!--;
    return score;
  }

  /** @returns the similarity; {@link NOWHERE} where neither the list nor its bound is another now */
  #insert(row: number, key: number, score: number): number {
    const { counts, scores, beyond } = this.#state;
    if (score <= beyond[row]!) return NOWHERE;
    const last = row * LISTED + LISTED - 1;
    if (counts[row] === LISTED) {
      if (score <= scores[last]!) {
        beyond[row] = score;
        return score;
      }
      beyond[row] = scores[last]!;
      counts[row] = LISTED - 1;
    }
    this.#put(row, key, score);
    return score;
  }

  /** There is room. */
  #put(row: number, key: number, score: number): void {
    const { counts, listed, scores } = this.#state;
    const start = row * LISTED;
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

/** Among equals whoever was named first stands first. */
function isBehind(score: number, key: number, other: number, otherKey: number): boolean {
  return score < other || (score === other && key > otherKey);
}
