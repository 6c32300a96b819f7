import type { Calibration } from '../../electron/contract/calibration.ts';
import { MARGIN_CAP, TIE_STEEPNESS } from '../../electron/grouping/constants.ts';
import { newton, sigmoid, softplus } from '../../electron/grouping/logistic.ts';
import type { Drawn, Opinion } from './reliability-figures.ts';

type Match = NonNullable<Calibration['match']>;

/** Share of faces that the sets name wrongly, so that a fit need not explain a few of them. Chosen by hand. */
const MISNAMED = 0.002;

/** Times that it is guessed anew which faces are misnamed; the fit hardly moves afterwards. */
const ROUNDS = 4;

/**
 * Similarities between which the line may bend, as shares of all right opinions that are less similar. Chosen by hand.
 */
const BENDS = [0.3, 0.4, 0.5, 0.6, 0.7];

/** What an opinion's log-odds are made of: similarity, what of it is above the knee, lead, cluster, gallery. */
function termsOf({ score, margin, isInCluster, gallery }: Opinion, knee: number): number[] {
  const lead = Math.max(-MARGIN_CAP, Math.min(margin, MARGIN_CAP));
  return [1, score, Math.max(0, score - knee), lead, Number(isInCluster), -Math.log(gallery)];
}

interface Sample {
  opinion: Opinion;
  weight: number;
}

/**
 * Fits what similarity to a person means to drawn libraries: logistic regression with a knee, all sizes weighing the same,
 * where some labels may be wrong (Bootkrajang & Kabán 2012, by expectation maximisation).
 */
export function fitMatch(draws: readonly Drawn[], knees = kneesOf(draws)): Match {
  const sizes = new Map<number, number>();
  for (const { size, opinions } of draws) sizes.set(size, (sizes.get(size) ?? 0) + opinions.length);
  const samples = draws.flatMap(({ size, opinions }) =>
    opinions.map((opinion): Sample => ({ opinion, weight: 1e4 / sizes.get(size)! })),
  );
  return knees.map((knee) => fitWith(samples, knee)).toSorted((a, b) => a.loss - b.loss)[0]!.match;
}

function kneesOf(draws: readonly Drawn[]): number[] {
  const scores = draws
    .flatMap(({ opinions }) => opinions.filter(({ right }) => right).map(({ score }) => score))
    .sort((a, b) => a - b);
  return BENDS.map((share) => Number(scores[Math.floor(share * scores.length)]!.toFixed(3)));
}

function fitWith(samples: readonly Sample[], knee: number): { loss: number; match: Match } {
  const rows = samples.map(({ opinion }) => termsOf(opinion, knee));
  // Similarities are scaled, so that all numbers are of one order.
  const mean = rows.reduce((sum, row) => sum + row[1]!, 0) / rows.length;
  const spread = Math.sqrt(rows.reduce((sum, row) => sum + (row[1]! - mean) ** 2, 0) / rows.length);
  for (const row of rows) {
    row[1] = (row[1]! - mean) / spread;
    row[2]! /= spread;
    row[3]! /= spread;
  }
  const oddsAt = (at: readonly number[]) => rows.map((row) => row.reduce((sum, x, i) => sum + x * at[i]!, 0));
  let targets = samples.map(({ opinion }) => Number(opinion.right));
  let at = [0, 1, 0, 0, 0, 1];
  for (let round = 0; round < ROUNDS; round++) {
    at = fitTargets(rows, samples, targets, at, oddsAt);
    targets = oddsAt(at).map((z, k) => {
      const p = sigmoid(z);
      const [said, not] = samples[k]!.opinion.right ? [1 - MISNAMED, MISNAMED] : [MISNAMED, 1 - MISNAMED];
      return (said * p) / (said * p + not * (1 - p));
    });
  }
  const loss = oddsAt(at).reduce((sum, z, k) => {
    const { opinion, weight } = samples[k]!;
    const told = MISNAMED + (1 - 2 * MISNAMED) * sigmoid(z);
    return sum - weight * Math.log(opinion.right ? told : 1 - told);
  }, 0);
  const [intercept, slope, above, lead, inCluster, gallery] = at as [number, ...number[]];
  const round = (value: number) => Number(value.toFixed(2));
  return {
    loss,
    match: {
      intercept: round(intercept - (slope! * mean) / spread),
      slope: round(slope! / spread),
      knee: { from: knee, slope: round(Math.max(0, above! / spread)) },
      lead: round(lead! / spread),
      inCluster: round(inCluster!),
      gallery: round(gallery!),
    },
  };
}

/** Logistic regression on targets between 0 and 1. */
function fitTargets(
  rows: readonly (readonly number[])[],
  samples: readonly Sample[],
  targets: readonly number[],
  start: readonly number[],
  oddsAt: (at: readonly number[]) => number[],
): number[] {
  return newton(
    (at) => {
      const odds = oddsAt(at);
      const loss = odds.reduce((sum, z, k) => sum + samples[k]!.weight * (softplus(z) - targets[k]! * z), 0);
      const derivatives = () => {
        const gradient = at.map(() => 0);
        const hessian = at.map(() => at.map(() => 0));
        odds.forEach((z, k) => {
          const { weight } = samples[k]!;
          const row = rows[k]!;
          const p = sigmoid(z);
          for (let i = 0; i < row.length; i++) {
            gradient[i]! += weight * (p - targets[k]!) * row[i]!;
            for (let j = 0; j < row.length; j++) hessian[i]![j]! += weight * p * (1 - p) * row[i]! * row[j]!;
          }
        });
        return { gradient, hessian };
      };
      return { loss, derivatives };
    },
    start,
    { rounds: 40, ridge: 1e-6, enough: 1e-4 },
  );
}

/** What an opinion's probability is by another fit, as `matchProbability` has it for faces that are not poor. */
export function probabilityBy(opinion: Opinion, match: Match): number {
  const { intercept, slope, knee = { from: 0, slope: 0 }, lead, inCluster, gallery = 1 } = match;
  const numbers = [intercept, slope, knee.slope, lead, inCluster, gallery];
  const z = termsOf(opinion, knee.from).reduce((sum, x, i) => sum + x * numbers[i]!, 0);
  const tie = opinion.isAlone ? 1 : sigmoid(TIE_STEEPNESS * (slope + knee.slope) * opinion.margin);
  return tie * sigmoid(z);
}
