import type { Calibration } from '../contract/calibration.ts';
import { MOST_QUALITY_PENALTY, QUALITY_PENALTY } from './constants.ts';
import { type LossAt, logit, newton, sigmoid, softplus } from './logistic.ts';
import { similarityOf } from './similarity.ts';

/** The part of a calibration that maximum likelihood decides. */
export type Evidence = Pick<Calibration, 'intercept' | 'slope' | 'doubt'>;

/** A pair whose answer is known. */
export interface PairSample {
  /** Euclidean distance of the two L2-normalised embeddings, 0..2; pairs without one are left out. */
  distance: number;
  /** The poorer of the two qualities, 0..1. */
  quality: number;
  /** Whether both faces are one person. */
  genuine: boolean;
  /** How many pairs this one stands for; 1 when absent. */
  weight?: number;
}

/**
 * Evidence that a face lacks because little can be seen of it: 0 for a good one, odds seven times as long for a poor
 * one, and ever longer the poorer it is. Blur is alike to blur, whoever is blurred, and encoders don't say so.
 */
export function qualityPenalty(quality: number, { founder }: Pick<Calibration, 'founder'>): number {
  return quality < founder
    ? MOST_QUALITY_PENALTY - (MOST_QUALITY_PENALTY - QUALITY_PENALTY) * (quality / founder)
    : 0;
}

/** Log of the likelihood ratio "one person" against "two people"; 0 when the pair tells nothing. */
export function evidence(distance: number, qualityA: number, qualityB: number, by: Evidence): number {
  return by.intercept + by.slope * distance + by.doubt * (1 - Math.min(qualityA, qualityB));
}

/**
 * Probability, 0..1, that two faces are one person.
 *
 * @param prior share of the pairs met in this place that are one person: 0.5 for two pictures that somebody
 *   chose to compare
 */
export function probability(
  distance: number,
  qualityA: number,
  qualityB: number,
  by: Evidence,
  prior = 0.5,
): number {
  return sigmoid(evidence(distance, qualityA, qualityB, by) + logit(prior));
}

/** The distance at which {@link probability} is `wanted` (0..1, exclusive): its inverse. May lie below 0. */
export function distanceAt(
  wanted: number,
  qualityA: number,
  qualityB: number,
  by: Evidence,
  prior = 0.5,
): number {
  return (logit(wanted) - logit(prior) - evidence(0, qualityA, qualityB, by)) / by.slope;
}

/** Dot product at which two good faces show this much evidence. */
export function similarityAt(evidence: number, calibration: Evidence): number {
  const { intercept, slope } = calibration;
  return similarityOf(
    Math.max(0, distanceAt(0.5, 1, 1, { intercept: intercept - evidence, slope, doubt: 0 })),
  );
}

/**
 * Fits evidence to known pairs by logistic regression (Newton's method, which for this loss is iteratively
 * reweighted least squares; Platt 1999 for scores as input). Genuine and impostor pairs each get half of the
 * mass, so that the fit speaks of evidence and not of how many of either were at hand; and as in Platt's
 * paper the targets stop short of 0 and 1, which keeps separable samples finite. Deterministic.
 * Where the samples say that poor faces are *more* alike, `doubt` is held at 0: a bound may only get stricter.
 *
 * @throws RangeError without pairs of both kinds, or when genuine pairs are not the nearer ones
 */
export function fitCalibration(samples: readonly PairSample[]): Evidence {
  const used = samples.filter((sample) => Number.isFinite(sample.distance));
  const fitted = (width: number) => newton((at) => lossAt(used, at, width), new Array<number>(width).fill(0));
  let fit = fitted(3);
  if (fit[2]! > 0) fit = fitted(2);
  const [intercept, slope, doubt = 0] = fit as [number, number, number?];
  if (!(slope < 0)) throw new RangeError(`Expected genuine pairs to be nearer but fitted slope ${slope}`);
  return { intercept, slope, doubt };
}

/** Mean loss in nats a pair and its gradient by (intercept, slope, doubt): what the fit makes small. */
export function calibrationLoss(
  samples: readonly PairSample[],
  by: Evidence,
): { loss: number; gradient: [number, number, number] } {
  const { targets, masses } = aims(samples);
  const gradient: [number, number, number] = [0, 0, 0];
  let loss = 0;
  samples.forEach((sample, i) => {
    const z = evidence(sample.distance, sample.quality, 1, by);
    loss += masses[i]! * (softplus(z) - targets[i]! * z);
    const slip = masses[i]! * (sigmoid(z) - targets[i]!);
    gradient[0] += slip;
    gradient[1] += slip * sample.distance;
    gradient[2] += slip * (1 - sample.quality);
  });
  return { loss, gradient };
}

function aims(samples: readonly PairSample[]): { targets: Float64Array; masses: Float64Array } {
  const total = { genuine: 0, impostor: 0 };
  for (const { genuine, weight = 1 } of samples) total[genuine ? 'genuine' : 'impostor'] += weight;
  if (!(total.genuine > 0 && total.impostor > 0)) {
    throw new RangeError(
      `Expected pairs of both kinds but received ${total.genuine} genuine and ${total.impostor} impostor`,
    );
  }
  const high = (total.genuine + 1) / (total.genuine + 2);
  const low = 1 / (total.impostor + 2);
  return {
    targets: Float64Array.from(samples, ({ genuine }) => (genuine ? high : low)),
    masses: Float64Array.from(
      samples,
      ({ genuine, weight = 1 }) => weight / (2 * total[genuine ? 'genuine' : 'impostor']),
    ),
  };
}

/** The same with how the gradient bends, on the first `width` of (intercept, slope, doubt). */
function lossAt(samples: readonly PairSample[], at: readonly number[], width: number): LossAt {
  const { loss, gradient } = calibrationLoss(samples, named(at));
  return {
    loss,
    bend() {
      const { masses } = aims(samples);
      const hessian = Array.from({ length: width }, () => new Array<number>(width).fill(0));
      samples.forEach((sample, i) => {
        const p = sigmoid(evidence(sample.distance, sample.quality, 1, named(at)));
        const row = [1, sample.distance, 1 - sample.quality];
        for (let r = 0; r < width; r++) {
          for (let c = 0; c < width; c++) hessian[r]![c]! += masses[i]! * p * (1 - p) * row[r]! * row[c]!;
        }
      });
      return { gradient: gradient.slice(0, width), hessian };
    },
  };
}

function named(at: readonly number[]): Evidence {
  return { intercept: at[0]!, slope: at[1]!, doubt: at[2] ?? 0 };
}
