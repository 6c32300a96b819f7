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

/** Numbers that `npm run eval -- learn` was run with; a library of any size is learned from with the same. */
const RANK = 16;
const STEPS = 80;
const RATE = 4e-4;
/** Steps over which the rate grows to its full size. */
const WARM = 10;
/** Faces of one step, and how many of one person at most. */
const BATCH = 160;
const OF_ONE = 8;

/**
 * Margins in an encoder's own terms, since genuine and impostor pairs lie ten times as far apart with one as with
 * another: shares of the mean squared distance between those two kinds, and of the mean impostor distance.
 */
const TRIPLET_MARGIN = 0.3;
const CONTRASTIVE_MARGIN = 0.75;

/** Pairs of a sample that says how an encoder's distances lie. */
const SAMPLE = 20_000;

export interface Learned {
  projection: Projection;
  /** Loss of each step's batch, before the step. */
  curve: number[];
}

/**
 * Trains a projection on known faces, from the identity on, by triplet or contrastive loss.
 *
 * What all faces have in common is left alone: both matrices stay across the mean face. With some encoders (dlib) that
 * mean is nearly all of a vector, and how much a face has of it tells how far the face can be trusted; a loss that may
 * do away with it does, and pays for it with strangers. It also keeps distances on the scale that the encoder's
 * calibration knows. The same faces in the same order give the same projection.
 */
export function learn(labelled: Labelled, loss: LossName, seed = 1): Learned {
  const { vectors, size, people } = labelled;
  const next = random(seed);
  const normal = gaussian(next);
  const common = meanDirection(vectors, size);
  const scatter = 1 / Math.sqrt(size);
  const weights: Weights = {
    size,
    rank: RANK,
    out: new Float64Array(size * RANK),
    into: Float64Array.from({ length: size * RANK }, () => scatter * normal()),
  };
  clear(weights.into, common, RANK);
  const { lossOf, margin } = lossFor(loss, labelled, next);
  const [stepOut, stepInto] = [new Adam(size * RANK), new Adam(size * RANK)];
  const draw = batches(people, next);
  const curve: number[] = [];
  for (let step = 1; step <= STEPS; step++) {
    const batch = draw();
    const slope = metricGradient(
      pickRows(vectors, size, batch),
      batch.map((row) => people[row]!),
      weights,
      lossOf,
      margin,
    );
    curve.push(slope.loss);
    const rate = RATE * Math.min(1, step / WARM) * 0.5 * (1 + Math.cos((Math.PI * (step - 1)) / STEPS));
    stepOut.step(weights.out, slope.out, rate);
    stepInto.step(weights.into, slope.into, rate);
    clear(weights.out, common, RANK);
    clear(weights.into, common, RANK);
  }
  const { out, into } = weights;
  return {
    projection: { size, rank: RANK, out: Float32Array.from(out), into: Float32Array.from(into) },
    curve,
  };
}

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

/** Draws the rows of one step: everybody where that is not too many, else some faces of people drawn at random. */
function batches(people: ArrayLike<number>, next: () => number): () => number[] {
  const all = Array.from({ length: people.length }, (_, row) => row);
  if (all.length <= BATCH) return () => all;
  const byPerson = [...Map.groupBy(all, (row) => people[row]!).values()];
  return () => {
    const rows: number[] = [];
    for (const own of shuffled(byPerson, next)) {
      rows.push(...shuffled(own, next).slice(0, OF_ONE));
      if (rows.length >= BATCH) break;
    }
    return rows;
  };
}

/** Of length 1. */
function meanDirection(vectors: Float32Array, size: number): Float64Array {
  const sum = new Float64Array(size);
  for (let at = 0; at < vectors.length; at++) sum[at % size]! += vectors[at]!;
  const length = Math.hypot(...sum) || 1;
  return sum.map((value) => value / length);
}

/** Takes a direction out of every column of a matrix. */
function clear(matrix: Float64Array, direction: Float64Array, rank: number): void {
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
