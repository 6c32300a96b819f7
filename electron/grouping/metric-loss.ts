/**
 * The loss of a batch, which is low where faces of one person are near and those of two far apart, and its gradient.
 */
export interface PairLoss {
  loss: number;
  /** Derivative by each similarity, n × n row by row; the caller adds entry (i, j) and entry (j, i). */
  gradient: Float64Array;
}

/**
 * @param similarities dot products of n L2-normalised vectors, n × n
 * @param people person of each of them
 */
export type MetricLoss = (similarities: Float64Array, people: ArrayLike<number>, margin: number) => PairLoss;

/**
 * Triplet loss with semi-hard mining (Schroff, Kalenichenko & Philbin 2015, "FaceNet", section 3). For each anchor and
 * each other face of its person
 *
 *     max(0, ‖a − p‖² − ‖a − n‖² + margin)
 *
 * where n is the nearest face of another person that is farther away than p: nearer ones would, early in the training,
 * pull all faces to one point. Where there is none, n is the farthest. The loss is the mean over all anchors and
 * positives.
 */
export const tripletLoss: MetricLoss = (similarities, people, margin) => {
  const n = people.length;
  const gradient = new Float64Array(n * n);
  let loss = 0;
  let count = 0;
  for (let a = 0; a < n; a++) {
    for (let p = 0; p < n; p++) {
      if (a === p || people[a] !== people[p]) continue;
      const negative = semiHard(similarities, people, a, p);
      if (negative < 0) continue;
      count++;
      // ‖a − b‖² is 2 − 2·similarity.
      const short = 2 * (similarities[a * n + negative]! - similarities[a * n + p]!) + margin;
      if (short <= 0) continue;
      loss += short;
      gradient[a * n + negative]! += 2;
      gradient[a * n + p]! -= 2;
    }
  }
  return mean(loss, gradient, count);
};

/**
 * Contrastive loss (Hadsell, Chopra & LeCun 2006, "Dimensionality Reduction by Learning an Invariant Mapping"): d²/2
 * for faces of one person, max(0, margin − d)²/2 for those of two. Genuine pairs have half of the weight, impostor
 * pairs within the margin the other half. Impostor pairs beyond the margin do not count, since they are nearly all
 * pairs of a library.
 */
export const contrastiveLoss: MetricLoss = (similarities, people, margin) => {
  const n = people.length;
  const gradient = new Float64Array(n * n);
  const [genuine, impostor]: [number[], number[]] = [[], []];
  for (let a = 0; a < n; a++) {
    for (let b = a + 1; b < n; b++) {
      if (people[a] === people[b]) genuine.push(a * n + b);
      else if (distance(similarities[a * n + b]!) < margin) impostor.push(a * n + b);
    }
  }
  let loss = 0;
  for (const at of genuine) {
    loss += (1 - similarities[at]!) / (2 * genuine.length);
    gradient[at] = -1 / (2 * genuine.length);
  }
  for (const at of impostor) {
    const d = distance(similarities[at]!);
    const short = margin - d;
    loss += (short * short) / (4 * impostor.length);
    gradient[at] = short / d / (2 * impostor.length);
  }
  return { loss, gradient };
};

/** Row of the nearest face of another person that is farther from `a` than `p` is, else of the farthest; −1: none. */
function semiHard(similarities: Float64Array, people: ArrayLike<number>, a: number, p: number): number {
  const n = people.length;
  const near = similarities[a * n + p]!;
  let hard = { row: -1, similarity: Number.NEGATIVE_INFINITY };
  let easy = { row: -1, similarity: Number.POSITIVE_INFINITY };
  for (let row = 0; row < n; row++) {
    if (people[row] === people[a]) continue;
    const similarity = similarities[a * n + row]!;
    if (similarity < near && similarity > hard.similarity) hard = { row, similarity };
    if (similarity < easy.similarity) easy = { row, similarity };
  }
  return hard.row >= 0 ? hard.row : easy.row;
}

function mean(loss: number, gradient: Float64Array, count: number): PairLoss {
  const share = 1 / Math.max(1, count);
  return { loss: loss * share, gradient: gradient.map((value) => value * share) };
}

/**
 * Euclidean distance, at least 1e-4: at distance 0, as of two copies of one picture, the gradient would be infinite.
 */
function distance(similarity: number): number {
  return Math.sqrt(Math.max(2 - 2 * similarity, 1e-8));
}
