import type { Calibration } from '../contract/calibration.ts';
import type { DistanceTable } from '../contract/distances.ts';
import { type Evidence, fitCalibration, type PairSample } from './calibrate.ts';
import { BEYOND_CHANCE, CATALOG_PAIRS, LEAST_PAIRS, MOST_CALIBRATION_SHIFT } from './constants.ts';
import type { KnownPair } from './known-pairs.ts';
import { similarityOf } from './similarity.ts';

/** What an encoder's distances were when its calibration was fitted. */
type Reference = Pick<DistanceTable, 'step' | 'genuine' | 'impostor' | 'together'>;

/** What a library's own pairs make of a calibration. */
export interface SelfCalibration {
  /** Pairs of the library, by how they are known. */
  pairs: Record<KnownPair['by'], number>;
  /** How many different pairs of people (or people) these tell of. */
  independent: number;
  /** How much farther apart than the catalog says two faces may lie, in units of distance: below 0, nearer. */
  shift: number;
  /** Standard error of that shift. */
  error: number;
  /**
   * `kept`: the catalog's calibration holds, since there are too few pairs (`few`), the shift is no more than chance
   * (`noise`), or nobody has measured this encoder (`unmeasured`). `shifted`: the library's own is in use, `bounded`
   * where the pairs would have it farther away than is sane.
   */
  state: 'few' | 'noise' | 'unmeasured' | 'shifted' | 'bounded';
}

/** Width of the bins in which a library's distances are counted: finer than any shift that matters. */
const STEP = 0.005;

/**
 * Moves a calibration to where the pairs of a library, of which the answer is known, would have it. The pairs by which
 * the catalog's was fitted are there as well and weigh as much as {@link CATALOG_PAIRS} of each kind (a prior made of data,
 * Greenland 2007), so a few pairs move it little. Only the distance at even odds moves, within {@link MOST_CALIBRATION_SHIFT}, and
 * only by more than chance; how fast evidence falls with distance does not.
 *
 * Like is compared with like. Two faces of one photo are nearer than other two people (one light, one camera, often one
 * family), so theirs are held against such pairs of the reference: what moves a calibration is how this library
 * differs from it. Bursts and the catalog have no such pairs in common: a face seconds later is nearer than on other
 * days, so bursts may only move the bound outwards.
 *
 * Matching moves along only where it gets stricter: what is promised of sure names shall not hang on a few pairs.
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
  const known = binned(pairs.map((pair) => tamed(pair, catalog)));
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

/** The calibration that a library has then. */
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
  return { ...moved, match: { ...match, intercept: match.intercept - match.slope * nearer } };
}

/** Distance at which two good faces tell nothing. */
function evenDistance({ intercept, slope }: Evidence): number {
  return -intercept / slope;
}

/**
 * A pair that speaks strongly against the catalog may be a mirror, a picture on the wall, a slip of the hand: it counts
 * as no more than one that grouping would be wrong about.
 */
function tamed(pair: KnownPair, { intercept, slope, link }: Calibration): KnownPair {
  const [near, far] = [(link - intercept) / slope, (-link - intercept) / slope];
  const distance = pair.genuine ? Math.min(pair.distance, far) : Math.max(pair.distance, near);
  return { ...pair, distance };
}

/** Pairs of a kind and of one distance as one. */
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

/** The pairs of the reference; of two people, as many from one photo as there are among the library's. */
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

/** How far these pairs move the distance at even odds, and the standard error of where they move it to. */
function shiftBy(from: readonly PairSample[], known: readonly KnownPair[]): { shift: number; error: number } {
  const all = [...from, ...known.map(({ by: _, ...pair }) => ({ ...pair, quality: 1 }))];
  const fit = fitCalibration(all);
  return { shift: evenDistance(fit) - evenDistance(fitCalibration(from)), error: errorOf(all, fit) };
}

/** Standard error of a fit's even distance by the sandwich (Huber 1967), as the delta method has it. */
function errorOf(samples: readonly PairSample[], fit: Evidence): number {
  const total = { true: 0, false: 0 };
  for (const { genuine, weight = 1 } of samples) total[`${genuine}`] += weight;
  const bread = [0, 0, 0];
  const filling = [0, 0, 0];
  for (const sample of samples) {
    const { distance, genuine, weight = 1 } = sample;
    const mass = 1 / (2 * total[`${genuine}`]);
    const p = 1 / (1 + Math.exp(-fit.intercept - fit.slope * distance));
    const slip = p - Number(genuine);
    [1, distance, distance * distance].forEach((value, i) => {
      bread[i]! += weight * mass * p * (1 - p) * value;
      filling[i]! += weight * mass * mass * slip * slip * value;
    });
  }
  const [a, b, c] = bread as [number, number, number];
  const det = a * c - b * b;
  // d(even)/d(intercept), d(even)/d(slope), through the inverse of the bread.
  const [g, h] = [-1 / fit.slope, fit.intercept / fit.slope ** 2];
  const [u, v] = [(c * g - b * h) / det, (a * h - b * g) / det];
  return Math.sqrt(u * u * filling[0]! + 2 * u * v * filling[1]! + v * v * filling[2]!);
}
