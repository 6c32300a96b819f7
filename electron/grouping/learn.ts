import type { LossName } from '../contract/learning.ts';
import { Adam } from './adam.ts';
import { metricGradient, type Weights } from './metric-gradient.ts';
import { contrastiveLoss, type MetricLoss, tripletLoss } from './metric-loss.ts';
import type { Projection } from './projection.ts';
import { gaussian, random, shuffled } from './random.ts';
import { pickRows } from './rows.ts';

/** Faces whose people are known. */
export interface Labelled {
  /** n × size, packed row by row, each L2-normalised, all by one encoder. */
  vectors: Float32Array;
  size: number;
  /** Person of each row; any numbers. */
  people: ArrayLike<number>;
}

/**
 * Columns of both matrices, steps of the training, and its rate. Source: `npm run eval -- learn`, for every library.
 */
const RANK = 16;
const STEPS = 80;
const RATE = 4e-4;
/** Steps over which the rate grows to its full value. Source: as above. */
const WARM_UP = 10;
/** Faces of one step, and how many of one person at most. Source: as above. */
const BATCH = 160;
const BATCH_PER_PERSON = 8;

/**
 * Margins relative to the encoder's distances, since genuine and impostor pairs are ten times as far apart with one
 * encoder as with another. TRIPLET_MARGIN: share of the difference between the mean squared distances of impostor and
 * genuine pairs. CONTRASTIVE_MARGIN: share of the mean impostor distance. Source: `npm run eval -- learn`.
 */
const TRIPLET_MARGIN = 0.3;
const CONTRASTIVE_MARGIN = 0.75;

/** Pairs from which these means are estimated, about. Source: bound; speed only. */
const SAMPLE = 20_000;

/** A trained projection. */
export interface Learned {
  projection: Projection;
  /** Loss of each step's batch, before the step. */
  curve: number[];
}

/**
 * Trains a projection on labelled faces by triplet or contrastive loss. It begins at the identity.
 *
 * Both matrices stay orthogonal to the mean face, so the training does not change what all faces have in common. With
 * some encoders (dlib) the mean is nearly all of a vector, and a face's share of it says how reliable the face is. A
 * training that may remove it does so, and then accepts more strangers. It also keeps distances on the scale of the
 * encoder's calibration. The same faces in the same order give the same projection.
 *
 * @param seed of the random initial weights and batches
 */
export function learn(labelled: Labelled, loss: LossName, seed = 1): Learned {
  const { vectors, size, people } = labelled;
  const next = random(seed);
  const normal = gaussian(next);
  const meanFace = meanDirection(vectors, size);
  const scatter = 1 / Math.sqrt(size);
  const weights: Weights = {
    size,
    rank: RANK,
    out: new Float64Array(size * RANK),
    into: Float64Array.from({ length: size * RANK }, () => scatter * normal()),
  };
  makeOrthogonal(weights.into, meanFace, RANK);
  const { lossOf, margin } = lossFor(loss, labelled, next);
  const [stepOut, stepInto] = [new Adam(size * RANK), new Adam(size * RANK)];
  const draw = batches(people, next);
  const curve: number[] = [];
  for (let step = 1; step <= STEPS; step++) {
    const batch = draw();
    const { loss: batchLoss, ...gradient } = metricGradient(
      pickRows(vectors, size, batch),
      batch.map((row) => people[row]!),
      weights,
      lossOf,
      margin,
    );
    curve.push(batchLoss);
    const rate = RATE * Math.min(1, step / WARM_UP) * 0.5 * (1 + Math.cos((Math.PI * (step - 1)) / STEPS));
    stepOut.step(weights.out, gradient.out, rate);
    stepInto.step(weights.into, gradient.into, rate);
    makeOrthogonal(weights.out, meanFace, RANK);
    makeOrthogonal(weights.into, meanFace, RANK);
  }
  const { out, into } = weights;
  return {
    projection: { size, rank: RANK, out: Float32Array.from(out), into: Float32Array.from(into) },
    curve,
  };
}

/** The loss function and its margin on the scale of the encoder's distances. */
function lossFor(
  loss: LossName,
  { vectors, size, people }: Labelled,
  next: () => number,
): { lossOf: MetricLoss; margin: number } {
  const n = people.length;
  const genuine = { sum: 0, count: 0 };
  const impostor = { sum: 0, distance: 0, count: 0 };
  const share = SAMPLE / Math.max(1, (n * n) / 2);
  for (let a = 0; a < n; a++) {
    for (let b = a + 1; b < n; b++) {
      const same = people[a] === people[b];
      if (!same && share < 1 && next() > share) continue;
      let dot = 0;
      for (let i = 0; i < size; i++) dot += vectors[a * size + i]! * vectors[b * size + i]!;
      const square = Math.max(0, 2 - 2 * dot);
      const kind = same ? genuine : impostor;
      kind.sum += square;
      kind.count++;
      if (!same) impostor.distance += Math.sqrt(square);
    }
  }
  if (loss === 'contrastive') {
    const margin = (CONTRASTIVE_MARGIN * impostor.distance) / Math.max(1, impostor.count);
    return { lossOf: contrastiveLoss, margin };
  }
  const gap = impostor.sum / Math.max(1, impostor.count) - genuine.sum / Math.max(1, genuine.count);
  return { lossOf: tripletLoss, margin: TRIPLET_MARGIN * Math.max(0, gap) };
}

/** Draws the rows of one step: all where they are at most {@link BATCH}, else some faces of people drawn at random. */
function batches(people: ArrayLike<number>, next: () => number): () => number[] {
  const all = Array.from({ length: people.length }, (_, row) => row);
  if (all.length <= BATCH) return () => all;
  const byPerson = [...Map.groupBy(all, (row) => people[row]!).values()];
  return () => {
    const rows: number[] = [];
    for (const own of shuffled(byPerson, next)) {
      rows.push(...shuffled(own, next).slice(0, BATCH_PER_PERSON));
      if (rows.length >= BATCH) break;
    }
    return rows;
  };
}

/** Direction of the mean vector, of length 1. */
function meanDirection(vectors: Float32Array, size: number): Float64Array {
  const sum = new Float64Array(size);
  for (let at = 0; at < vectors.length; at++) sum[at % size]! += vectors[at]!;
  const length = Math.hypot(...sum) || 1;
  return sum.map((value) => value / length);
}

/** Makes every column of a matrix orthogonal to a direction. */
function makeOrthogonal(matrix: Float64Array, direction: Float64Array, rank: number): void {
  for (let k = 0; k < rank; k++) {
    let along = 0;
    direction.forEach((value, i) => {
      along += value * matrix[i * rank + k]!;
    });
    direction.forEach((value, i) => {
      matrix[i * rank + k]! -= along * value;
    });
  }
}
