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

/** Share of pairs that are one person's, among those that are near enough to be looked at at all. */
export const PRIOR = 0.01;

/** What nothing but the prior costs, in nats. */
const NOTHING = -PRIOR * Math.log(PRIOR) - (1 - PRIOR) * Math.log(1 - PRIOR);
const EVEN = Math.log(PRIOR / (1 - PRIOR));

/**
 * What each pair's answer costs: the logarithmic loss of its probability at {@link PRIOR}, as a share of what it costs
 * to know nothing but that prior (Brümmer & du Preez 2006, "Application-independent evaluation of speaker detection").
 * A strictly proper rule: it can't be won by being surer than one is.
 */
export function pairCosts({ distance, quality, genuine }: JudgedPairs, by: Evidence): Float64Array {
  return distance.map((d, i) => {
    const odds = by.intercept + by.slope * d + by.doubt * (1 - quality[i]!) + EVEN;
    return softplus(genuine[i] ? -odds : odds) / NOTHING;
  });
}

/** Mean of one number a pair, genuine pairs with the weight of {@link PRIOR} and impostor pairs with the rest. */
export function cllr(costs: Float64Array, { genuine }: JudgedPairs): number {
  const weights = weightsOf(genuine);
  return costs.reduce((sum, cost, i) => sum + weights[genuine[i]!]! * cost, 0);
}

/**
 * The evidence that makes the mean doubt least: maximum likelihood by Newton's method, two numbers, `doubt` given. It
 * gives every metric the scale that suits it, so that metrics are compared by what they tell apart.
 */
export function fitEvidence(pairs: JudgedPairs, { doubt }: Pick<Evidence, 'doubt'>): Evidence {
  const lossAt = ([intercept, slope]: readonly number[]): LossAt => {
    const by = { intercept: intercept!, slope: slope!, doubt };
    return { loss: cllr(pairCosts(pairs, by), pairs), bend: () => bendAt(pairs, by) };
  };
  const fit = newton(lossAt, [0, 0], { rounds: 60, ridge: 1e-12, enough: 1e-10 });
  return { intercept: fit[0]!, slope: fit[1]!, doubt };
}

/** Gradient and bend of the loss by (intercept, slope). */
function bendAt({ distance, quality, genuine }: JudgedPairs, by: Evidence) {
  const weights = weightsOf(genuine);
  let [g0, g1, h00, h01, h11] = [0, 0, 0, 0, 0];
  for (let i = 0; i < distance.length; i++) {
    const d = distance[i]!;
    const p = sigmoid(by.intercept + by.slope * d + by.doubt * (1 - quality[i]!) + EVEN);
    const weight = weights[genuine[i]!]!;
    const slip = weight * (p - genuine[i]!);
    const bend = weight * p * (1 - p);
    g0 += slip;
    g1 += slip * d;
    h00 += bend;
    h01 += bend * d;
    h11 += bend * d * d;
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
