import type { AgeAlignment } from '../contract/ages.ts';
import { AGE_ALIGNMENT } from './constants.ts';
import { sigmoid } from './logistic.ts';

/** Probability that each face is a child's. @param vectors n × size, packed row by row, each L2-normalised */
export function childhood(vectors: Float32Array, { weights, bias }: AgeAlignment): Float32Array {
  const size = weights.length;
  const shares = new Float32Array(vectors.length / size);
  for (let row = 0; row < shares.length; row++) {
    let odds = bias;
    for (let i = 0; i < size; i++) odds += weights[i]! * vectors[row * size + i]!;
    shares[row] = sigmoid(odds);
  }
  return shares;
}

/**
 * Aligns children's embeddings with those of grown-ups, so that a similarity means the same for both: the mean of
 * children is moved onto the mean of grown-ups, and children are drawn as far apart from each other as grown-ups are. Each
 * face moves as far as it is a child's by {@link childhood}; a grown-up's hardly moves. This is correlation alignment (Sun
 * et al. 2016) with one factor instead of a covariance matrix, for which there are too few children.
 *
 * @param vectors n × size, packed row by row, each L2-normalised
 * @param aligned where the result goes; may be `vectors` itself
 */
export function alignAges(
  vectors: Float32Array,
  model: AgeAlignment,
  aligned: Float32Array<ArrayBuffer> = new Float32Array(vectors.length),
): Float32Array<ArrayBuffer> {
  const { spread, offset } = model;
  const size = offset.length;
  for (const [row, child] of childhood(vectors, model).entries()) {
    const share = AGE_ALIGNMENT * child;
    const scale = 1 + share * (spread - 1);
    const start = row * size;
    let square = 0;
    for (let i = 0; i < size; i++) {
      const value = scale * vectors[start + i]! + share * offset[i]!;
      aligned[start + i] = value;
      square += value * value;
    }
    const length = square > 0 ? Math.sqrt(square) : 1;
    for (let i = 0; i < size; i++) aligned[start + i]! /= length;
  }
  return aligned;
}
