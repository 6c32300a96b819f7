import type { Trial } from './verification.ts';

/** A pair that was hard, and how far its distance lies on the wrong side of the threshold. */
export interface HardTrial<T extends Trial> {
  trial: T;
  /** Above 0: the answer is wrong by that much distance; below: right by that much. */
  wrongBy: number;
}

/**
 * The pairs that went most wrong at a threshold, or came nearest to it, the worst first: of genuine pairs the
 * farthest, of impostor pairs the nearest. Half of them are of each kind, where there are as many; pairs of which a
 * face was not found have nothing to be seen and are left out.
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
