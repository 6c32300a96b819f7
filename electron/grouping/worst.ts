import type { Trial } from './verification.ts';

/** A hard pair, and how far its distance is on the wrong side of the threshold. */
export interface HardTrial<T extends Trial> {
  trial: T;
  /** In units of distance; above 0: the answer is wrong, below 0: it is right. */
  wrongBy: number;
}

/**
 * The hardest pairs at a threshold, the worst first: the farthest genuine pairs and the nearest impostor pairs. Half of
 * them are of each kind, where there are enough. Pairs with a face that was not found are left out, since there is
 * nothing to show.
 */
export function worstTrials<T extends Trial>(
  trials: readonly T[],
  threshold: number,
  count: number,
): HardTrial<T>[] {
  const hard = trials
    .filter(({ distance }) => Number.isFinite(distance))
    .map((trial) => ({
      trial,
      wrongBy: trial.genuine ? trial.distance - threshold : threshold - trial.distance,
    }))
    .toSorted((a, b) => b.wrongBy - a.wrongBy);
  const genuine = hard.filter(({ trial }) => trial.genuine);
  const impostor = hard.filter(({ trial }) => !trial.genuine);
  const half = Math.ceil(count / 2);
  const fromGenuine = Math.min(genuine.length, Math.max(half, count - impostor.length));
  return [...genuine.slice(0, fromGenuine), ...impostor.slice(0, count - fromGenuine)].toSorted(
    (a, b) => b.wrongBy - a.wrongBy,
  );
}
