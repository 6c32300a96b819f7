import type { Calibration } from '../contract/calibration.ts';
import { similarityAt } from './calibrate.ts';
import { ALIKE_LEAST, ALIKE_RARITY } from './constants.ts';
import { shareOfNear } from './match-probability.ts';
import { type MatchState, rowsIn } from './match-state.ts';
import { MinimaxPaths } from './minimax-paths.ts';
import { NearPeople } from './near-people.ts';

/** Another person whom some faces may be as well. */
export interface NearRival {
  key: number;
  /** Probability, 0..1, that the faces are the person in question rather than this one. */
  share: number;
}

/** Finds the questions that have two answers: "Emma or Lina?" See [Note: Two near people] in near-people.ts. */
export class NearQuestions {
  readonly #state: MatchState;
  readonly #calibration: Calibration;
  readonly #paths: MinimaxPaths;
  readonly #near: NearPeople;

  constructor(state: MatchState, calibration: Calibration) {
    this.#state = state;
    this.#calibration = calibration;
    this.#paths = new MinimaxPaths(state);
    this.#near = new NearPeople(state.faces, state.graph.offsets, calibration);
  }

  /** Row of a face's cluster, or the face alone. */
  clusterOf(row: number): readonly number[] {
    const { clusterRows, groupOf } = this.#state;
    return groupOf[row]! < 0 ? [row] : [...rowsIn(clusterRows, groupOf[row]!)];
  }

  /**
   * The person near another one from whom the lead of some faces, on average, does not tell them apart; the likeliest.
   *
   * @param rows faces of one cluster without a label, or one face
   * @param key the person who they most likely are
   * @returns null where there is none, or the labels are not those of the state
   */
  rivalOf(rows: readonly number[], key: number): NearRival | null {
    const { people } = this.#state;
    const person = people.get(key);
    if (!person || rows.length === 0) return null;
    let rival: NearRival | null = null;
    for (const [other, { examples }] of people) {
      if (other === key || !this.#near.areNear(person.examples, examples)) continue;
      if (rows.some((row) => !this.#mayBe(row, other))) continue;
      const lead = this.#mean(rows, key) - this.#mean(rows, other);
      const share = shareOfNear(lead, this.#calibration);
      if (share !== null && (rival === null || share < rival.share)) rival = { key: other, share };
    }
    return rival;
  }

  /**
   * Pairs of people who may be one, since their examples are that alike; the most alike first. Two who are on a photo together,
   * or of whom the user refused a face for the other, are two.
   */
  alike(): [key: number, other: number][] {
    const people = [...this.#state.people];
    const pairs = (people.length * (people.length - 1)) / 2;
    const bound = similarityAt(
      Math.max(ALIKE_LEAST, Math.log(Math.max(1, pairs)) - ALIKE_RARITY),
      this.#calibration,
    );
    return this.#near
      .alike(
        people.map(([, { examples }]) => examples),
        bound,
      )
      .sort((a, b) => b.likeness - a.likeness)
      .map(({ pair: [one, other] }): [number, number] => [people[one]![0], people[other]![0]])
      .filter(([key, other]) => !this.#areApart(key, other));
  }

  /** Whether the user has said, or a photo shows, that these are two people. */
  #areApart(key: number, other: number): boolean {
    const { people, owner, photoOf, faces, several } = this.#state;
    const [one, two] = [people.get(key)!, people.get(other)!];
    const isRefused =
      one.refused.some((row) => owner[row] === other) || two.refused.some((row) => owner[row] === key);
    if (isRefused) return true;
    const photos = new Set(one.examples.map((row) => photoOf[row]!));
    return two.examples.some((row) => photos.has(photoOf[row]!) && !several.has(faces.photo[row]!));
  }

  /** Whether a face can be a person: born by then, not refused, and nowhere else on the photo. */
  #mayBe(row: number, key: number): boolean {
    const { people, days, faces, several, photoOf, onPhoto, owner } = this.#state;
    const { birth, refused } = people.get(key)!;
    if (days[row]! < birth || refused.includes(row)) return false;
    return (
      several.has(faces.photo[row]!) || rowsIn(onPhoto, photoOf[row]!).every((other) => owner[other] !== key)
    );
  }

  #mean(rows: readonly number[], key: number): number {
    const person = this.#state.people.get(key)!;
    return rows.reduce((sum, row) => sum + this.#paths.similarity(key, person, row), 0) / rows.length;
  }
}
