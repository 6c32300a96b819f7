import type { Calibration } from '../contract/calibration.ts';
import { assigned } from './assigned.ts';
import { ClusterConsensus } from './cluster-consensus.ts';
import { CANDIDATES_PER_FACE } from './constants.ts';
import { candidateOf, capNearRefused } from './match-formulas.ts';
import { type Candidate, effectiveGallerySize, leastScore } from './match-probability.ts';
import { CAPPED, type MatchedPerson, type MatchState, REFUSED, rowsIn, shared } from './match-state.ts';
import { inOrder, type Match, merged } from './matches.ts';
import { MinimaxPaths } from './minimax-paths.ts';
import { RankLists } from './rank-lists.ts';
import { normalisedSimilarities, templateScores } from './template-score.ts';

/** What people have said: as `Said`, with people by numbers that stay their own. */
export interface LabelsByPerson {
  /** All people, in the order of their numbers. */
  keys: readonly number[];
  /** Day of birth of each, in days since 1970; NaN where nobody said. */
  births: Float64Array;
  /** Person for whom each face stands, −1: for nobody. */
  owner: Int32Array;
  /** 1 for faces that need no name. */
  labelled: Uint8Array;
  refusals: readonly { row: number; key: number }[];
}

/** What may be wrong with a face's list: people are less similar than it says, or some are missing. */
const TOO_HIGH = 1;
const INCOMPLETE = 2;
type Staleness = typeof TOO_HIGH | typeof INCOMPLETE;

/**
 * Matches as `match` does, and remembers: what is said next changes little, and only that is looked into. One name more
 * changes one person's similarities; of all others only the lists of faces near to those that were named, and of these
 * only where somebody is similar enough to be asked about.
 *
 * It gives what `match` would give, however it came to know what it knows: see the tests.
 */
export class Matcher {
  readonly #state: MatchState;
  readonly #calibration: Calibration;
  /** Probability below which somebody is no candidate. */
  readonly #least: number;
  readonly #chains: MinimaxPaths;
  readonly #standings: RankLists;
  readonly #voices: ClusterConsensus;
  /** Whom each face may be, where anybody is similar enough. */
  readonly #options: (readonly Candidate[] | undefined)[] = [];
  /** The candidates, by falling probability. */
  #matches: readonly Match[] = [];
  #among = 0;
  #floor = Number.POSITIVE_INFINITY;
  /** Faces of which everybody had to be asked: what changes for anybody may change something for them. */
  readonly #wide = new Set<number>();
  /** Similarity from which somebody makes a difference to what is chosen for each face. */
  readonly #matters: Float64Array;
  /** 1 for faces whose options are not known any more. */
  readonly #open: Uint8Array;
  /** Photos whose candidates are to be chosen again. */
  readonly #dirty = new Set<number>();

  constructor(state: MatchState, calibration: Calibration, least: number) {
    this.#state = state;
    this.#calibration = calibration;
    this.#least = least;
    this.#matters = new Float64Array(state.labelled.length).fill(Number.NEGATIVE_INFINITY);
    this.#chains = new MinimaxPaths(state);
    this.#standings = new RankLists(state, this.#chains);
    this.#voices = new ClusterConsensus(state, this.#chains);
    // What another thread has built up is all new here.
    this.#open = new Uint8Array(state.labelled.length).fill(1);
    for (const photo of state.photoOf) this.#dirty.add(photo);
  }

  /** @returns candidates by falling probability, one at most for each face */
  update(known: LabelsByPerson): readonly Match[] {
    const { faces, photoOf } = this.#state;
    const among = effectiveGallerySize(known.keys.length, faces.group);
    if (among !== this.#among) {
      this.#among = among;
      this.#floor = leastScore(this.#least, among, this.#calibration);
      this.#open.fill(1);
      for (const photo of photoOf) this.#dirty.add(photo);
    }
    const { moved, changed } = this.#take(known);
    this.#unsettle(moved);
    for (const key of changed) this.#place(key);
    if (changed.size > 0) for (const row of this.#wide) this.#touch(row);
    const chosen = Array.from(this.#dirty, (photo) => this.#choose(photo)).flat();
    const same = this.#matches.filter(({ row }) => !this.#dirty.has(photoOf[row]!));
    this.#dirty.clear();
    this.#matches = merged(
      same,
      chosen.map(({ person, ...rest }) => ({ ...rest, key: person })).sort(inOrder),
    );
    return this.#matches;
  }

  /**
   * Takes over what is known now.
   *
   * @returns rows that stand for somebody, or are settled, in another way than before; people whose own similarities
   *   change
   */
  #take(known: LabelsByPerson): { moved: Map<number, Staleness>; changed: Set<number> } {
    const { owner, labelled, people } = this.#state;
    const moved = new Map<number, Staleness>();
    const others = new Set<number>();
    for (let row = 0; row < owner.length; row++) {
      if (owner[row] === known.owner[row] && labelled[row] === known.labelled[row]) continue;
      moved.set(row, known.labelled[row] ? TOO_HIGH : INCOMPLETE);
      if (owner[row] === known.owner[row]) continue;
      others.add(owner[row]!);
      others.add(known.owner[row]!);
    }
    owner.set(known.owner);
    labelled.set(known.labelled);
    const refusals = Map.groupBy(known.refusals, ({ key }) => key);
    const births = new Map(known.keys.map((key, at) => [key, known.births[at]!]));
    for (const [key, { refused, birth }] of people) {
      const now = refusals.get(key) ?? [];
      const isSame = now.length === refused.length && now.every(({ row }, at) => row === refused[at]);
      if (!isSame || !Object.is(birth, births.get(key))) others.add(key);
    }
    others.delete(-1);
    const examples = new Map([...others].map((key) => [key, [] as number[]]));
    for (let row = 0; row < owner.length; row++) examples.get(owner[row]!)?.push(row);
    for (const [key, rows] of examples) {
      const refused = (refusals.get(key) ?? []).map(({ row }) => row);
      if (rows.length === 0) people.delete(key);
      else people.set(key, this.#person(rows, refused, births.get(key)!, people.get(key)));
    }
    return { moved, changed: others };
  }

  #person(examples: number[], refused: number[], birth: number, known?: MatchedPerson): MatchedPerson {
    if (known && same(known.examples, examples) && same(known.refused, refused)) return { ...known, birth };
    const { faces, graph, groupOf } = this.#state;
    const likeness = templateScores(faces, graph.offsets, examples);
    const own = new Float32Array(shared(likeness.length));
    own.set(likeness);
    const groups = new Set(examples.map((row) => groupOf[row]!).filter((group) => group >= 0));
    if (refused.length === 0) return { examples, refused, groups, own, held: null, birth };
    const held = new Uint8Array(own.length);
    for (const row of refused) {
      const similarity = normalisedSimilarities(faces, graph.offsets, row);
      capNearRefused(own, similarity, held, CAPPED);
    }
    for (const row of refused) held[row] = REFUSED;
    return { examples, refused, groups, own, held, birth };
  }

  /** Marks what may be wrong after some rows have become, or are no more, examples or settled. */
  #unsettle(moved: ReadonlyMap<number, Staleness>): void {
    const { exact, incomplete, labelled, groupOf } = this.#state;
    const touch = (row: number, how: Staleness) => {
      if (!labelled[row]) {
        exact[row] = 0;
        if (how === INCOMPLETE) incomplete[row] = 1;
      }
      this.#touch(row);
    };
    // Two links: those near to a face, and those near to them.
    const reached = new Map<number, Staleness>();
    for (const [row, how] of moved) {
      if (how === INCOMPLETE) incomplete[row] = 1;
      this.#touch(row);
      this.#voices.forget(groupOf[row]!);
      for (const mate of rowsIn(this.#state.clusterRows, groupOf[row]!)) this.#touch(mate);
      this.#eachNear(row, (one) => {
        if ((reached.get(one) ?? 0) < how) reached.set(one, how);
        this.#eachNear(one, (other) => {
          if ((reached.get(other) ?? 0) < how) reached.set(other, how);
        });
      });
    }
    for (const [row, how] of reached) touch(row, how);
    for (const row of reached.keys()) {
      if (groupOf[row]! < 0 || labelled[row]) continue;
      this.#voices.forget(groupOf[row]!);
      for (const mate of rowsIn(this.#state.clusterRows, groupOf[row]!)) this.#touch(mate);
    }
  }

  #eachNear(row: number, visit: (row: number) => void): void {
    const { begin, rows } = this.#state.reverseNeighbours;
    for (let at = begin[row]!; at < (begin[row + 1] ?? 0); at++) visit(rows[at]!);
  }

  #place(key: number): void {
    const person = this.#state.people.get(key);
    this.#voices.leave(key);
    const column = person ? this.#chains.all(key, person) : null;
    this.#standings.place(key, column, this.#matters, (row) => this.#touch(row));
  }

  /** Something of a face's list has changed: its photo's candidates are chosen again, if it has any. */
  #touch(row: number): void {
    this.#open[row] = 1;
    this.#dirty.add(this.#state.photoOf[row]!);
  }

  /** People by their keys. */
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

  /** Whom a face may be, the most similar first. */
  #optionsOf(row: number): readonly Candidate[] {
    if (this.#open[row]) {
      this.#open[row] = 0;
      const isAny = this.#standings.most(row) >= this.#floor;
      if (!isAny) this.#matters[row] = this.#floor;
      this.#options[row] = isAny ? this.#consider(row) : undefined;
    }
    return this.#options[row] ?? [];
  }

  #consider(row: number): Candidate[] {
    const { people, days, faces, groupOf } = this.#state;
    this.#wide.delete(row);
    this.#standings.settle(row, 0);
    if (this.#standings.most(row) < this.#floor) {
      this.#matters[row] = this.#floor;
      return [];
    }
    const heard = this.#heard(row);
    const shown = Math.min(this.#floor, heard[1]?.score ?? Number.NEGATIVE_INFINITY);
    this.#matters[row] = Math.max(shown, heard[CANDIDATES_PER_FACE - 1]?.score ?? Number.NEGATIVE_INFINITY);
    const options: Candidate[] = [];
    for (const [at, { key, score }] of heard.entries()) {
      const rival = heard[at === 0 ? 1 : 0]?.score ?? null;
      if (days[row]! < people.get(key)!.birth) continue;
      const isInCluster = people.get(key)!.groups.has(groupOf[row]!);
      const pairing = { row, person: key, score, rival, isInCluster, quality: faces.quality[row]! };
      const candidate = candidateOf(pairing, this.#among, this.#calibration);
      if (candidate.probability >= this.#least) options.push(candidate);
    }
    return options;
  }

  /** The most similar people once the group has been heard, at most {@link CANDIDATES_PER_FACE}. */
  #heard(row: number): { key: number; score: number }[] {
    const heard = this.#firstOf(row, this.#standings.listed(row));
    // Whoever is not listed may only be passed over where it would be neither the next person nor a candidate.
    const rest = this.#state.beyond[row]!;
    const isEnough =
      rest <= (heard[1]?.score ?? -2) &&
      (rest < this.#floor || rest <= (heard[CANDIDATES_PER_FACE - 1]?.score ?? -2));
    if (isEnough) return heard;
    this.#wide.add(row);
    return this.#firstOf(row, this.#standings.everybody(row));
  }

  /** @param list the most similar first, before the group is heard: it only takes off */
  #firstOf(row: number, list: Iterable<{ key: number; score: number }>): { key: number; score: number }[] {
    const heard: { key: number; score: number }[] = [];
    for (const { key, score } of list) {
      // Whoever is no candidate is still the next person, or is not.
      if (score < this.#floor && heard.length > 1 && score < heard[1]!.score) break;
      const last = heard[CANDIDATES_PER_FACE - 1];
      if (last && (score < last.score || (score === last.score && key > last.key))) break;
      heard.push({ key, score: this.#voices.heard(key, row, score) });
      heard.sort((a, b) => b.score - a.score || a.key - b.key);
      if (heard.length > CANDIDATES_PER_FACE) heard.pop();
    }
    return heard;
  }
}

function same(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((row, at) => row === b[at]);
}
