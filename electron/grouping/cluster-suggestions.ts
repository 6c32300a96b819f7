import type { Calibration } from '../contract/calibration.ts';
import { FULL_CREDIT_SIZE, LEAST_SUGGESTED } from './constants.ts';
import { withConsensus } from './match-formulas.ts';
import { effectiveGallerySize, leastScore, matchProbability, seenIn } from './match-probability.ts';
import { type MatchState, rowsIn } from './match-state.ts';
import { MinimaxPaths } from './minimax-paths.ts';
import { templateScores } from './template-score.ts';

/** A face that may be the same person as a cluster. */
export interface SuggestedFace {
  row: number;
  /** Probability that it is, 0..1. */
  probability: number;
}

/** Clusters whose suggestions are kept. Source: bound; speed only. */
const CACHED = 64;

/**
 * Faces that are likely the same person as a cluster, named or not. The probability is what `matchReference` would give
 * if the cluster had the only name in the library. It is lower for a small cluster, since a person with few faces has
 * few others elsewhere. Labels don't count, so the result holds as long as the faces and clusters are the same.
 */
export class ClusterSuggestions {
  readonly #state: MatchState;
  readonly #calibration: Calibration;
  readonly #paths: MinimaxPaths;
  /** 0 for the examples of the cluster that is being computed, −1 for all other faces. */
  readonly #owner: Int32Array;
  readonly #seen: ReturnType<typeof seenIn>;
  readonly #cached = new Map<number, readonly SuggestedFace[]>();

  constructor(state: MatchState, calibration: Calibration) {
    this.#state = state;
    this.#calibration = calibration;
    const n = state.labelled.length;
    this.#owner = new Int32Array(n).fill(-1);
    this.#paths = new MinimaxPaths({ graph: state.graph, owner: this.#owner, labelled: new Uint8Array(n) });
    this.#seen = seenIn(state.faces.group);
  }

  /**
   * The suggestions for a cluster, computed once.
   *
   * @param group the cluster's id in `Faces.group`
   * @returns faces outside the cluster, in the order of their rows; none from a cluster that shares a photo with this
   *   one
   */
  of(group: number): readonly SuggestedFace[] {
    const cached = this.#cached.get(group);
    if (cached) return cached;
    const suggested = this.#compute(group);
    this.#cached.set(group, suggested);
    if (this.#cached.size > CACHED) this.#cached.delete(this.#cached.keys().next().value!);
    return suggested;
  }

  #compute(group: number): SuggestedFace[] {
    const { faces, graph, groupOf, clusterRows, photoOf, several } = this.#state;
    const first = faces.group.indexOf(group);
    if (first < 0) return [];
    const rows = rowsIn(clusterRows, groupOf[first]!);
    const good = rows.filter((row) => faces.quality[row]! >= this.#calibration.founder);
    const examples = [...(good.length > 0 ? good : rows)];
    const own = templateScores(faces, graph.offsets, examples);
    const person = {
      own,
      examples,
      refused: [],
      groups: new Set<number>(),
      capped: null,
      birth: Number.NaN,
      growingUp: null,
    };
    for (const row of examples) this.#owner[row] = 0;
    const scores = this.#paths.all(0, person);
    this.#owner.fill(-1);
    const photos = new Set<number>();
    for (const row of rows) if (!several.has(faces.photo[row]!)) photos.add(photoOf[row]!);
    const gallerySize = effectiveGallerySize(1, examples.length, this.#seen);
    const floor = leastScore(LEAST_SUGGESTED, gallerySize, this.#calibration);
    const means = new Map<number, number>();
    const suggested: SuggestedFace[] = [];
    for (let row = 0; row < scores.length; row++) {
      if (scores[row]! < floor || photos.has(photoOf[row]!) || faces.group[row] === group) continue;
      const score = this.#adjusted(row, scores, photos, means);
      const face = { score, margin: null, isInCluster: false, quality: faces.quality[row]! };
      const likely = matchProbability(face, gallerySize, this.#calibration);
      const probability = discounted(likely, rows.length);
      if (probability >= LEAST_SUGGESTED) suggested.push({ row, probability });
    }
    return suggested;
  }

  /**
   * A face's similarity after the consensus of its own cluster, as in matching; −∞ where that cluster shares a photo
   * with the one that is being computed.
   *
   * @param means mean similarity of each cluster, filled here
   */
  #adjusted(
    row: number,
    scores: Float32Array,
    photos: ReadonlySet<number>,
    means: Map<number, number>,
  ): number {
    const { groupOf, photoOf, clusterRows } = this.#state;
    const cluster = groupOf[row]!;
    const score = scores[row]!;
    if (cluster < 0) return score;
    let mean = means.get(cluster);
    if (mean === undefined) {
      const rows = rowsIn(clusterRows, cluster);
      const sharesPhoto = rows.some((member) => photos.has(photoOf[member]!));
      mean = sharesPhoto
        ? Number.NEGATIVE_INFINITY
        : rows.reduce((sum, member) => sum + scores[member]!, 0) / rows.length;
      means.set(cluster, mean);
    }
    return withConsensus(score, mean);
  }
}

/** Lowers the odds in proportion to the size of a cluster below {@link FULL_CREDIT_SIZE} faces. */
function discounted(probability: number, faces: number): number {
  const share = Math.min(1, faces / FULL_CREDIT_SIZE);
  return (share * probability) / (share * probability + 1 - probability);
}
