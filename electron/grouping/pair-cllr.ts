import type { Evidence } from './calibrate.ts';
import { type LossAt, newton, sigmoid, softplus } from './logistic.ts';

/** Pairs whose answers are known, one entry each. */
export interface JudgedPairs {
  /** Euclidean distance, 0..2. */
  distance: Float64Array;
  /** The poorer of both qualities, 0..1. */
  quality: Float64Array;
  /** 1: one person; 0: two. */
  genuine: Uint8Array;
}

/** Share of genuine pairs among the pairs that are near enough to be compared. Source: chosen by hand. */
export const PRIOR = 0.01;

/** Loss of answering every pair with the prior, in nats. */
const PRIOR_LOSS = -PRIOR * Math.log(PRIOR) - (1 - PRIOR) * Math.log(1 - PRIOR);
const PRIOR_ODDS = Math.log(PRIOR / (1 - PRIOR));

/**
 * Loss of each pair: the logarithmic loss of its probability at {@link PRIOR}, divided by the loss of answering with
 * the prior alone (Brümmer & du Preez 2006, "Application-independent evaluation of speaker detection"). A strictly
 * proper scoring rule: probabilities that are too sure only raise it.
 */
export function pairCosts({ distance, quality, genuine }: JudgedPairs, by: Evidence): Float64Array {
  return distance.map((d, i) => {
    const odds = by.intercept + by.slope * d + by.qualitySlope * (1 - quality[i]!) + PRIOR_ODDS;
    return softplus(genuine[i] ? -odds : odds) / PRIOR_LOSS;
  });
}

/** Cllr: the mean of `costs`, in which genuine pairs together weigh {@link PRIOR} and impostor pairs the rest. */
export function cllr(costs: Float64Array, { genuine }: JudgedPairs): number {
  const weights = weightsOf(genuine);
  return costs.reduce((sum, cost, i) => sum + weights[genuine[i]!]! * cost, 0);
}

/**
 * The intercept and slope with the lowest {@link cllr}: maximum likelihood by Newton's method; the quality penalty
 * `qualitySlope` is given. So each metric has the scale that suits it, and metrics are compared by how well they separate
 * people.
 */
export function fitEvidence(pairs: JudgedPairs, { qualitySlope }: Pick<Evidence, 'qualitySlope'>): Evidence {
  const lossAt = ([intercept, slope]: readonly number[]): LossAt => {
    const by = { intercept: intercept!, slope: slope!, qualitySlope };
    return { loss: cllr(pairCosts(pairs, by), pairs), derivatives: () => derivativesAt(pairs, by) };
  };
  const fit = newton(lossAt, [0, 0], { rounds: 60, ridge: 1e-12, enough: 1e-10 });
  return { intercept: fit[0]!, slope: fit[1]!, qualitySlope };
}

/** Gradient and Hessian of the loss by (intercept, slope). */
function derivativesAt({ distance, quality, genuine }: JudgedPairs, by: Evidence) {
  const weights = weightsOf(genuine);
  let [g0, g1, h00, h01, h11] = [0, 0, 0, 0, 0];
  for (let i = 0; i < distance.length; i++) {
    const d = distance[i]!;
    const p = sigmoid(by.intercept + by.slope * d + by.qualitySlope * (1 - quality[i]!) + PRIOR_ODDS);
    const weight = weights[genuine[i]!]!;
    const residual = weight * (p - genuine[i]!);
    const curvature = weight * p * (1 - p);
    g0 += residual;
    g1 += residual * d;
    h00 += curvature;
    h01 += curvature * d;
    h11 += curvature * d * d;
  }
  return {
    gradient: [g0, g1],
    hessian: [
      [h00, h01],
      [h01, h11],
    ],
  };
}

/** Weight of one impostor pair and of one genuine pair. */
function weightsOf(genuine: Uint8Array): [number, number] {
  const count = genuine.reduce((sum, one) => sum + one, 0);
  return [(1 - PRIOR) / Math.max(1, genuine.length - count), PRIOR / Math.max(1, count)];
}
