import type { Calibration } from '../contract/calibration.ts';
import { CONSENSUS_WEIGHT, PATH_WEIGHT } from './constants.ts';
import { type Candidate, matchProbability, type RankedPerson } from './match-probability.ts';
import type { NearPeople } from './near-people.ts';

// Formulas that the reference of matching (match-reference.ts) and its engine (matcher.ts) share.

/**
 * A face's similarity to a person: the weighted mean of its own template score and of its best path through other
 * faces.
 */
export function throughPath(own: number, path: number): number {
  return Math.fround((1 - PATH_WEIGHT) * own + PATH_WEIGHT * path);
}

/**
 * A face that is more similar to a person than its cluster is on average loses part of that lead. It gains nothing
 * where the cluster is more similar, since it may be the one face that is in the cluster by mistake.
 *
 * @param mean similarity of the cluster's faces that have no label and may be the person
 */
export function withConsensus(score: number, mean: number): number {
  return score - CONSENSUS_WEIGHT * Math.max(0, score - mean);
}

/**
 * Lowers scores near a face that the user refused for a person. A face that is more similar to the refused face than to
 * the person loses the difference, and no path may lead to it.
 *
 * @param own template scores, changed in place
 * @param similarity of each face to the refused one
 * @param capped set to `mark` where a score was lowered
 */
export function capNearRefused(
  own: Float32Array,
  similarity: Float32Array,
  capped: Uint8Array,
  mark: number,
): void {
  for (let row = 0; row < own.length; row++) {
    const closer = similarity[row]! - own[row]!;
    if (closer <= 0) continue;
    own[row]! -= closer;
    capped[row] = mark;
  }
}

/**
 * The candidates of a face.
 *
 * @param face `ranked`: the people to whom it is most similar, the most similar first
 * @param by `gallerySize`: see `effectiveGallerySize`; `least`: probability below which a person is no candidate; `floor`:
 *   similarity below which nobody reaches that
 */
export function candidatesOf(
  face: { row: number; quality: number; childhood: number; ranked: readonly RankedPerson[] },
  by: { calibration: Calibration; gallerySize: number; near: NearPeople; least: number; floor: number },
): Candidate[] {
  const { row, quality, childhood, ranked } = face;
  const candidates: Candidate[] = [];
  for (let at = 0; at < ranked.length; at++) {
    const { person, score, isInCluster } = ranked[at]!;
    const next = ranked[at === 0 ? 1 : 0];
    const margin = next === undefined ? null : score - next.score;
    const seen = { score, margin, isInCluster, quality, childhood };
    const alone = matchProbability(seen, by.gallerySize, by.calibration);
    // Somebody near only makes a person less likely.
    if (alone < by.least) continue;
    const near = ranked[by.near.nearest(ranked, at, by.floor)];
    const nearMargin = near === undefined ? null : score - near.score;
    const probability =
      nearMargin === null ? alone : matchProbability({ ...seen, nearMargin }, by.gallerySize, by.calibration);
    if (probability < by.least) continue;
    candidates.push({ row, person, score, margin: margin ?? 0, nearMargin, isInCluster, probability });
  }
  return candidates;
}
