import type { Calibration } from '../contract/calibration.ts';
import { assigned } from './assigned.ts';
import { ClusterConsensus } from './cluster-consensus.ts';
import { LikelyPeople } from './likely-people.ts';
import { candidatesOf } from './match-formulas.ts';
import { type Candidate, countOf, effectiveGallerySize, leastScore, seenIn } from './match-probability.ts';
import { type MatchState, rowsIn } from './match-state.ts';
import { areSame, type LabelsByPerson, matchedPerson } from './matched-person.ts';
import { asMatch, inOrder, type Match, merged } from './matches.ts';
import { MinimaxPaths } from './minimax-paths.ts';
import { NearPeople } from './near-people.ts';
import { PathChanges } from './path-changes.ts';
import { NOT_LISTED, RankLists } from './rank-lists.ts';

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
  readonly #likely: LikelyPeople;
  /** Candidates of each face before assignment. */
  readonly #options: (readonly Candidate[])[];
  /** The candidates after assignment, by falling probability. */
  #matches: readonly Match[] = [];
  /** How many people the clusters show: they are the same as long as there is this Matcher. */
  readonly #seen: ReturnType<typeof seenIn>;
  /** See {@link effectiveGallerySize}. */
  #gallerySize = 0;
  /** 1 for faces whose options are out of date. */
  readonly #isStale: Uint8Array;
  /** Photos whose candidates are out of date. */
  #stalePhotos: number[] = [];
  /** 1 for each of these photos. */
  readonly #isStalePhoto: Uint8Array;

  constructor(state: MatchState, calibration: Calibration, least: number) {
    this.#state = state;
    this.#calibration = calibration;
    this.#least = least;
    this.#seen = seenIn(state.faces.group);
    this.#paths = new MinimaxPaths(state);
    this.#ranks = new RankLists(state, this.#paths);
    this.#consensus = new ClusterConsensus(state, this.#paths, this.#ranks);
    this.#near = new NearPeople(state.faces, state.graph.offsets, calibration);
    this.#likely = new LikelyPeople(state, { ranks: this.#ranks, consensus: this.#consensus, calibration });
    // The state may come from another thread, but options do not: all are computed here.
    this.#isStale = new Uint8Array(state.labelled.length).fill(1);
    this.#options = new Array(state.labelled.length).fill([]);
    this.#isStalePhoto = new Uint8Array(state.labelled.length);
    for (const photo of state.photoOf) this.#markPhotoStale(photo);
  }

  /** @returns candidates by falling probability, one at most for each face */
  update(labels: LabelsByPerson): readonly Match[] {
    const { photoOf } = this.#state;
    const gallerySize = effectiveGallerySize(labels.keys.length, countOf(labels.labelled), this.#seen);
    if (gallerySize !== this.#gallerySize) {
      this.#gallerySize = gallerySize;
      const floor = leastScore(this.#least, gallerySize, this.#calibration);
      this.#likely.setFloor(floor, (row) => this.#markProbabilitiesStale(row));
    }
    const { relabelled, changed, paths } = this.#take(labels);
    this.#markClustersStale(relabelled);
    for (const key of changed) this.#rank(key);
    this.#apply(paths);
    const isChanged = changed.size + relabelled.length > 0;
    if (isChanged) for (const row of this.#likely.comparedWithAll) this.#markStale(row);
    const again: Match[] = [];
    for (const photo of this.#stalePhotos)
      for (const candidate of this.#choose(photo)) again.push(asMatch(candidate));
    again.sort(inOrder);
    this.#matches = merged(this.#matches, again, ({ row }) => this.#isStalePhoto[photoOf[row]!] === 0);
    for (const photo of this.#stalePhotos) this.#isStalePhoto[photo] = 0;
    this.#stalePhotos = [];
    this.#consensus.know(-1, null);
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
    for (const key of changed) {
      const isTheirs = (row: number) => owner[row] === key;
      const rows = [...new Set([...(people.get(key)?.examples ?? []), ...relabelled])].filter(isTheirs);
      rows.sort((a, b) => a - b);
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
        if (this.#ranks.move(row, key, score) >= this.#likely.relevantFrom[row]!) this.#markStale(row);
      }
    }
    for (const [cluster, keys] of clusters) {
      for (const key of keys) {
        this.#consensus.forget(cluster, key);
        for (const row of rowsIn(clusterRows, cluster)) {
          if (!labelled[row] && this.#ranks.scoreOf(row, key) >= this.#likely.relevantFrom[row]!)
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
    this.#consensus.know(key, column);
    this.#ranks.place(key, column, this.#likely.relevantFrom, (row, is) => {
      if (is !== NOT_LISTED && this.#likely.move(row, key, is)) this.#markProbabilitiesStale(row);
      else this.#markStale(row);
    });
  }

  /** Who a face may be, and so who those on its photo are, may have changed. */
  #markStale(row: number): void {
    this.#likely.forget(row);
    this.#markProbabilitiesStale(row);
  }

  /** How likely a face's candidates are has changed. */
  #markProbabilitiesStale(row: number): void {
    this.#isStale[row] = 1;
    this.#markPhotoStale(this.#state.photoOf[row]!);
  }

  #markPhotoStale(photo: number): void {
    if (this.#isStalePhoto[photo]) return;
    this.#isStalePhoto[photo] = 1;
    this.#stalePhotos.push(photo);
  }

  /** Labels of these faces have changed, and so the consensus of their clusters. */
  #markClustersStale(rows: readonly number[]): void {
    const { clusterRows, groupOf } = this.#state;
    for (const row of rows) this.#markStale(row);
    for (const cluster of new Set(rows.map((row) => groupOf[row]!))) {
      this.#consensus.forgetCluster(cluster);
      for (const member of rowsIn(clusterRows, cluster)) this.#markStale(member);
    }
  }

  /** Assigns the people of one photo. Plain loops: a label of a person with thousands of faces changes thousands of photos. */
  #choose(photo: number): readonly Candidate[] {
    const { faces, several, owner, labelled, onPhoto } = this.#state;
    const { begin, rows } = onPhoto;
    const [from, to] = [begin[photo]!, begin[photo + 1]!];
    const options: Candidate[] = [];
    const isSeveral = several.size > 0 && several.has(faces.photo[rows[from]!]!);
    const present = new Set<number>();
    for (let at = from; at < to; at++) {
      const row = rows[at]!;
      if (owner[row]! >= 0) present.add(owner[row]!);
      if (labelled[row]) continue;
      for (const option of this.#optionsOf(row)) {
        options.push(option);
        if (isSeveral) break;
      }
    }
    if (isSeveral || options.length === 0) return options;
    return assigned(options, present, this.#least);
  }

  /** Candidates of a face before assignment, the most similar first. */
  #optionsOf(row: number): readonly Candidate[] {
    if (this.#isStale[row]) this.#options[row] = this.#candidates(row);
    this.#isStale[row] = 0;
    return this.#options[row]!;
  }

  #candidates(row: number): readonly Candidate[] {
    const ranked = this.#likely.of(row);
    if (ranked.length === 0) return [];
    const { faces } = this.#state;
    const by = { calibration: this.#calibration, gallerySize: this.#gallerySize, near: this.#near };
    return candidatesOf(
      { row, quality: faces.quality[row]!, childhood: faces.childhood?.[row] ?? 0, ranked },
      { ...by, least: this.#least, floor: this.#likely.floor },
    );
  }
}
