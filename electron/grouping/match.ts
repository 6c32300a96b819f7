import type { Calibration } from '../contract/calibration.ts';
import { assigned } from './assigned.ts';
import { type Candidate, crowd, probabilityOf } from './belief.ts';
import { likenessTo, similaritiesTo } from './likeness.ts';
import { type Faces, NEIGHBOURS, type Surroundings } from './neighbours.ts';

/** What people have said. */
export interface Said {
  /** How many people there are, numbered from 0. */
  people: number;
  /** Faces that stand for a person. */
  examples: readonly { row: number; person: number }[];
  /** "Not Anna." */
  refusals: readonly { row: number; person: number }[];
  /** Faces that need no name: 1 where a hand has said who or what it is. */
  settled: Uint8Array;
  /** Day of birth of each person, in days since 1970; NaN where nobody said. */
  births: Float64Array;
  /** Day on which each face's photo was taken, NaN where it does not say. */
  days: Float64Array;
  /** Photos on which a person may be more than once. */
  several: ReadonlySet<number>;
}

/** People who are kept as candidates of each face. */
export const KEPT = 4;

/** How many steps from face to face a name may go. */
const STEPS = 2;

/** Share of what other faces say in a face's similarity to a person; the rest is its own. Measured: see eval. */
export const OTHERS = 0.7;

/** Share of its lead over its group on average that a face loses: a group speaks with one voice. Measured: see eval. */
export const VOICE = 0.5;

/**
 * Matches every face that needs a name against all people at once, open-set.
 *
 * A face's similarity to a person is that to the person's examples (half to their middle, a quarter to the best, a
 * quarter to the three best), less the crowding around both faces. It may also come by way of other faces: a chain is as good as its weakest link (minimax
 * path, as in single linkage, of {@link STEPS} links beyond the first), so that a face unlike the one example but
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
export function match(
  faces: Faces,
  around: Surroundings,
  said: Said,
  calibration: Calibration,
  least = 0,
): Candidate[] {
  const n = faces.photo.length;
  const bestPeople = new Int32Array(n * KEPT).fill(-1);
  const bestScores = new Float32Array(n * KEPT).fill(-2);
  const among = crowd(said.people, faces.group);
  const column = new Column(faces, around, said);
  for (let person = 0; person < said.people; person++) {
    const scores = column.of(person);
    if (scores === null) continue;
    for (let row = 0; row < n; row++) {
      if (!said.settled[row]) offer(bestPeople, bestScores, row, person, scores[row]!);
    }
  }
  const mates = groupsOf(faces, said);
  const candidates: Candidate[] = [];
  const options = new Map<number, Candidate[]>();
  for (let row = 0; row < n; row++) {
    const own: Candidate[] = [];
    for (let at = row * KEPT; at < (row + 1) * KEPT && bestPeople[at]! >= 0; at++) {
      const first = at === row * KEPT;
      const rival = first ? bestScores[at + 1]! : bestScores[row * KEPT]!;
      const margin = rival <= -2 ? null : bestScores[at]! - rival;
      const person = bestPeople[at]!;
      if (faces.photo[row] !== undefined && tooEarly(said, row, person)) continue;
      const score = bestScores[at]!;
      const isMate = mates[person]!.has(faces.group[row]!);
      const seen = { score, margin, isMate, quality: faces.quality[row]! };
      const probability = probabilityOf(seen, among, calibration);
      if (probability >= least) own.push({ row, person, score, margin: margin ?? 0, isMate, probability });
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
  readonly #around: Surroundings;
  readonly #examples: Map<number, number[]>;
  readonly #refusals: Map<number, number[]>;
  /** Person of each example, −1: none. */
  readonly #owner: Int32Array;
  readonly #settled: Uint8Array;

  constructor(faces: Faces, around: Surroundings, said: Said) {
    this.#faces = faces;
    this.#around = around;
    this.#settled = said.settled;
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
    const own = likenessTo(this.#faces, this.#around.offsets, examples);
    const n = own.length;
    const held = new Uint8Array(n);
    for (const row of refused) this.#holdBack(own, row, held);
    for (let row = 0; row < n; row++) {
      if (this.#owner[row] === person) own[row] = 1;
      else if (this.#settled[row]) own[row] = -2;
    }
    for (const row of refused) own[row] = -2;
    let through: Float32Array = own;
    for (let step = 0; step < STEPS; step++) through = this.#spread(own, through, held);
    const scores = own.map((score, row) =>
      score <= -2 ? -2 : (1 - OTHERS) * score + OTHERS * through[row]!,
    );
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
    const speaks = (row: number) => group[row]! > 0 && !this.#settled[row] && scores[row]! > -2;
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
      scores[row]! -= VOICE * Math.max(0, scores[row]! - sum / count);
    }
  }

  /**
   * What is more like a refused face than like the person loses that much of its similarity, and no other face can
   * speak for it.
   */
  #holdBack(own: Float32Array, refused: number, held: Uint8Array): void {
    const similarity = similaritiesTo(this.#faces, this.#around.offsets, refused);
    for (let row = 0; row < own.length; row++) {
      const closer = similarity[row]! - own[row]!;
      if (closer <= 0) continue;
      own[row]! -= closer;
      held[row] = 1;
    }
  }

  #spread(own: Float32Array, through: Float32Array, held: Uint8Array): Float32Array {
    const { nearest, similarities } = this.#around;
    return own.map((score, row) => {
      if (score <= -2 || held[row]) return score;
      let best = Math.max(score, through[row]!);
      for (let at = row * NEIGHBOURS; at < (row + 1) * NEIGHBOURS; at++) {
        const similarity = similarities[at]!;
        if (similarity <= best) break;
        best = Math.max(best, Math.min(similarity, through[nearest[at]!]!));
      }
      return best;
    });
  }
}

function offer(people: Int32Array, scores: Float32Array, row: number, person: number, score: number): void {
  const start = row * KEPT;
  let at = start + KEPT - 1;
  if (score <= scores[at]!) return;
  for (; at > start && scores[at - 1]! < score; at--) {
    scores[at] = scores[at - 1]!;
    people[at] = people[at - 1]!;
  }
  scores[at] = score;
  people[at] = person;
}

/** Groups in which each person has an example. */
function groupsOf({ group }: Faces, { people, examples }: Said): Set<number>[] {
  const groups = Array.from({ length: people }, () => new Set<number>());
  for (const { row, person } of examples) if (group[row]! > 0) groups[person]!.add(group[row]!);
  return groups;
}

function tooEarly({ births, days }: Said, row: number, person: number): boolean {
  return days[row]! < births[person]!;
}

/** People whom a hand has put on each photo. */
function peoplePresent({ photo }: Faces, { examples }: Said): Map<number, Set<number>> {
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
