import type { Calibration } from '../contract/calibration.ts';
import { crowd, leastScore, probabilityOf } from './belief.ts';
import { Chains } from './chains.ts';
import { likenessTo } from './likeness.ts';
import { VOICE } from './match.ts';
import { type MatchState, matesOf } from './match-state.ts';

/** A face that may be whoever a group is. */
export interface KinFace {
  row: number;
  /** That it is, 0..1. */
  probability: number;
}

/** Less likely than this nobody is a group's kin. */
const LEAST = 0.1;

/**
 * Whoever is in a group of so many faces or more has others elsewhere as often as matching thinks; with fewer the odds are
 * less in proportion. Measured on the albums of `npm run eval -- album`.
 */
const OFTEN = 30;

/** Groups whose kin is remembered. */
const REMEMBERED = 64;

/**
 * Faces that are likely the same person as a group, whoever that is: what `match` would say if the group had a name and
 * nobody else, and less for a small group, since whoever is seldom met has few other faces. Names that were given don't
 * count, so that it holds as long as the faces are the same.
 */
export class Kin {
  readonly #state: MatchState;
  readonly #calibration: Calibration;
  readonly #chains: Chains;
  /** 0 for the faces of the group that is looked at. */
  readonly #owner: Int32Array;
  readonly #among: number;
  readonly #known = new Map<number, readonly KinFace[]>();

  constructor(state: MatchState, calibration: Calibration) {
    this.#state = state;
    this.#calibration = calibration;
    const n = state.settled.length;
    this.#owner = new Int32Array(n).fill(-1);
    this.#chains = new Chains({ around: state.around, owner: this.#owner, settled: new Uint8Array(n) });
    this.#among = crowd(0, state.faces.group);
  }

  /**
   * Worked out once for each group.
   *
   * @param group as `Faces` calls it
   * @returns faces of others, in order of their rows; nobody of a group that is on one photo with this one
   */
  of(group: number): readonly KinFace[] {
    const known = this.#known.get(group);
    if (known) return known;
    const kin = this.#find(group);
    this.#known.set(group, kin);
    if (this.#known.size > REMEMBERED) this.#known.delete(this.#known.keys().next().value!);
    return kin;
  }

  #find(group: number): KinFace[] {
    const { faces, around, groupOf, mates, photoOf, several } = this.#state;
    const first = faces.group.indexOf(group);
    if (first < 0) return [];
    const rows = matesOf(mates, groupOf[first]!);
    const good = rows.filter((row) => faces.quality[row]! >= this.#calibration.founder);
    const examples = [...(good.length > 0 ? good : rows)];
    const own = likenessTo(faces, around.offsets, examples);
    const person = { own, examples, refused: [], groups: new Set<number>(), held: null, birth: Number.NaN };
    for (const row of examples) this.#owner[row] = 0;
    const scores = this.#chains.all(0, person);
    this.#owner.fill(-1);
    const photos = new Set<number>();
    for (const row of rows) if (!several.has(faces.photo[row]!)) photos.add(photoOf[row]!);
    const floor = leastScore(LEAST, this.#among, this.#calibration);
    const voices = new Map<number, number>();
    const kin: KinFace[] = [];
    for (let row = 0; row < scores.length; row++) {
      if (scores[row]! < floor || photos.has(photoOf[row]!) || faces.group[row] === group) continue;
      const score = this.#heard(row, scores, photos, voices);
      const seen = { score, margin: null, isMate: false, quality: faces.quality[row]! };
      const probability = lessOften(probabilityOf(seen, this.#among, this.#calibration), rows.length);
      if (probability >= LEAST) kin.push({ row, probability });
    }
    return kin;
  }

  /** A face's similarity once its group has been heard, as in `match`; none where one of the group can't be kin. */
  #heard(
    row: number,
    scores: Float32Array,
    photos: ReadonlySet<number>,
    voices: Map<number, number>,
  ): number {
    const { groupOf, photoOf, mates } = this.#state;
    const group = groupOf[row]!;
    const score = scores[row]!;
    if (group < 0) return score;
    let voice = voices.get(group);
    if (voice === undefined) {
      const rows = matesOf(mates, group);
      const isApart = rows.some((mate) => photos.has(photoOf[mate]!));
      voice = isApart
        ? Number.NEGATIVE_INFINITY
        : rows.reduce((sum, mate) => sum + scores[mate]!, 0) / rows.length;
      voices.set(group, voice);
    }
    return score - VOICE * Math.max(0, score - voice);
  }
}

function lessOften(probability: number, faces: number): number {
  const share = Math.min(1, faces / OFTEN);
  return (share * probability) / (share * probability + 1 - probability);
}
