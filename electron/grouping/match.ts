import type { Calibration } from '../contract/calibration.ts';
import { assign } from './assign.ts';
import { type Candidate, crowd, probabilityOf } from './belief.ts';
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
const KEPT = 4;

/** How many steps from face to face a name may go. */
const STEPS = 2;

/** Share of what other faces say in a face's similarity to a person; the rest is its own. Measured: see eval. */
const OTHERS = 0.7;

/** Share of its lead over its group on average that a face loses: a group speaks with one voice. Measured: see eval. */
const VOICE = 0.5;

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
 * @returns candidates by falling probability, one at most for each face
 */
export function match(faces: Faces, around: Surroundings, said: Said, calibration: Calibration): Candidate[] {
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
      own.push({ row, person, score, margin: margin ?? 0, isMate, probability });
    }
    if (own.length === 0) continue;
    const photo = faces.photo[row]!;
    if (said.several.has(photo)) candidates.push(own[0]!);
    else options.set(photo, [...(options.get(photo) ?? []), ...own]);
  }
  const present = peoplePresent(faces, said);
  for (const [photo, ofPhoto] of options) candidates.push(...assigned(ofPhoto, present.get(photo)));
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
    this.#refusals = rowsByPerson(said.refusals);
  }

  /** Null for a person without an example. */
  of(person: number): Float32Array | null {
    const examples = this.#examples.get(person);
    if (!examples) return null;
    const refused = this.#refusals.get(person) ?? [];
    const own = this.#direct(examples);
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

  #direct(examples: readonly number[]): Float32Array {
    const n = this.#faces.photo.length;
    const best = new Float32Array(n * 3).fill(-2);
    for (const example of examples) {
      const similarity = this.#to(example);
      for (let row = 0; row < n; row++) {
        let value = similarity[row]!;
        for (let at = row * 3; at < row * 3 + 3; at++) {
          if (value <= best[at]!) continue;
          const former = best[at]!;
          best[at] = value;
          value = former;
        }
      }
    }
    const counted = Math.min(3, examples.length);
    const middle = this.#toMiddle(examples);
    return middle.map((score, row) => {
      let sum = 0;
      for (let i = 0; i < counted; i++) sum += best[row * 3 + i]!;
      return score / 2 + (best[row * 3]! + sum / counted) / 4;
    });
  }

  /** Similarity of every face to the middle of examples, as to one face. */
  #toMiddle(examples: readonly number[]): Float32Array {
    const { vectors, size } = this.#faces;
    const { offsets } = this.#around;
    const middle = new Float32Array(size);
    let offset = 0;
    for (const row of examples) {
      offset += offsets[row]! / examples.length;
      for (let i = 0; i < size; i++) middle[i]! += vectors[row * size + i]!;
    }
    const length = Math.hypot(...middle);
    return Float32Array.from({ length: offsets.length }, (_, row) => {
      let sum = 0;
      for (let i = 0, at = row * size; i < size; i++, at++) sum += middle[i]! * vectors[at]!;
      return sum / length - offset - offsets[row]!;
    });
  }

  /**
   * What is more like a refused face than like the person loses that much of its similarity, and no other face can
   * speak for it.
   */
  #holdBack(own: Float32Array, refused: number, held: Uint8Array): void {
    const similarity = this.#to(refused);
    for (let row = 0; row < own.length; row++) {
      const closer = similarity[row]! - own[row]!;
      if (closer <= 0) continue;
      own[row]! -= closer;
      held[row] = 1;
    }
  }

  /** dot − offset − offset of every face with one. */
  #to(row: number): Float32Array {
    const { vectors, size } = this.#faces;
    const { offsets } = this.#around;
    const one = vectors.subarray(row * size, (row + 1) * size);
    return Float32Array.from({ length: offsets.length }, (_, other) => {
      let sum = 0;
      for (let i = 0, at = other * size; i < size; i++, at++) sum += one[i]! * vectors[at]!;
      return sum - offsets[row]! - offsets[other]!;
    });
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

/** One photo's faces, each with the person who serves all of them best together. */
function assigned(options: readonly Candidate[], present: ReadonlySet<number> = new Set()): Candidate[] {
  const free = options.filter(({ person }) => !present.has(person));
  const rows = [...new Set(free.map(({ row }) => row))];
  if (rows.length <= 1) return free.slice(0, 1);
  const people = [...new Set(free.map(({ person }) => person))];
  const found = new Map(free.map((option) => [`${option.row} ${option.person}`, option]));
  // Log-odds, raised so far that nobody is left out who could be asked about.
  const worth = rows.map((row) =>
    people.map((person) => {
      const option = found.get(`${row} ${person}`);
      return option ? Math.max(0, Math.log(option.probability / (1 - option.probability)) + 12) : 0;
    }),
  );
  return assign(worth).flatMap((person, at) =>
    person < 0 ? [] : [found.get(`${rows[at]} ${people[person]}`)!],
  );
}

function rowsByPerson(list: readonly { row: number; person: number }[]): Map<number, number[]> {
  const rows = new Map<number, number[]>();
  for (const { row, person } of list) rows.set(person, [...(rows.get(person) ?? []), row]);
  return rows;
}
