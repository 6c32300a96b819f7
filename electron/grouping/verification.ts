/** A pair of a verification test, with its true answer. */
export interface Trial {
  /** Euclidean distance, 0..2; Infinity where a face was not found: no threshold accepts the pair. */
  distance: number;
  /** Whether both faces are one person. */
  genuine: boolean;
  /** Fold of the protocol, from 0; 0 when absent. */
  fold?: number;
}

/** One point of the ROC curve: pairs at `threshold` or nearer are accepted. */
export interface RocPoint {
  threshold: number;
  /** False accept rate: share of impostor pairs that are accepted. */
  far: number;
  /** True accept rate: share of genuine pairs that are accepted. */
  tar: number;
}

/** The whole ROC curve, from the strictest threshold (nothing accepted) to the loosest, one point a distance. */
export function roc(trials: readonly Trial[]): RocPoint[] {
  const { genuine, impostor } = kinds(trials);
  const points: RocPoint[] = [{ threshold: Number.NEGATIVE_INFINITY, far: 0, tar: 0 }];
  let accepted = { genuine: 0, impostor: 0 };
  const sorted = [...trials].sort((a, b) => a.distance - b.distance || 0);
  sorted.forEach((trial, i) => {
    accepted = {
      genuine: accepted.genuine + (trial.genuine ? 1 : 0),
      impostor: accepted.impostor + (trial.genuine ? 0 : 1),
    };
    // Pairs at the same distance are accepted together.
    if (sorted[i + 1]?.distance === trial.distance) return;
    points.push({
      threshold: trial.distance,
      far: accepted.impostor / impostor,
      tar: accepted.genuine / genuine,
    });
  });
  return points;
}

/**
 * Area under the ROC curve, exact: the probability that a genuine pair is nearer than an impostor pair, ties counting
 * half (Hanley & McNeil 1982). The trapezoids under {@link roc} add up to that number.
 */
export function auc(trials: readonly Trial[]): number {
  const points = roc(trials);
  let area = 0;
  for (let i = 1; i < points.length; i++) {
    const [from, to] = [points[i - 1]!, points[i]!];
    area += ((to.far - from.far) * (from.tar + to.tar)) / 2;
  }
  return area;
}

/** TAR at FAR: the highest share of genuine pairs accepted while at most `far` (0..1) of the impostor pairs are. */
export function tarAtFar(trials: readonly Trial[], far: number): number {
  let best = 0;
  for (const point of roc(trials)) {
    // A pair without a face is never accepted, however loose the threshold.
    if (point.far <= far && point.threshold < Number.POSITIVE_INFINITY) best = point.tar;
  }
  return best;
}

/** The figures of the n-fold protocol of LFW's View 2 (Huang et al. 2007). */
export interface FoldedAccuracy {
  /** Mean over the folds, 0..1. */
  accuracy: number;
  /** Standard deviation over the folds (of the population, as most reports of LFW give it). */
  std: number;
  /** Threshold of each fold. */
  thresholds: number[];
}

/**
 * Accuracy of each fold at the best threshold of the other folds. A single fold has no others: its threshold is then
 * its own best, and the accuracy is too high.
 */
export function foldedAccuracy(trials: readonly Trial[]): FoldedAccuracy {
  const folds = [...new Set(trials.map((trial) => trial.fold ?? 0))].sort((a, b) => a - b);
  const thresholds: number[] = [];
  const scores = folds.map((fold) => {
    const within = trials.filter((trial) => (trial.fold ?? 0) === fold);
    const others = folds.length > 1 ? trials.filter((trial) => (trial.fold ?? 0) !== fold) : within;
    const threshold = bestThreshold(others);
    thresholds.push(threshold);
    return within.filter((trial) => trial.distance <= threshold === trial.genuine).length / within.length;
  });
  const accuracy = scores.reduce((sum, score) => sum + score, 0) / scores.length;
  const variance = scores.reduce((sum, score) => sum + (score - accuracy) ** 2, 0) / scores.length;
  return { accuracy, std: Math.sqrt(variance), thresholds };
}

/**
 * The threshold with the fewest wrong answers. Where several gaps between two distances are equally good, it is the
 * middle of the widest.
 */
export function bestThreshold(trials: readonly Trial[]): number {
  const { genuine, impostor } = kinds(trials);
  const points = roc(trials).filter((point) => point.threshold < Number.POSITIVE_INFINITY);
  let best = { right: -1, gap: 0, threshold: 0 };
  points.forEach((point, i) => {
    const right = Math.round(point.tar * genuine + (1 - point.far) * impostor);
    // No distance is below 0: a threshold from −1 up to the first one accepts nothing.
    const from = Math.max(point.threshold, -1);
    const gap = (points[i + 1]?.threshold ?? from) - from;
    if (right > best.right || (right === best.right && gap > best.gap)) {
      best = { right, gap, threshold: from + gap / 2 };
    }
  });
  return best.threshold;
}

/** Number of genuine and of impostor pairs. @throws RangeError where either is missing */
function kinds(trials: readonly Trial[]): { genuine: number; impostor: number } {
  const genuine = trials.filter((trial) => trial.genuine).length;
  const impostor = trials.length - genuine;
  if (!genuine || !impostor) {
    throw new RangeError(
      `Expected pairs of both kinds but received ${genuine} genuine and ${impostor} impostor`,
    );
  }
  return { genuine, impostor };
}
