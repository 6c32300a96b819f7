import type { Calibration } from '../contract/calibration.ts';
import { CONSENSUS_WEIGHT, PATH_WEIGHT } from './constants.ts';
import { type Candidate, matchProbability } from './match-probability.ts';

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

/** What matching knows of a face and a person to whom it is similar. */
interface Pairing extends Pick<Candidate, 'row' | 'person' | 'score' | 'isInCluster'> {
  /** Score of the most similar other person; null where there is none. */
  rival: number | null;
  quality: number;
}

/** @param gallerySize see `effectiveGallerySize` */
export function candidateOf(pairing: Pairing, gallerySize: number, calibration: Calibration): Candidate {
  const { row, person, score, rival, isInCluster, quality } = pairing;
  const margin = rival === null ? null : score - rival;
  const probability = matchProbability({ score, margin, isInCluster, quality }, gallerySize, calibration);
  return { row, person, score, margin: margin ?? 0, isInCluster, probability };
}
