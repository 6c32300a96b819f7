import type { Calibration } from '../contract/calibration.ts';
import { assigned } from './assigned.ts';
import { ClusterConsensus } from './cluster-consensus.ts';
import { CANDIDATES_PER_FACE } from './constants.ts';
import { onItsDay } from './growing-up.ts';
import { candidatesOf } from './match-formulas.ts';
import {
  type Candidate,
  countOf,
  effectiveGallerySize,
  leastScore,
  type RankedPerson,
  seenIn,
} from './match-probability.ts';
import { type MatchState, rowsIn } from './match-state.ts';
import { areSame, type LabelsByPerson, matchedPerson } from './matched-person.ts';
import { inOrder, type Match, merged } from './matches.ts';
import { MinimaxPaths } from './minimax-paths.ts';
import { NearPeople } from './near-people.ts';
import { PathChanges } from './path-changes.ts';
import { RankLists } from './rank-lists.ts';

/** The people are those that they were; only how likely they are is not. */
const PROBABILITIES = 1;
const ALL = 2;

/**
 * Matches as `matchReference` does, but computes only what a new label changes. A label changes the similarities of one
 * person to all faces, and those of other people only where the labelled face was, or becomes, part of a path:
 * path-changes.ts.
 *
 * After any sequence of labels the result equals that of `matchReference`; a property test holds it to that.
 */
export class Matcher {
  readonly #state: MatchState;
  readonly #calibration: Calibration;
  /** Probability below which a person is no candidate. */
  readonly #least: number;
  readonly #paths: MinimaxPaths;
  readonly #ranks: RankLists;
  readonly #consensus: ClusterConsensus;
  readonly #near: NearPeople;
  /** Candidates of each face before assignment; undefined where no person is similar enough. */
  readonly #options: (readonly Candidate[] | undefined)[] = [];
  /** The candidates after assignment, by falling probability. */
  #matches: readonly Match[] = [];
  /** How many people the clusters show: they are the same as long as there is this Matcher. */
  readonly #seen: ReturnType<typeof seenIn>;
  /** See {@link effectiveGallerySize}. */
  #gallerySize = 0;
  /** Similarity below which no person reaches `#least`. */
  #floor = Number.POSITIVE_INFINITY;
  /** Faces whose rank list did not suffice, so that every person was compared: any person's change may concern them. */
  readonly #comparedWithAll = new Set<number>();
  /** Similarity to a face from which a change of a person can change the face's candidates. */
  readonly #relevantFrom: Float64Array;
  /** The people behind each face's options: those who can be candidates, and the next person. */
  readonly #ranked: (readonly RankedPerson[] | undefined)[] = [];
  /** What of each face's options is out of date: 0, {@link PROBABILITIES} or {@link ALL}. */
  readonly #stale: Uint8Array;
  /** Photos whose candidates are to be chosen again. */
  readonly #stalePhotos = new Set<number>();

  constructor(state: MatchState, calibration: Calibration, least: number) {
    this.#state = state;
    this.#calibration = calibration;
    this.#least = least;
    this.#seen = seenIn(state.faces.group);
    const n = state.labelled.length;
    this.#relevantFrom = new Float64Array(n).fill(Number.NEGATIVE_INFINITY);
    this.#paths = new MinimaxPaths(state);
    this.#ranks = new RankLists(state, this.#paths);
    this.#consensus = new ClusterConsensus(state, this.#paths, this.#ranks);
    this.#near = new NearPeople(state.faces, state.graph.offsets, calibration);
    // The state may come from another thread, but options do not: all are computed here.
    this.#stale = new Uint8Array(n).fill(ALL);
    for (const photo of state.photoOf) this.#stalePhotos.add(photo);
  }

  /** @returns candidates by falling probability, one at most for each face */
  update(labels: LabelsByPerson): readonly Match[] {
    const { photoOf } = this.#state;
    const gallerySize = effectiveGallerySize(labels.keys.length, countOf(labels.labelled), this.#seen);
    if (gallerySize !== this.#gallerySize) {
      this.#gallerySize = gallerySize;
      this.#setFloor(leastScore(this.#least, gallerySize, this.#calibration));
    }
    const { relabelled, changed, paths } = this.#take(labels);
    for (const row of relabelled) this.#markClusterStale(row);
    for (const key of changed) this.#rank(key);
    this.#apply(paths);
    if (changed.size + relabelled.length > 0) for (const row of this.#comparedWithAll) this.#markStale(row);
    const chosen = Array.from(this.#stalePhotos, (photo) => this.#choose(photo)).flat();
    const unchanged = this.#matches.filter(({ row }) => !this.#stalePhotos.has(photoOf[row]!));
    this.#stalePhotos.clear();
    this.#matches = merged(
      unchanged,
      chosen.map(({ person, ...rest }) => ({ ...rest, key: person })).sort(inOrder),
    );
    return this.#matches;
  }

  /**
   * Puts the labels into the state.
   *
   * @returns rows whose label has changed; people whose template scores or birth have; what else that changes
   */
  #take(labels: LabelsByPerson): { relabelled: number[]; changed: Set<number>; paths: PathChanges } {
    const { owner, labelled, people, incomplete } = this.#state;
    const relabelled: number[] = [];
    const [closed, opened] = [new Set<number>(), new Set<number>()];
    const changed = new Set<number>();
    for (let row = 0; row < owner.length; row++) {
      if (owner[row] === labels.owner[row] && labelled[row] === labels.labelled[row]) continue;
      relabelled.push(row);
      if (labelled[row] !== labels.labelled[row]) (labels.labelled[row] ? closed : opened).add(row);
      if (owner[row] === labels.owner[row]) continue;
      changed.add(owner[row]!);
      changed.add(labels.owner[row]!);
    }
    const refusals = Map.groupBy(labels.refusals, ({ key }) => key);
    const refusedFor = (key: number) => (refusals.get(key) ?? []).map(({ row }) => row);
    const births = new Map(labels.keys.map((key, at) => [key, labels.births[at]!]));
    for (const [key, { refused, birth }] of people) {
      if (!areSame(refusedFor(key), refused) || !Object.is(birth, births.get(key))) changed.add(key);
    }
    const same = [...people.keys()].filter((key) => !changed.has(key));
    const by = { paths: this.#paths, ranks: this.#ranks, consensus: this.#consensus };
    const paths = new PathChanges(this.#state, by, same);
    paths.closing(closed);
    owner.set(labels.owner);
    labelled.set(labels.labelled);
    for (const row of opened) incomplete[row] = 1;
    paths.opening(opened);
    changed.delete(-1);
    const examples = new Map([...changed].map((key) => [key, [] as number[]]));
    for (let row = 0; row < owner.length; row++) examples.get(owner[row]!)?.push(row);
    for (const [key, rows] of examples) {
      if (rows.length === 0) people.delete(key);
      else {
        const told = { examples: rows, refused: refusedFor(key), birth: births.get(key)! };
        people.set(key, matchedPerson(told, this.#state, people.get(key)));
      }
    }
    return { relabelled, changed, paths };
  }

  /** Brings lists and clusters up to date where paths have changed. */
  #apply({ lists, clusters }: PathChanges): void {
    const { people, clusterRows, labelled } = this.#state;
    for (const [row, keys] of lists) {
      for (const key of keys) {
        const score = this.#paths.similarity(key, people.get(key)!, row);
        if (this.#ranks.move(row, key, score) >= this.#relevantFrom[row]!) this.#markStale(row);
      }
    }
    for (const [cluster, keys] of clusters) {
      for (const key of keys) {
        this.#consensus.forget(cluster, key);
        for (const row of rowsIn(clusterRows, cluster)) {
          if (!labelled[row] && this.#ranks.scoreOf(row, key) >= this.#relevantFrom[row]!)
            this.#markStale(row);
        }
      }
    }
  }

  /** Computes a person's similarities anew, and the person's place in every rank list. */
  #rank(key: number): void {
    const person = this.#state.people.get(key);
    this.#consensus.forgetPerson(key);
    const column = person ? this.#paths.all(key, person) : null;
    this.#ranks.place(key, column, this.#relevantFrom, (row) => this.#markStale(row));
  }

  /** The candidates of a face, and so those of its photo, may have changed. */
  #markStale(row: number, how = ALL): void {
    this.#stale[row] = Math.max(this.#stale[row]!, how);
    this.#stalePhotos.add(this.#state.photoOf[row]!);
  }

  /** A face's label has changed, and so the consensus of its cluster. */
  #markClusterStale(row: number): void {
    const { clusterRows, groupOf } = this.#state;
    this.#markStale(row);
    this.#consensus.forgetCluster(groupOf[row]!);
    for (const member of rowsIn(clusterRows, groupOf[row]!)) this.#markStale(member);
  }

  /**
   * Takes another floor, which changes every probability. Under a lower one a face may have more candidates, and one that had
   * none may get some; a higher one only leaves people out.
   */
  #setFloor(floor: number): void {
    const isLower = floor < this.#floor;
    this.#floor = floor;
    for (let row = 0; row < this.#stale.length; row++) {
      if (this.#stale[row] === ALL) continue;
      const options = this.#options[row];
      if (isLower && (options !== undefined || this.#ranks.upperBound(row) >= floor)) this.#markStale(row);
      else if (options === undefined) this.#relevantFrom[row] = floor;
      else if (options.length > 0) this.#markStale(row, PROBABILITIES);
    }
  }

  /** Assigns the people of one photo. @returns candidates in which `person` is a key */
  #choose(photo: number): readonly Candidate[] {
    const { faces, several, owner, labelled, onPhoto } = this.#state;
    const rows = rowsIn(onPhoto, photo);
    const options: Candidate[] = [];
    const isSeveral = several.has(faces.photo[rows[0]!]!);
    for (const row of rows) {
      if (labelled[row]) continue;
      const own = this.#optionsOf(row);
      options.push(...(isSeveral ? own.slice(0, 1) : own));
    }
    if (isSeveral || options.length === 0) return options;
    const present = new Set(Array.from(rows, (row) => owner[row]!).filter((key) => key >= 0));
    return assigned(options, present, this.#least);
  }

  /** Candidates of a face before assignment, the most similar first. */
  #optionsOf(row: number): readonly Candidate[] {
    const stale = this.#stale[row];
    this.#stale[row] = 0;
    if (stale === ALL) {
      const isAny = this.#ranks.upperBound(row) >= this.#floor;
      if (!isAny) this.#relevantFrom[row] = this.#floor;
      this.#ranked[row] = isAny ? this.#rankedPeople(row) : undefined;
    }
    if (stale !== 0) this.#options[row] = this.#ranked[row] && this.#candidates(row, this.#ranked[row]);
    return this.#options[row] ?? [];
  }

  /** The people who can be candidates of a face, and the next person, the most similar first. */
  #rankedPeople(row: number): RankedPerson[] {
    const { people, groupOf } = this.#state;
    this.#comparedWithAll.delete(row);
    const best = this.#mostSimilar(row);
    const next = Math.min(this.#floor, best[1]?.score ?? Number.NEGATIVE_INFINITY);
    this.#relevantFrom[row] = Math.max(
      next,
      best[CANDIDATES_PER_FACE - 1]?.score ?? Number.NEGATIVE_INFINITY,
    );
    return best
      .filter(({ score }, place) => place < 2 || score >= this.#floor)
      .map(({ key, score }) => {
        const { examples, groups } = people.get(key)!;
        return { person: key, score, examples, isInCluster: groups.has(groupOf[row]!) };
      });
  }

  #candidates(row: number, ranked: readonly RankedPerson[]): Candidate[] {
    const { faces } = this.#state;
    const by = { calibration: this.#calibration, gallerySize: this.#gallerySize, near: this.#near };
    return candidatesOf(
      { row, quality: faces.quality[row]!, childhood: faces.childhood?.[row] ?? 0, ranked },
      { ...by, least: this.#least, floor: this.#floor },
    );
  }

  /** The most similar people by their scores after cluster consensus and dates, at most {@link CANDIDATES_PER_FACE}. */
  #mostSimilar(row: number): { key: number; score: number }[] {
    const best = this.#bestOf(row, this.#ranks.listed(row));
    // The list suffices where no person beyond it can be the next person or a candidate.
    const beyond = this.#state.beyond[row]!;
    const isEnough =
      beyond <= (best[1]?.score ?? -2) &&
      (beyond < this.#floor || beyond <= (best[CANDIDATES_PER_FACE - 1]?.score ?? -2));
    if (isEnough) return best;
    this.#comparedWithAll.add(row);
    return this.#bestOf(row, this.#ranks.allPeople(row));
  }

  /** @param list by falling score before cluster consensus and dates, which only lower scores */
  #bestOf(row: number, list: Iterable<{ key: number; score: number }>): { key: number; score: number }[] {
    const best: { key: number; score: number }[] = [];
    for (const { key, score } of list) {
      // A person below the floor is no candidate, and matters only as the next person.
      if (score < this.#floor && best.length > 1 && score < best[1]!.score) break;
      const last = best[CANDIDATES_PER_FACE - 1];
      if (last && (score < last.score || (score === last.score && key > last.key))) break;
      const adjusted = this.#adjusted(key, row, score);
      if (adjusted <= -2) continue;
      best.push({ key, score: adjusted });
      best.sort((a, b) => b.score - a.score || a.key - b.key);
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
