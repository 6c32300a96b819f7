import { withConsensus } from './match-formulas.ts';
import type { MatchState } from './match-state.ts';
import type { MatchedPerson } from './matched-person.ts';
import type { MinimaxPaths } from './minimax-paths.ts';
import { NOT_LISTED, type RankLists } from './rank-lists.ts';

/**
 * Lowers the similarity of a face to a person towards the mean of the face's cluster: see {@link withConsensus}. A mean
 * is computed when it is first read, and kept until one of the cluster's faces or the person changes.
 */
export class ClusterConsensus {
  readonly #state: MatchState;
  readonly #paths: MinimaxPaths;
  readonly #ranks: RankLists;
  /** The similarities of all faces to one person, which were computed last: see {@link ClusterConsensus.know}. */
  #column: { key: number; of: Float32Array | null } = { key: -1, of: null };
  /** For each cluster, by person, the mean similarity of its faces. */
  readonly #means: (Map<number, number> | undefined)[];
  /** By person the clusters whose mean may be known, so that forgetting a person does not visit them all. */
  readonly #clusters = new Map<number, Set<number>>();

  constructor(state: MatchState, paths: MinimaxPaths, ranks: RankLists) {
    this.#state = state;
    this.#paths = paths;
    this.#ranks = ranks;
    this.#means = new Array(state.clusterRows.begin.length).fill(undefined);
  }

  /** A face's similarity to a person after cluster consensus. */
  adjusted(key: number, row: number, score: number): number {
    const cluster = this.#state.groupOf[row]!;
    if (cluster < 0) return score;
    return Math.fround(withConsensus(score, this.#mean(key, cluster)));
  }

  /** To be called when a label of one of the cluster's faces has changed. @param cluster −1: none */
  forgetCluster(cluster: number): void {
    if (cluster >= 0) this.#means[cluster] = undefined;
  }

  /** Keys of the people whose mean is known for a cluster. @param cluster −1: none */
  known(cluster: number): Iterable<number> {
    return this.#means[cluster]?.keys() ?? [];
  }

  /** To be called when the similarity of one of the cluster's faces to a person has changed. */
  forget(cluster: number, key: number): void {
    this.#means[cluster]?.delete(key);
  }

  /** To be called when a person's similarities have changed. */
  forgetPerson(key: number): void {
    for (const cluster of this.#clusters.get(key) ?? []) this.#means[cluster]?.delete(key);
    this.#clusters.delete(key);
  }

  /**
   * Means of this person are taken from these similarities, until the next call: one after the other they would cost more than
   * all at once did.
   *
   * @param of similarity of every face; null: they are not known
   */
  know(key: number, of: Float32Array | null): void {
    this.#column = { key, of };
  }

  #mean(key: number, cluster: number): number {
    const means = this.#means[cluster] ?? new Map<number, number>();
    this.#means[cluster] = means;
    const known = means.get(key);
    if (known !== undefined) return known;
    const { labelled, clusterRows, people } = this.#state;
    const person = people.get(key)!;
    const column = this.#column.key === key ? this.#column.of : null;
    let sum = 0;
    let count = 0;
    const { begin, rows } = clusterRows;
    for (let at = begin[cluster]!; at < begin[cluster + 1]!; at++) {
      const row = rows[at]!;
      if (labelled[row]) continue;
      const score = column === null ? this.#scoreOf(key, person, row) : column[row]!;
      if (score <= -2) continue;
      sum += score;
      count++;
    }
    means.set(key, sum / count);
    const clusters = this.#clusters.get(key);
    if (clusters) clusters.add(cluster);
    else this.#clusters.set(key, new Set([cluster]));
    return sum / count;
  }

  #scoreOf(key: number, person: MatchedPerson, row: number): number {
    const known = this.#ranks.scoreOf(row, key);
    return known === NOT_LISTED ? this.#paths.similarity(key, person, row) : known;
  }
}
