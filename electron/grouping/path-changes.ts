import type { ClusterConsensus } from './cluster-consensus.ts';
import { NEIGHBOURS_PER_FACE, RANK_LIST_LENGTH } from './constants.ts';
import { throughPath } from './match-formulas.ts';
import { type MatchState, rowsIn } from './match-state.ts';
import type { MatchedPerson } from './matched-person.ts';
import type { MinimaxPaths } from './minimax-paths.ts';
import type { RankLists } from './rank-lists.ts';

/** How good a path to a person can be from a face on. */
type Onwards = (key: number) => number;

/** A way from a face through another one. */
interface Way {
  from: number;
  /** The weakest link on the way there. */
  link: number;
  onwards: Onwards;
}

type Visit = (way: Way) => void;

/**
 * The similarities that change because faces get or lose a label, of people whose own examples stay as they are. A path to a
 * person leads through faces without a label and through the person's examples (minimax-paths.ts). So a label may lower
 * similarities of the faces near it, and the loss of one may raise them, but only where the path through that face is the
 * best there is; few are.
 */
export class PathChanges {
  readonly #state: MatchState;
  readonly #paths: MinimaxPaths;
  readonly #ranks: RankLists;
  readonly #consensus: ClusterConsensus;
  /** The people whose similarities are looked at. */
  readonly #people: ReadonlyMap<number, MatchedPerson>;
  /** See `#eachMean`. */
  readonly #means = new Map<number, Set<number>>();
  /** For each face, the people whose place in its rank list may be another now. */
  readonly lists = new Map<number, Set<number>>();
  /** For each cluster, the people of whom its consensus may be another now. */
  readonly clusters = new Map<number, Set<number>>();

  /** @param keys people whose examples and refusals stay as they are, and who have an example */
  constructor(
    state: MatchState,
    by: { paths: MinimaxPaths; ranks: RankLists; consensus: ClusterConsensus },
    keys: readonly number[],
  ) {
    this.#state = state;
    this.#paths = by.paths;
    this.#ranks = by.ranks;
    this.#consensus = by.consensus;
    this.#people = new Map(keys.map((key) => [key, state.people.get(key)!]));
  }

  /** Collects what may fall. To be called before the labels are in the state. @param rows faces that they close */
  closing(rows: ReadonlySet<number>): void {
    const { incomplete, counts, listed, scores } = this.#state;
    this.#eachWay(rows, (way) => {
      const { from } = way;
      const start = from * RANK_LIST_LENGTH;
      for (let at = start, end = incomplete[from] ? start : start + counts[from]!; at < end; at++) {
        const most = this.#similarity(listed[at]!, way, scores[at]!);
        if (most >= scores[at]!) add(this.lists, from, listed[at]!);
      }
      this.#eachMean(from, (key, cluster) => {
        const score = this.#ranks.scoreOf(from, key);
        const most = this.#similarity(key, way, score);
        if (most >= score) add(this.clusters, cluster, key);
      });
    });
  }

  /** Collects what may rise. To be called once the labels are in the state. @param rows faces that have lost their label */
  opening(rows: ReadonlySet<number>): void {
    const { beyond, incomplete } = this.#state;
    this.#eachWay(rows, (way) => {
      const { from, link } = way;
      const least = beyond[from]!;
      if (!incomplete[from] && link > least) {
        for (const key of this.#people.keys()) {
          const most = this.#similarity(key, way, least);
          if (most > least && most > this.#ranks.scoreOf(from, key)) add(this.lists, from, key);
        }
      }
      this.#eachMean(from, (key, cluster) => {
        const score = this.#ranks.scoreOf(from, key);
        if (this.#similarity(key, way, score) > score) add(this.clusters, cluster, key);
      });
    });
  }

  /**
   * Similarity where the best path is this one; NaN, which is neither above nor below anything, where the path is no better
   * than the face's own template score and so never counts.
   *
   * @param least NaN below it, too: most ways are not worth a look at the face's own score
   */
  #similarity(key: number, { from, link, onwards }: Way, least: number): number {
    const person = this.#people.get(key);
    if (person === undefined || link < least) return Number.NaN;
    const path = Math.min(link, onwards(key));
    if (path < least) return Number.NaN;
    const own = this.#paths.own(key, person, from);
    return path > own && link > own ? throughPath(own, path) : Number.NaN;
  }

  /** Visits the best ways to each of these faces from every face without a label that is none of them. */
  #eachWay(rows: ReadonlySet<number>, visit: Visit): void {
    if (this.#people.size === 0) return;
    const { labelled, owner } = this.#state;
    for (const row of rows) {
      const { first, second } = this.#onwards(row);
      const direct = new Map<number, number>();
      /** By way of another face: the best of them alone. */
      const indirect = new Map<number, number>();
      this.#eachReverseNeighbour(row, rows, (one, link) => {
        const isOpen = labelled[one] === 0;
        // A path is as good as 1 once it reaches an example, so it leads on from there only over a link above 1.
        if (!isOpen && (link <= 1 || !this.#people.has(owner[one]!))) return;
        if (isOpen) direct.set(one, link);
        // A path by way of two of these faces is one that begins at the second of them.
        this.#eachReverseNeighbour(one, rows, (other, further) => {
          if (labelled[other]) return;
          const weakest = link < further ? link : further;
          if (!isOpen) {
            const onwards = (key: number) => (key === owner[one] ? second(key) : -2);
            visit({ from: other, link: weakest, onwards });
          } else if (weakest > (indirect.get(other) ?? -2)) indirect.set(other, weakest);
        });
      });
      for (const [from, link] of direct) visit({ from, link, onwards: first });
      for (const [from, link] of indirect) {
        // From its second place on, a path gets no further than from its first.
        if (link > (direct.get(from) ?? -2)) visit({ from, link, onwards: second });
      }
    }
  }

  /** From a face on, where it comes first on a path, and where it comes second. */
  #onwards(row: number): { first: Onwards; second: Onwards } {
    const second = kept((key) => this.#paths.own(key, this.#people.get(key)!, row));
    const first = kept((key) => this.#paths.once(key, this.#people.get(key)!, row, second(key)));
    return { first, second };
  }

  /** Faces that have this one among their nearest. A plain loop: a view of each list is slow. */
  #eachReverseNeighbour(
    of: number,
    except: ReadonlySet<number>,
    visit: (row: number, similarity: number) => void,
  ): void {
    const { graph } = this.#state;
    const { begin, rows } = this.#state.reverseNeighbours;
    for (let at = begin[of]!; at < (begin[of + 1] ?? 0); at++) {
      const row = rows[at]!;
      if (except.has(row)) continue;
      let place = row * NEIGHBOURS_PER_FACE;
      while (graph.nearest[place] !== of) place++;
      visit(row, graph.similarities[place]!);
    }
  }

  /** The people whose mean in a face's cluster is known, or has decided who one of the cluster's faces may be. */
  #eachMean(row: number, visit: (key: number, cluster: number) => void): void {
    const cluster = this.#state.groupOf[row]!;
    if (cluster < 0) return;
    const known = this.#means.get(cluster) ?? this.#meansOf(cluster);
    this.#means.set(cluster, known);
    for (const key of known) visit(key, cluster);
  }

  #meansOf(cluster: number): Set<number> {
    const { clusterRows, labelled, incomplete, likely } = this.#state;
    const keys = new Set(this.#consensus.known(cluster));
    for (const row of rowsIn(clusterRows, cluster)) {
      if (labelled[row] || incomplete[row] || likely.stale[row]) continue;
      for (const { key, score } of this.#ranks.listed(row)) {
        if (score < likely.relevantFrom[row]!) break;
        keys.add(key);
      }
    }
    return keys;
  }
}

/** The same, and each value computed once: a person's scores are read from all over the memory. */
function kept(onwards: Onwards): Onwards {
  const known = new Map<number, number>();
  return (key) => {
    const before = known.get(key);
    if (before !== undefined) return before;
    const most = onwards(key);
    known.set(key, most);
    return most;
  };
}

function add(sets: Map<number, Set<number>>, at: number, key: number): void {
  const known = sets.get(at);
  if (known) known.add(key);
  else sets.set(at, new Set([key]));
}
