import type { Calibration } from '../contract/calibration.ts';
import type { ClusterConsensus } from './cluster-consensus.ts';
import { CANDIDATES_PER_FACE } from './constants.ts';
import { onItsDay } from './growing-up.ts';
import type { RankedPerson } from './match-probability.ts';
import type { MatchState } from './match-state.ts';
import { isBehind, type RankLists } from './rank-lists.ts';

/**
 * For each face the people who it may be, at most {@link CANDIDATES_PER_FACE}: those whose scores after cluster consensus
 * and dates reach the floor, and the two most similar in any case, since a lead is one over the next person. They are
 * found when they are first asked for, and kept until something that they follow from has changed.
 */
export class LikelyPeople {
  readonly #state: MatchState;
  readonly #ranks: RankLists;
  readonly #consensus: ClusterConsensus;
  readonly #calibration: Calibration;

  constructor(
    state: MatchState,
    by: { ranks: RankLists; consensus: ClusterConsensus; calibration: Calibration },
  ) {
    this.#state = state;
    this.#ranks = by.ranks;
    this.#consensus = by.consensus;
    this.#calibration = by.calibration;
  }

  /** Similarity below which no person can be a candidate. */
  get floor(): number {
    return this.#state.likely.floor;
  }

  /** Similarity to each face from which a change of a person can change who the face may be. */
  get relevantFrom(): Float64Array {
    return this.#state.likely.relevantFrom;
  }

  /** Faces whose rank list did not suffice, so that every person was compared: any person's change may concern them. */
  get comparedWithAll(): ReadonlySet<number> {
    return this.#state.likely.comparedWithAll;
  }

  /** Who a face may be is to be found again. */
  forget(row: number): void {
    this.#state.likely.stale[row] = 1;
  }

  /**
   * Takes another floor. Under a lower one a face may be more people, and somebody where it was nobody; under a higher one
   * people are only left out.
   *
   * @param visit called for each face that may be somebody, and whose probabilities so are others
   */
  setFloor(floor: number, visit: (row: number) => void): void {
    const { likely, beyond } = this.#state;
    if (floor === likely.floor) return;
    const isLower = floor < likely.floor;
    likely.floor = floor;
    for (let row = 0; row < likely.stale.length; row++) {
      if (likely.stale[row]) continue;
      while (likely.counts[row]! > 2 && this.#scoreAt(row, likely.counts[row]! - 1) < floor)
        likely.counts[row]!--;
      const count = likely.counts[row]!;
      // People who were left out were below the floor, or behind a full list.
      const isMore =
        isLower &&
        count < CANDIDATES_PER_FACE &&
        (beyond[row]! >= floor || this.#ranks.countFrom(row, floor) > count);
      if (isMore) likely.stale[row] = 1;
      else this.#setRelevant(row);
      if (isMore || count > 0) visit(row);
    }
  }

  /** A person matters who can become a candidate, or the next person, and is not behind a full list. */
  #setRelevant(row: number): void {
    const { floor, counts, relevantFrom } = this.#state.likely;
    const count = counts[row]!;
    if (count === 0) relevantFrom[row] = floor;
    else if (count === 1) relevantFrom[row] = Number.NEGATIVE_INFINITY;
    else if (count < CANDIDATES_PER_FACE) relevantFrom[row] = Math.min(floor, this.#scoreAt(row, 1));
    else relevantFrom[row] = this.#scoreAt(row, count - 1);
  }

  #scoreAt(row: number, place: number): number {
    return this.#state.likely.scores[row * CANDIDATES_PER_FACE + place]!;
  }

  /** Who a face may be, the most similar first. */
  of(row: number): RankedPerson[] {
    const { likely, people, groupOf } = this.#state;
    if (likely.stale[row]) this.#find(row);
    const all: RankedPerson[] = [];
    const start = row * CANDIDATES_PER_FACE;
    for (let at = start, end = start + likely.counts[row]!; at < end; at++) {
      const { examples, groups } = people.get(likely.keys[at]!)!;
      const isInCluster = groups.has(groupOf[row]!);
      all.push({ person: likely.keys[at]!, score: likely.scores[at]!, examples, isInCluster });
    }
    return all;
  }

  /**
   * Puts one person at the right place, after their similarity to a face has changed. Finding all
   * anew would compute each of them, and a name may concern thousands of faces.
   *
   * @param score similarity before cluster consensus and dates
   * @returns false where all are to be found anew
   */
  move(row: number, key: number, score: number): boolean {
    const { likely, beyond } = this.#state;
    const { keys, scores, floor } = likely;
    let count = likely.counts[row]!;
    // A list is empty where nobody reached the floor, and lacks those who are below it.
    if (likely.stale[row] || likely.comparedWithAll.has(row) || count === 0) return false;
    const adjusted = this.#adjusted(key, row, score);
    const start = row * CANDIDATES_PER_FACE;
    const former = keys.subarray(start, start + count).indexOf(key);
    if (former >= 0) {
      const rest = former === count - 1 ? count - 2 : count - 1;
      const isBelow =
        adjusted < this.#scoreAt(row, former) && (rest < 0 || adjusted <= this.#scoreAt(row, rest));
      // The list has no more than its own people: one outside it may rank before a person who falls to its end.
      if (isBelow) return false;
      keys.copyWithin(start + former, start + former + 1, start + count);
      scores.copyWithin(start + former, start + former + 1, start + count);
      count--;
    }
    if (adjusted > -2) count = this.#insert(row, count, key, adjusted);
    while (count > 2 && this.#scoreAt(row, count - 1) < floor) count--;
    likely.counts[row] = count;
    const [second, last] = [1, CANDIDATES_PER_FACE - 1].map((place) =>
      place < count ? this.#scoreAt(row, place) : -2,
    );
    if (!isEnough(beyond[row]!, floor, second!, last!)) return false;
    this.#setRelevant(row);
    return true;
  }

  /** Inserts a person among the first `count` of a face, and drops the last one of more than are kept. @returns how many there are */
  #insert(row: number, count: number, key: number, score: number): number {
    const { keys, scores } = this.#state.likely;
    const start = row * CANDIDATES_PER_FACE;
    const end = start + Math.min(count + 1, CANDIDATES_PER_FACE);
    let at = start + count;
    while (at > start && isBehind(scores[at - 1]!, keys[at - 1]!, score, key)) at--;
    if (at < end) {
      keys.copyWithin(at + 1, at, end - 1);
      scores.copyWithin(at + 1, at, end - 1);
      keys[at] = key;
      scores[at] = score;
    }
    return end - start;
  }

  #find(row: number): void {
    const { likely } = this.#state;
    likely.stale[row] = 0;
    likely.counts[row] = 0;
    likely.comparedWithAll.delete(row);
    if (this.#ranks.upperBound(row) >= likely.floor) {
      for (const [place, { key, score }] of this.#mostSimilar(row).entries()) {
        if (place > 1 && score < likely.floor) break;
        likely.keys[row * CANDIDATES_PER_FACE + place] = key;
        likely.scores[row * CANDIDATES_PER_FACE + place] = score;
        likely.counts[row]!++;
      }
    }
    this.#setRelevant(row);
  }

  /** The most similar people by their scores after cluster consensus and dates. */
  #mostSimilar(row: number): { key: number; score: number }[] {
    const best = this.#bestOf(row, this.#ranks.listed(row));
    const [second, last] = [best[1]?.score ?? -2, best[CANDIDATES_PER_FACE - 1]?.score ?? -2];
    if (isEnough(this.#state.beyond[row]!, this.floor, second, last)) return best;
    this.#state.likely.comparedWithAll.add(row);
    return this.#bestOf(row, this.#ranks.allPeople(row));
  }

  /** @param list by falling score before cluster consensus and dates, which only lower scores */
  #bestOf(row: number, list: readonly { key: number; score: number }[]): { key: number; score: number }[] {
    const { floor } = this;
    const best: { key: number; score: number }[] = [];
    for (const { key, score } of list) {
      // A person below the floor is no candidate, and matters only as the next person.
      if (score < floor && best.length > 1 && score < best[1]!.score) break;
      const last = best[CANDIDATES_PER_FACE - 1];
      if (last && (score < last.score || (score === last.score && key > last.key))) break;
      const adjusted = this.#adjusted(key, row, score);
      if (adjusted <= -2) continue;
      let at = best.length;
      while (at > 0 && isBehind(best[at - 1]!.score, best[at - 1]!.key, adjusted, key)) at--;
      best.splice(at, 0, { key, score: adjusted });
      if (best.length > CANDIDATES_PER_FACE) best.pop();
    }
    return best;
  }

  /** A face's similarity to a person after cluster consensus, and after what their dates say. */
  #adjusted(key: number, row: number, score: number): number {
    const { days, faces, people } = this.#state;
    const look = { day: days[row]!, childhood: faces.childhood?.[row] ?? 0 };
    return onItsDay(this.#consensus.adjusted(key, row, score), look, people.get(key)!, this.#calibration);
  }
}

/**
 * Whether a rank list suffices: no person beyond it can be the next person or a candidate.
 *
 * @param beyond the highest similarity that people beyond it may have
 * @param second the second highest score of those in it; −2: there is none. `last`: the last one of as many as are kept
 */
function isEnough(beyond: number, floor: number, second: number, last: number): boolean {
  return beyond <= second && (beyond < floor || beyond <= last);
}
