import type { Calibration } from '../contract/calibration.ts';
import type { DistanceTable } from '../contract/distances.ts';
import { type Evidence, fitCalibration, type PairSample } from './calibrate.ts';
import { BEYOND_CHANCE, CATALOG_PAIRS, LEAST_PAIRS, MOST_CALIBRATION_SHIFT } from './constants.ts';
import type { KnownPair } from './known-pairs.ts';
import { similarityOf } from './similarity.ts';

/** Histograms of an encoder's distances when its calibration was fitted; `together`: of two people on one photo. */
type Reference = Pick<DistanceTable, 'step' | 'genuine' | 'impostor' | 'together'>;

/** The result of self-calibration. */
export interface SelfCalibration {
  /** Number of the library's known pairs, by how they are known. */
  pairs: Record<KnownPair['by'], number>;
  /** Number of independent pairs: the sum of all weights. */
  independent: number;
  /**
   * How much farther apart than in the catalog two faces of one person may be, in units of distance; below 0: nearer.
   */
  shift: number;
  /** Standard error of that shift. */
  error: number;
  /**
   * The catalog's calibration stays in use where there are too few pairs (`few`), the shift is within chance (`noise`),
   * or the encoder has no histograms (`unmeasured`). The library's own calibration is in use where it is `shifted`, or
   * `bounded`: the pairs ask for a larger shift than {@link MOST_CALIBRATION_SHIFT} allows.
   */
  state: 'few' | 'noise' | 'unmeasured' | 'shifted' | 'bounded';
}

/** Width of the bins in which a library's distances are counted. Source: bound; finer than any shift that matters. */
const STEP = 0.005;

/**
 * Fits the distance at even odds to the known pairs of a library. The pairs by which the catalog's calibration was
 * fitted are part of the fit and weigh as much as {@link CATALOG_PAIRS} of each kind (a prior made of data, Greenland
 * 2007), so a few pairs of the library move it little. It moves only by more than chance, and at most by
 * {@link MOST_CALIBRATION_SHIFT}. The slope, how fast evidence falls with distance, stays.
 *
 * Pairs are compared with pairs of the same kind. Two people on one photo are nearer to each other than other two
 * people (same light, same camera, often one family), so they are compared with such pairs of the reference
 * (`together`). The reference has no bursts. A face is nearer to itself seconds later than on another day, so bursts
 * may only move the distance outwards.
 *
 * Matching moves along only where it gets stricter, since a few pairs must not weaken the precision of *sure* names.
 */
export function selfCalibrate(
  catalog: Calibration,
  reference: Reference | null,
  pairs: readonly KnownPair[],
): SelfCalibration {
  const count = (by: KnownPair['by']) => pairs.filter((pair) => pair.by === by).length;
  const told = {
    pairs: { photo: count('photo'), burst: count('burst'), hand: count('hand') },
    independent: pairs.reduce((sum, { weight }) => sum + weight, 0),
  };
  const kept = (state: SelfCalibration['state'], shift = 0, error = 0) => ({ ...told, shift, error, state });
  if (reference?.together === undefined) return kept('unmeasured');
  if (told.independent < LEAST_PAIRS) return kept('few');
  const known = binned(pairs.map((pair) => limited(pair, catalog)));
  const from = referenceSamples(reference, known);
  const without = shiftBy(
    from,
    known.filter(({ by }) => by !== 'burst'),
  );
  const withAll = shiftBy(from, known);
  const { shift, error } = withAll.shift > without.shift ? withAll : without;
  if (Math.abs(shift) < BEYOND_CHANCE * error) return kept('noise', shift, error);
  const most = MOST_CALIBRATION_SHIFT * evenDistance(catalog);
  const bounded = Math.max(-most, Math.min(shift, most));
  return { ...told, shift: bounded, error, state: bounded === shift ? 'shifted' : 'bounded' };
}

/** The calibration of a library after self-calibration. */
export function shifted(
  calibration: Calibration,
  { shift, state }: Pick<SelfCalibration, 'shift' | 'state'>,
): Calibration {
  if (state !== 'shifted' && state !== 'bounded') return calibration;
  const { intercept, slope, match } = calibration;
  const even = evenDistance(calibration);
  const moved = { ...calibration, intercept: intercept - slope * shift };
  if (!match || shift >= 0) return moved;
  const nearer = similarityOf(even + shift) - similarityOf(even);
  const { knee, ...line } = match;
  return {
    ...moved,
    match: {
      ...line,
      intercept: match.intercept - match.slope * nearer,
      ...(knee && { knee: { ...knee, from: knee.from + nearer } }),
    },
  };
}

/** Distance at which two good faces show no evidence for either answer. */
function evenDistance({ intercept, slope }: Evidence): number {
  return -intercept / slope;
}

/**
 * Limits the distance of a pair that strongly contradicts the catalog. It may be a mirror, a picture on the wall or a
 * wrong label, so it counts as if its evidence against the true answer were `link`, the bound of clustering.
 */
function limited(pair: KnownPair, { intercept, slope, link }: Calibration): KnownPair {
  const [near, far] = [(link - intercept) / slope, (-link - intercept) / slope];
  const distance = pair.genuine ? Math.min(pair.distance, far) : Math.max(pair.distance, near);
  return { ...pair, distance };
}

/** Joins pairs of the same kind in the same bin of distance into one. */
function binned(pairs: readonly KnownPair[]): KnownPair[] {
  const bins = new Map<string, KnownPair>();
  for (const pair of pairs) {
    const bin = Math.floor(pair.distance / STEP);
    const key = `${pair.by} ${pair.genuine} ${bin}`;
    const weight = pair.weight + (bins.get(key)?.weight ?? 0);
    bins.set(key, { ...pair, distance: (bin + 0.5) * STEP, weight });
  }
  return [...bins.values()];
}

/** The pairs of the reference. Of its impostor pairs, the same share is from one photo as of the library's. */
function referenceSamples(
  { step, genuine, impostor, together }: Reference,
  known: readonly KnownPair[],
): PairSample[] {
  const weigh = (which: (pair: KnownPair) => boolean) =>
    known.filter(which).reduce((sum, { weight }) => sum + weight, 0);
  const impostors = weigh((pair) => !pair.genuine);
  const share = impostors > 0 ? weigh(({ by }) => by === 'photo') / impostors : 0;
  const samples = (counts: readonly number[], isGenuine: boolean, weight: number): PairSample[] => {
    const total = counts.reduce((sum, value) => sum + value, 0);
    return counts.flatMap((value, bin) =>
      value * weight > 0
        ? [{ distance: (bin + 0.5) * step, quality: 1, genuine: isGenuine, weight: (weight * value) / total }]
        : [],
    );
  };
  return [
    ...samples(genuine, true, CATALOG_PAIRS),
    ...samples(impostor, false, CATALOG_PAIRS * (1 - share)),
    ...samples(together ?? [], false, CATALOG_PAIRS * share),
  ];
}

/** How far the known pairs move the distance at even odds, and the standard error of the result. */
function shiftBy(from: readonly PairSample[], known: readonly KnownPair[]): { shift: number; error: number } {
  const all = [...from, ...known.map(({ by: _, ...pair }) => ({ ...pair, quality: 1 }))];
  const fit = fitCalibration(all);
  return { shift: evenDistance(fit) - evenDistance(fitCalibration(from)), error: errorOf(all, fit) };
}

/** Standard error of a fit's distance at even odds: sandwich estimator (Huber 1967) and delta method. */
function errorOf(samples: readonly PairSample[], fit: Evidence): number {
  const total = { true: 0, false: 0 };
  for (const { genuine, weight = 1 } of samples) total[`${genuine}`] += weight;
  const bread = [0, 0, 0];
  const filling = [0, 0, 0];
  for (const sample of samples) {
    const { distance, genuine, weight = 1 } = sample;
    const mass = 1 / (2 * total[`${genuine}`]);
    const p = 1 / (1 + Math.exp(-fit.intercept - fit.slope * distance));
    const residual = p - Number(genuine);
    [1, distance, distance * distance].forEach((value, i) => {
      bread[i]! += weight * mass * p * (1 - p) * value;
      filling[i]! += weight * mass * mass * residual * residual * value;
    });
  }
  const [a, b, c] = bread as [number, number, number];
  const det = a * c - b * b;
  // The derivatives of the distance by intercept and slope, multiplied with the inverse of the bread.
  const [g, h] = [-1 / fit.slope, fit.intercept / fit.slope ** 2];
  const [u, v] = [(c * g - b * h) / det, (a * h - b * g) / det];
  return Math.sqrt(u * u * filling[0]! + 2 * u * v * filling[1]! + v * v * filling[2]!);
}
