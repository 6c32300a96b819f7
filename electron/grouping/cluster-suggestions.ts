import type { Calibration } from '../contract/calibration.ts';
import { FULL_CREDIT_SIZE, LEAST_SUGGESTED } from './constants.ts';
import { withConsensus } from './match-formulas.ts';
import { effectiveGallerySize, leastScore, matchProbability } from './match-probability.ts';
import { type MatchState, rowsIn } from './match-state.ts';
import { MinimaxPaths } from './minimax-paths.ts';
import { templateScores } from './template-score.ts';

/** A face that may be whoever a group is. */
export interface SuggestedFace {
  row: number;
  /** That it is, 0..1. */
  probability: number;
}

/** Groups whose kin is remembered. */
const REMEMBERED = 64;

/**
 * Faces that are likely the same person as a group, whoever that is: what `match` would say if the group had a name and
 * nobody else, and less for a small group, since whoever is seldom met has few other faces. Names that were given don't
 * count, so that it holds as long as the faces are the same.
 */
export class ClusterSuggestions {
  readonly #state: MatchState;
  readonly #calibration: Calibration;
  readonly #chains: MinimaxPaths;
  /** 0 for the faces of the group that is looked at. */
  readonly #owner: Int32Array;
  readonly #among: number;
  readonly #known = new Map<number, readonly SuggestedFace[]>();

  constructor(state: MatchState, calibration: Calibration) {
    this.#state = state;
    this.#calibration = calibration;
    const n = state.labelled.length;
    this.#owner = new Int32Array(n).fill(-1);
    this.#chains = new MinimaxPaths({ graph: state.graph, owner: this.#owner, labelled: new Uint8Array(n) });
    this.#among = effectiveGallerySize(0, state.faces.group);
  }

  /**
   * Worked out once for each group.
   *
   * @param group as `Faces` calls it
   * @returns faces of others, in order of their rows; nobody of a group that is on one photo with this one
   */
  of(group: number): readonly SuggestedFace[] {
    const known = this.#known.get(group);
    if (known) return known;
    const kin = this.#find(group);
    this.#known.set(group, kin);
    if (this.#known.size > REMEMBERED) this.#known.delete(this.#known.keys().next().value!);
    return kin;
  }

  #find(group: number): SuggestedFace[] {
    const { faces, graph, groupOf, clusterRows, photoOf, several } = this.#state;
    const first = faces.group.indexOf(group);
    if (first < 0) return [];
    const rows = rowsIn(clusterRows, groupOf[first]!);
    const good = rows.filter((row) => faces.quality[row]! >= this.#calibration.founder);
    const examples = [...(good.length > 0 ? good : rows)];
    const own = templateScores(faces, graph.offsets, examples);
    const person = { own, examples, refused: [], groups: new Set<number>(), held: null, birth: Number.NaN };
    for (const row of examples) this.#owner[row] = 0;
    const scores = this.#chains.all(0, person);
    this.#owner.fill(-1);
    const photos = new Set<number>();
    for (const row of rows) if (!several.has(faces.photo[row]!)) photos.add(photoOf[row]!);
    const floor = leastScore(LEAST_SUGGESTED, this.#among, this.#calibration);
    const voices = new Map<number, number>();
    const kin: SuggestedFace[] = [];
    for (let row = 0; row < scores.length; row++) {
      if (scores[row]! < floor || photos.has(photoOf[row]!) || faces.group[row] === group) continue;
      const score = this.#heard(row, scores, photos, voices);
      const seen = { score, margin: null, isInCluster: false, quality: faces.quality[row]! };
      const probability = lessOften(matchProbability(seen, this.#among, this.#calibration), rows.length);
      if (probability >= LEAST_SUGGESTED) kin.push({ row, probability });
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
    const { groupOf, photoOf, clusterRows } = this.#state;
    const group = groupOf[row]!;
    const score = scores[row]!;
    if (group < 0) return score;
    let voice = voices.get(group);
    if (voice === undefined) {
      const rows = rowsIn(clusterRows, group);
      const isApart = rows.some((mate) => photos.has(photoOf[mate]!));
      voice = isApart
        ? Number.NEGATIVE_INFINITY
        : rows.reduce((sum, mate) => sum + scores[mate]!, 0) / rows.length;
      voices.set(group, voice);
    }
    return withConsensus(score, voice);
  }
}

function lessOften(probability: number, faces: number): number {
  const share = Math.min(1, faces / FULL_CREDIT_SIZE);
  return (share * probability) / (share * probability + 1 - probability);
}
