import { RANK_LIST_LENGTH } from './constants.ts';
import { withConsensus } from './match-formulas.ts';
import type { MatchState } from './match-state.ts';
import type { MinimaxPaths } from './minimax-paths.ts';

/**
 * What groups say: a face that is more like a person than its group is on average loses some of that. It gains nothing
 * where the others are more like the person, for it may be the one that is in the group by mistake. Averages are worked
 * out when they are asked for, and kept.
 */
export class ClusterConsensus {
  readonly #state: MatchState;
  readonly #chains: MinimaxPaths;
  /** By group, the mean similarity to a person. */
  readonly #means: (Map<number, number> | undefined)[] = [];

  constructor(state: MatchState, chains: MinimaxPaths) {
    this.#state = state;
    this.#chains = chains;
  }

  /** A face's similarity once its group has been heard. */
  heard(key: number, row: number, score: number): number {
    const group = this.#state.groupOf[row]!;
    if (group < 0) return score;
    return Math.fround(withConsensus(score, this.#mean(key, group)));
  }

  /** Something about a group's faces has changed. */
  forget(group: number): void {
    if (group >= 0) this.#means[group] = undefined;
  }

  /** A person's similarities have changed. */
  leave(key: number): void {
    for (const means of this.#means) means?.delete(key);
  }

  #mean(key: number, group: number): number {
    const means = this.#means[group] ?? new Map<number, number>();
    this.#means[group] = means;
    const known = means.get(key);
    if (known !== undefined) return known;
    const { labelled, clusterRows, people } = this.#state;
    const person = people.get(key)!;
    let sum = 0;
    let count = 0;
    for (let at = clusterRows.begin[group]!; at < clusterRows.begin[group + 1]!; at++) {
      const row = clusterRows.rows[at]!;
      if (labelled[row]) continue;
      const score = this.#listed(key, row) ?? this.#chains.similarity(key, person, row);
      if (score <= -2) continue;
      sum += score;
      count++;
    }
    means.set(key, sum / count);
    return sum / count;
  }

  /** What the face's list says, where it is right: that is sooner known than worked out. */
  #listed(key: number, row: number): number | undefined {
    const { incomplete, exact, listed, scores } = this.#state;
    if (incomplete[row]) return undefined;
    for (let at = row * RANK_LIST_LENGTH, end = at + exact[row]!; at < end; at++) {
      if (listed[at] === key) return scores[at]!;
    }
    return undefined;
  }
}
