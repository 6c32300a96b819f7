import type { Calibration } from '../contract/calibration.ts';
import { assigned } from './assigned.ts';
import { CANDIDATES_PER_FACE, NEIGHBOURS_PER_FACE, PATH_LENGTH } from './constants.ts';
import { candidateOf, capNearRefused, throughPath, withConsensus } from './match-formulas.ts';
import { type Candidate, effectiveGallerySize } from './match-probability.ts';
import type { Faces, NormalisedGraph } from './normalised-graph.ts';
import { normalisedSimilarities, templateScores } from './template-score.ts';
import { insertRanked } from './top-k.ts';

/** What people have said. */
export interface Labels {
  /** How many people there are, numbered from 0. */
  people: number;
  /** Faces that stand for a person. */
  examples: readonly { row: number; person: number }[];
  /** "Not Anna." */
  refusals: readonly { row: number; person: number }[];
  /** Faces that need no name: 1 where a hand has said who or what it is. */
  labelled: Uint8Array;
  /** Day of birth of each person, in days since 1970; NaN where nobody said. */
  births: Float64Array;
  /** Day on which each face's photo was taken, NaN where it does not say. */
  days: Float64Array;
  /** Photos on which a person may be more than once. */
  several: ReadonlySet<number>;
}

/**
 * Matches every face that needs a name against all people at once, open-set.
 *
 * A face's similarity to a person is that to the person's examples (half to their middle, a quarter to the best, a
 * quarter to the three best), less the crowding around both faces. It may also come by way of other faces: a chain is as good as its weakest link (minimax
 * path, as in single linkage, of {@link PATH_LENGTH} links beyond the first), so that a face unlike the one example but
 * like others of its group is found through them. Chains don't lead through faces that were said to be somebody
 * else's, nor, by their neighbours, from face to face of one photo. Near a face that was refused a person's reach
 * ends. A face is no surer than its group. Similarity and lead over the next person → probability by a calibration
 * (calibration.match) whose prior knows how many people there are; where two people are as similar, neither is sure. On
 * each photo people are assigned together, each once.
 *
 * This is the definition, in the open: {@link Matcher} does the same step by step.
 *
 * @param least probability below which somebody is no candidate
 * @returns candidates by falling probability, one at most for each face
 */
export function matchReference(
  faces: Faces,
  graph: NormalisedGraph,
  said: Labels,
  calibration: Calibration,
  least = 0,
): Candidate[] {
  const n = faces.photo.length;
  const bestPeople = new Int32Array(n * CANDIDATES_PER_FACE).fill(-1);
  const bestScores = new Float32Array(n * CANDIDATES_PER_FACE).fill(-2);
  const among = effectiveGallerySize(said.people, faces.group);
  const column = new Column(faces, graph, said);
  for (let person = 0; person < said.people; person++) {
    const scores = column.of(person);
    if (scores === null) continue;
    for (let row = 0; row < n; row++) {
      if (!said.labelled[row]) offer(bestPeople, bestScores, row, person, scores[row]!);
    }
  }
  const clusters = clustersOf(faces, said);
  const candidates: Candidate[] = [];
  const options = new Map<number, Candidate[]>();
  for (let row = 0; row < n; row++) {
    const own: Candidate[] = [];
    const quality = faces.quality[row]!;
    const first = row * CANDIDATES_PER_FACE;
    for (let at = first; at < first + CANDIDATES_PER_FACE && bestPeople[at]! >= 0; at++) {
      const person = bestPeople[at]!;
      if (tooEarly(said, row, person)) continue;
      const other = bestScores[at === first ? at + 1 : first]!;
      const rival = other <= -2 ? null : other;
      const isInCluster = clusters[person]!.has(faces.group[row]!);
      const pairing = { row, person, score: bestScores[at]!, rival, isInCluster, quality };
      const candidate = candidateOf(pairing, among, calibration);
      if (candidate.probability >= least) own.push(candidate);
    }
    if (own.length === 0) continue;
    const photo = faces.photo[row]!;
    if (said.several.has(photo)) candidates.push(own[0]!);
    else options.set(photo, [...(options.get(photo) ?? []), ...own]);
  }
  const present = peoplePresent(faces, said);
  for (const [photo, ofPhoto] of options) candidates.push(...assigned(ofPhoto, present.get(photo), least));
  return candidates.sort((a, b) => b.probability - a.probability || a.row - b.row);
}

/** Similarities of all faces to one person after another; its arrays are used again for each. */
class Column {
  readonly #faces: Faces;
  readonly #graph: NormalisedGraph;
  readonly #examples: Map<number, number[]>;
  readonly #refusals: Map<number, number[]>;
  /** Person of each example, −1: none. */
  readonly #owner: Int32Array;
  readonly #labelled: Uint8Array;

  constructor(faces: Faces, graph: NormalisedGraph, said: Labels) {
    this.#faces = faces;
    this.#graph = graph;
    this.#labelled = said.labelled;
    this.#owner = new Int32Array(faces.photo.length).fill(-1);
    for (const { row, person } of said.examples) this.#owner[row] = person;
    this.#examples = rowsByPerson(said.examples);
    for (const rows of this.#examples.values()) rows.sort((a, b) => a - b);
    this.#refusals = rowsByPerson(said.refusals);
  }

  /** Null for a person without an example. */
  of(person: number): Float32Array | null {
    const examples = this.#examples.get(person);
    if (!examples) return null;
    const refused = this.#refusals.get(person) ?? [];
    const own = templateScores(this.#faces, this.#graph.offsets, examples);
    const n = own.length;
    const held = new Uint8Array(n);
    for (const row of refused) {
      capNearRefused(own, normalisedSimilarities(this.#faces, this.#graph.offsets, row), held, 1);
    }
    for (let row = 0; row < n; row++) {
      if (this.#owner[row] === person) own[row] = 1;
      else if (this.#labelled[row]) own[row] = -2;
    }
    for (const row of refused) own[row] = -2;
    let through: Float32Array = own;
    for (let step = 0; step < PATH_LENGTH; step++) through = this.#spread(own, through, held);
    const scores = own.map((score, row) => (score <= -2 ? -2 : throughPath(score, through[row]!)));
    this.#hearGroup(scores);
    return scores;
  }

  /**
   * A face that is more like the person than its group is on average loses some of that: the others speak as well. It
   * gains nothing where they are more like the person, for it may be the one that is in the group by mistake.
   */
  #hearGroup(scores: Float32Array): void {
    const { group } = this.#faces;
    const sums = new Map<number, { sum: number; count: number }>();
    const speaks = (row: number) => group[row]! > 0 && !this.#labelled[row] && scores[row]! > -2;
    for (let row = 0; row < scores.length; row++) {
      if (!speaks(row)) continue;
      const said = sums.get(group[row]!) ?? { sum: 0, count: 0 };
      said.sum += scores[row]!;
      said.count++;
      sums.set(group[row]!, said);
    }
    for (let row = 0; row < scores.length; row++) {
      if (!speaks(row)) continue;
      const { sum, count } = sums.get(group[row]!)!;
      scores[row] = withConsensus(scores[row]!, sum / count);
    }
  }

  #spread(own: Float32Array, through: Float32Array, held: Uint8Array): Float32Array {
    const { nearest, similarities } = this.#graph;
    return own.map((score, row) => {
      if (score <= -2 || held[row]) return score;
      let best = Math.max(score, through[row]!);
      for (let at = row * NEIGHBOURS_PER_FACE; at < (row + 1) * NEIGHBOURS_PER_FACE; at++) {
        const similarity = similarities[at]!;
        if (similarity <= best) break;
        best = Math.max(best, Math.min(similarity, through[nearest[at]!]!));
      }
      return best;
    });
  }
}

function offer(people: Int32Array, scores: Float32Array, row: number, person: number, score: number): void {
  const start = row * CANDIDATES_PER_FACE;
  const last = start + CANDIDATES_PER_FACE - 1;
  if (score > scores[last]!) insertRanked(people, scores, start, last, person, score);
}

/** Groups in which each person has an example. */
function clustersOf({ group }: Faces, { people, examples }: Labels): Set<number>[] {
  const groups = Array.from({ length: people }, () => new Set<number>());
  for (const { row, person } of examples) if (group[row]! > 0) groups[person]!.add(group[row]!);
  return groups;
}

function tooEarly({ births, days }: Labels, row: number, person: number): boolean {
  return days[row]! < births[person]!;
}

/** People whom a hand has put on each photo. */
function peoplePresent({ photo }: Faces, { examples }: Labels): Map<number, Set<number>> {
  const present = new Map<number, Set<number>>();
  for (const { row, person } of examples) {
    const at = photo[row]!;
    present.set(at, (present.get(at) ?? new Set()).add(person));
  }
  return present;
}

function rowsByPerson(list: readonly { row: number; person: number }[]): Map<number, number[]> {
  const rows = new Map<number, number[]>();
  for (const { row, person } of list) rows.set(person, [...(rows.get(person) ?? []), row]);
  return rows;
}
