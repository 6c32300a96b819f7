import type { Calibration } from '../contract/calibration.ts';
import { MOST_QUALITY_PENALTY, QUALITY_PENALTY } from './constants.ts';
import { type LossAt, logit, newton, sigmoid, softplus } from './logistic.ts';
import { similarityOf } from './similarity.ts';

/** The part of a calibration that is fitted by maximum likelihood. */
export type Evidence = Pick<Calibration, 'intercept' | 'slope' | 'qualitySlope'>;

/** A pair whose answer is known. */
export interface PairSample {
  /** Euclidean distance of the two L2-normalised embeddings, 0..2; Infinity: none, and the pair is left out. */
  distance: number;
  /** The poorer of the two qualities, 0..1. */
  quality: number;
  /** Whether both faces are one person. */
  genuine: boolean;
  /** How many pairs this one stands for; 1 when absent. */
  weight?: number;
}

/**
 * Evidence that is subtracted for a poor face: 0 for a good one, {@link QUALITY_PENALTY} (odds seven times as long)
 * just below `founder`, {@link MOST_QUALITY_PENALTY} at quality 0, linear in between. Blurred faces are similar to each
 * other whoever they are, and encoders do not tell.
 */
export function qualityPenalty(quality: number, { founder }: Pick<Calibration, 'founder'>): number {
  return quality < founder
    ? MOST_QUALITY_PENALTY - (MOST_QUALITY_PENALTY - QUALITY_PENALTY) * (quality / founder)
    : 0;
}

/** Natural logarithm of the likelihood ratio of "one person" and "two people"; 0 where both are equally likely. */
export function evidence(distance: number, qualityA: number, qualityB: number, by: Evidence): number {
  return by.intercept + by.slope * distance + by.qualitySlope * (1 - Math.min(qualityA, qualityB));
}

/**
 * Probability, 0..1, that two faces are one person.
 *
 * @param prior share of the pairs in this place that are one person: 0.5 for two pictures that the user chose to
 *   compare
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

/** The distance at which {@link probability} is `wanted` (0..1, exclusive): its inverse. It may be below 0. */
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
    Math.max(0, distanceAt(0.5, 1, 1, { intercept: intercept - evidence, slope, qualitySlope: 0 })),
  );
}

/**
 * Fits evidence to known pairs by logistic regression (Newton's method, which for this loss is iteratively reweighted
 * least squares; Platt 1999 for scores as input). Genuine and impostor pairs each have half of the mass, so that the
 * result does not depend on how many of either there are. As in Platt's paper the targets are a little above 0 and
 * below 1, which keeps the fit of separable samples finite. Where poor faces are *more* similar in the samples, `qualitySlope`
 * stays 0, since low quality must only make a bound stricter. Deterministic.
 *
 * @throws RangeError without pairs of both kinds, or when genuine pairs are not the nearer ones
 */
export function fitCalibration(samples: readonly PairSample[]): Evidence {
  const used = samples.filter((sample) => Number.isFinite(sample.distance));
  const fitted = (width: number) => newton((at) => lossAt(used, at, width), new Array<number>(width).fill(0));
  let fit = fitted(3);
  if (fit[2]! > 0) fit = fitted(2);
  const [intercept, slope, qualitySlope = 0] = fit as [number, number, number?];
  if (!(slope < 0)) throw new RangeError(`Expected genuine pairs to be nearer but fitted slope ${slope}`);
  return { intercept, slope, qualitySlope };
}

/** The loss that {@link fitCalibration} minimises, in nats a pair, and its gradient by (intercept, slope, qualitySlope). */
export function calibrationLoss(
  samples: readonly PairSample[],
  by: Evidence,
): { loss: number; gradient: [number, number, number] } {
  const { targets, masses } = targetsAndMasses(samples);
  const gradient: [number, number, number] = [0, 0, 0];
  let loss = 0;
  samples.forEach((sample, i) => {
    const z = evidence(sample.distance, sample.quality, 1, by);
    loss += masses[i]! * (softplus(z) - targets[i]! * z);
    const residual = masses[i]! * (sigmoid(z) - targets[i]!);
    gradient[0] += residual;
    gradient[1] += residual * sample.distance;
    gradient[2] += residual * (1 - sample.quality);
  });
  return { loss, gradient };
}

/** Platt's target and the mass of each pair. */
function targetsAndMasses(samples: readonly PairSample[]): { targets: Float64Array; masses: Float64Array } {
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

/** The loss with its gradient and Hessian by the first `width` of (intercept, slope, qualitySlope). */
function lossAt(samples: readonly PairSample[], at: readonly number[], width: number): LossAt {
  const { loss, gradient } = calibrationLoss(samples, named(at));
  return {
    loss,
    derivatives() {
      const { masses } = targetsAndMasses(samples);
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
  return { intercept: at[0]!, slope: at[1]!, qualitySlope: at[2] ?? 0 };
}
