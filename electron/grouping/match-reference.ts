import type { Calibration } from '../contract/calibration.ts';
import { assigned } from './assigned.ts';
import { CANDIDATES_PER_FACE, NEIGHBOURS_PER_FACE, PATH_LENGTH } from './constants.ts';
import { growingUpOf, type Life, onItsDay } from './growing-up.ts';
import { candidatesOf, capNearRefused, throughPath, withConsensus } from './match-formulas.ts';
import { type Candidate, countOf, effectiveGallerySize, leastScore, seenIn } from './match-probability.ts';
import { NearPeople } from './near-people.ts';
import type { Faces, NormalisedGraph } from './normalised-graph.ts';
import { normalisedSimilarities, templateScores } from './template-score.ts';
import { insertRanked } from './top-k.ts';

/** The labels that the user has given: the gallery, and what is known about the probes. */
export interface Labels {
  /** Number of people; they are numbered from 0. */
  people: number;
  /** Enrolled faces: examples of a person. */
  examples: readonly { row: number; person: number }[];
  /** Faces that the user refused for a person ("not Anna"). */
  refusals: readonly { row: number; person: number }[];
  /** 1 for faces that need no name, since the user has labelled them. */
  labelled: Uint8Array;
  /** Day of birth of each person, in days since 1970; NaN where it is not known. */
  births: Float64Array;
  /** Day on which each face's photo was taken, in days since 1970; NaN where it is not known. */
  days: Float64Array;
  /** Photos on which a person may be more than once. */
  several: ReadonlySet<number>;
}

/**
 * Matches every face without a label against all people at once, open-set. The steps:
 *
 * 1. Template score. A face's similarity to a person is that to the centroid of the person's examples. The normalisation
 *    offsets of both sides are subtracted.
 * 2. Refusals. A face that is more similar to a refused face than to the person loses the difference, and no path leads
 *    to it.
 * 3. Minimax paths. A face may also be similar by way of other faces. A path is as good as its weakest link (as in
 *    single linkage) and has {@link PATH_LENGTH} links beyond the first. So a face that is unlike the only example, but
 *    like other faces of that person, is found through them. No path leads through a face that is labelled as another
 *    person, and no link connects two faces of one photo.
 * 4. Cluster consensus. A face that is more similar to a person than its cluster is loses part of that lead.
 * 5. Dates. A face that looks too old, or too young, for the day of its photo loses similarity ({@link onItsDay}).
 * 6. Calibration. `calibration.match` turns similarity and lead over the next person into a probability. Its prior
 *    depends on the number of people. Where two people are equally similar, neither is sure; where the two are near each
 *    other, more of a lead is needed ({@link NearPeople}).
 * 7. Assignment. The people of one photo are assigned together, each to one face.
 *
 * This is the reference, written to be read. {@link Matcher} computes the same from one label to the next.
 *
 * @param least probability below which a person is no candidate
 * @returns candidates by falling probability, one at most for each face
 */
export function matchReference(
  faces: Faces,
  graph: NormalisedGraph,
  labels: Labels,
  calibration: Calibration,
  least = 0,
): Candidate[] {
  const n = faces.photo.length;
  const bestPeople = new Int32Array(n * CANDIDATES_PER_FACE).fill(-1);
  const bestScores = new Float32Array(n * CANDIDATES_PER_FACE).fill(-2);
  const gallerySize = effectiveGallerySize(labels.people, countOf(labels.labelled), seenIn(faces.group));
  const column = new Column(faces, graph, labels, calibration);
  for (let person = 0; person < labels.people; person++) {
    const scores = column.of(person);
    if (scores === null) continue;
    for (let row = 0; row < n; row++) {
      if (!labels.labelled[row]) offer(bestPeople, bestScores, row, person, scores[row]!);
    }
  }
  const clusters = clustersOf(faces, labels);
  const near = new NearPeople(faces, graph.offsets, calibration);
  const by = { calibration, gallerySize, near, least, floor: leastScore(least, gallerySize, calibration) };
  const candidates: Candidate[] = [];
  const options = new Map<number, Candidate[]>();
  for (let row = 0; row < n; row++) {
    const first = row * CANDIDATES_PER_FACE;
    const ranked = Array.from(bestPeople.subarray(first, first + CANDIDATES_PER_FACE))
      .filter((person) => person >= 0)
      .map((person, at) => ({
        person,
        score: bestScores[first + at]!,
        examples: column.examples(person),
        isInCluster: clusters[person]!.has(faces.group[row]!),
      }));
    const own = candidatesOf(
      { row, quality: faces.quality[row]!, childhood: faces.childhood?.[row] ?? 0, ranked },
      by,
    );
    if (own.length === 0) continue;
    const photo = faces.photo[row]!;
    if (labels.several.has(photo)) candidates.push(own[0]!);
    else options.set(photo, [...(options.get(photo) ?? []), ...own]);
  }
  const present = peoplePresent(faces, labels);
  for (const [photo, ofPhoto] of options) candidates.push(...assigned(ofPhoto, present.get(photo), least));
  return candidates.sort((a, b) => b.probability - a.probability || a.row - b.row);
}

/** Computes the similarities of all faces to one person. */
class Column {
  readonly #faces: Faces;
  readonly #graph: NormalisedGraph;
  readonly #examples: Map<number, number[]>;
  readonly #refusals: Map<number, number[]>;
  /** Person of each example, −1: none. */
  readonly #owner: Int32Array;
  readonly #labels: Labels;
  readonly #labelled: Uint8Array;
  readonly #calibration: Calibration;

  constructor(faces: Faces, graph: NormalisedGraph, labels: Labels, calibration: Calibration) {
    this.#labels = labels;
    this.#calibration = calibration;
    this.#faces = faces;
    this.#graph = graph;
    this.#labelled = labels.labelled;
    this.#owner = new Int32Array(faces.photo.length).fill(-1);
    for (const { row, person } of labels.examples) this.#owner[row] = person;
    this.#examples = rowsByPerson(labels.examples);
    for (const rows of this.#examples.values()) rows.sort((a, b) => a - b);
    this.#refusals = rowsByPerson(labels.refusals);
  }

  /** Rows of a person's examples, in order. */
  examples(person: number): readonly number[] {
    return this.#examples.get(person)!;
  }

  /**
   * @returns the similarity of each face, −2 where the face can't be the person; null for a person without an example
   */
  of(person: number): Float32Array | null {
    const examples = this.#examples.get(person);
    if (!examples) return null;
    const refused = this.#refusals.get(person) ?? [];
    const own = templateScores(this.#faces, this.#graph.offsets, examples);
    const n = own.length;
    const capped = new Uint8Array(n);
    for (const row of refused) {
      capNearRefused(own, normalisedSimilarities(this.#faces, this.#graph.offsets, row), capped, 1);
    }
    for (let row = 0; row < n; row++) {
      if (this.#owner[row] === person) own[row] = 1;
      else if (this.#labelled[row]) own[row] = -2;
    }
    for (const row of refused) own[row] = -2;
    let through: Float32Array = own;
    for (let step = 0; step < PATH_LENGTH; step++) through = this.#spread(own, through, capped);
    const scores = own.map((score, row) => (score <= -2 ? -2 : throughPath(score, through[row]!)));
    this.#applyConsensus(scores);
    const { births, days } = this.#labels;
    const birth = births[person]!;
    this.#applyDates(scores, { birth, growingUp: growingUpOf(examples, this.#faces, days, birth) });
    return scores;
  }

  /** Lowers each score towards the mean of the face's cluster: see {@link withConsensus}. */
  #applyConsensus(scores: Float32Array): void {
    const { group } = this.#faces;
    const counts = (row: number) => group[row]! > 0 && !this.#labelled[row] && scores[row]! > -2;
    const rows = [...scores.keys()].filter(counts);
    for (const members of Map.groupBy(rows, (row) => group[row]!).values()) {
      const mean = members.reduce((sum, row) => sum + scores[row]!, 0) / members.length;
      for (const row of members) scores[row] = withConsensus(scores[row]!, mean);
    }
  }

  /** Lowers the scores of faces that look too old or too young for their day: see {@link onItsDay}. */
  #applyDates(scores: Float32Array, life: Life): void {
    for (let row = 0; row < scores.length; row++) {
      if (scores[row]! <= -2) continue;
      const look = { day: this.#labels.days[row]!, childhood: this.#faces.childhood?.[row] ?? 0 };
      scores[row] = onItsDay(scores[row]!, look, life, this.#calibration);
    }
  }

  /** Lengthens the best path of each face by one link. */
  #spread(own: Float32Array, through: Float32Array, capped: Uint8Array): Float32Array {
    const { nearest, similarities } = this.#graph;
    return own.map((score, row) => {
      if (score <= -2 || capped[row]) return score;
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

/** Clusters in which each person has an example. */
function clustersOf({ group }: Faces, { people, examples }: Labels): Set<number>[] {
  const groups = Array.from({ length: people }, () => new Set<number>());
  for (const { row, person } of examples) if (group[row]! > 0) groups[person]!.add(group[row]!);
  return groups;
}

/** People who have an example on each photo. */
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
