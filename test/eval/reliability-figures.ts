import { random } from '../fixtures/random.ts';

/** Who Kith takes a face for, how likely it holds that, and whether it is so. */
export interface Opinion {
  probability: number;
  right: boolean;
  /** Whether Kith gives the name without a question. */
  sure: boolean;
  /** What the probability follows from; `isAlone`: nobody else has a name. */
  score: number;
  margin: number;
  isInCluster: boolean;
  isAlone: boolean;
  gallery: number;
}

/** One drawn library: what Kith holds of each face that has no name. */
export interface Drawn {
  size: number;
  /** 0 or 1: which half of the people it is drawn from. */
  half: number;
  pool: string;
  mix: string;
  named: string;
  opinions: readonly Opinion[];
}

/** Opinions of about the same probability. */
export interface Bin {
  from: number;
  to: number;
  count: number;
  /** Mean probability, and the share that is right. */
  said: number;
  true: number;
}

/** Times that draws are drawn anew (Efron 1979). */
const REDRAWN = 500;

/** Bins between 0 and 1, of the same width (Guo et al. 2017 use 10 to 15). */
const BINS = 10;

export function binned(opinions: readonly Opinion[], bins = BINS): Bin[] {
  return Array.from({ length: bins }, (_, at) => {
    const some = opinions.filter(
      ({ probability }) => Math.min(bins - 1, Math.floor(probability * bins)) === at,
    );
    const mean = (of: (one: Opinion) => number) => some.reduce((sum, one) => sum + of(one), 0) / some.length;
    return {
      ...{ from: at / bins, to: (at + 1) / bins, count: some.length },
      said: mean(({ probability }) => probability),
      true: mean(({ right }) => Number(right)),
    };
  }).filter(({ count }) => count > 0);
}

/** Expected calibration error (Naeini et al. 2015): how far what is said is from what is so, on average; 0..1. */
export function calibrationError(opinions: readonly Opinion[]): number {
  if (opinions.length === 0) return Number.NaN;
  const off = binned(opinions).reduce((sum, bin) => sum + bin.count * Math.abs(bin.said - bin.true), 0);
  return off / opinions.length;
}

/** A figure of all draws, with the interval that holds 95 % of what other draws of these would give. */
export function withInterval(
  draws: readonly Drawn[],
  figure: (opinions: readonly Opinion[]) => number,
): { value: number; low: number; high: number } {
  const next = random(1);
  const all = draws.flatMap(({ opinions }) => opinions);
  const values = Array.from({ length: REDRAWN }, () =>
    figure(draws.flatMap(() => draws[Math.floor(next() * draws.length)]!.opinions)),
  ).sort((a, b) => a - b);
  return {
    value: figure(all),
    low: values[Math.floor(0.025 * REDRAWN)]!,
    high: values[Math.floor(0.975 * REDRAWN)]!,
  };
}

/** Questions that the page calls likely: "Anna?" at even odds or more, where Kith is not sure. */
export const likely = (opinions: readonly Opinion[]) =>
  opinions.filter(({ probability, sure }) => probability >= 0.5 && !sure);

/** All that Kith would ask or say. */
export const above = (least: number) => (opinions: readonly Opinion[]) =>
  opinions.filter(({ probability }) => probability >= least);

/** Probability from which Kith asks, as the settings are until the user changes them. */
export const ASKED = 0.1;
