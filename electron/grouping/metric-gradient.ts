import type { MetricLoss } from './metric-loss.ts';

/** The two matrices of a projection during training; see projection.ts. */
export interface Weights {
  size: number;
  rank: number;
  /** A, `size` × `rank`. */
  out: Float64Array;
  /** B, `size` × `rank`. */
  into: Float64Array;
}

/** The loss of a batch, and its gradient by both matrices, of their shapes. */
export interface MetricGradient {
  loss: number;
  out: Float64Array;
  into: Float64Array;
}

/**
 * The loss of a batch under a projection, and its gradient by both matrices.
 *
 *     z = Bᵀx   h = x + A·z   y = h / ‖h‖   L(Y·Yᵀ)
 *     ∂L/∂h = (g − (g·y)·y) / ‖h‖ with g = ∂L/∂y: only the part orthogonal to y, since y has length 1
 *     ∂L/∂A = Σ ∂L/∂h · zᵀ   ∂L/∂B = Σ x · (Aᵀ·∂L/∂h)ᵀ
 *
 * @param vectors n × size, row by row
 * @param people person of each row
 */
export function metricGradient(
  vectors: Float32Array,
  people: ArrayLike<number>,
  weights: Weights,
  lossOf: MetricLoss,
  margin: number,
): MetricGradient {
  const { size, rank, out, into } = weights;
  const n = people.length;
  const { inner, unit, lengths } = forward(vectors, n, weights);
  const { loss, gradient } = lossOf(similaritiesOf(unit, n, size), people, margin);
  const result: MetricGradient = {
    loss,
    out: new Float64Array(out.length),
    into: new Float64Array(into.length),
  };
  const g = new Float64Array(size);
  const back = new Float64Array(rank);
  for (let row = 0; row < n; row++) {
    rowGradient(g, gradient, unit, row, n);
    const start = row * size;
    let along = 0;
    for (let i = 0; i < size; i++) along += g[i]! * unit[start + i]!;
    back.fill(0);
    for (let i = 0; i < size; i++) {
      const h = (g[i]! - along * unit[start + i]!) / lengths[row]!;
      for (let k = 0; k < rank; k++) {
        result.out[i * rank + k]! += h * inner[row * rank + k]!;
        back[k]! += h * out[i * rank + k]!;
      }
    }
    for (let i = 0; i < size; i++) {
      const x = vectors[start + i]!;
      for (let k = 0; k < rank; k++) result.into[i * rank + k]! += x * back[k]!;
    }
  }
  return result;
}

/** The forward pass. `inner`: z, n × rank. `unit`: y, n × size. `lengths`: ‖h‖ of each row. */
function forward(vectors: Float32Array, n: number, { size, rank, out, into }: Weights) {
  const inner = new Float64Array(n * rank);
  const unit = new Float64Array(n * size);
  const lengths = new Float64Array(n);
  for (let row = 0; row < n; row++) {
    const [start, z] = [row * size, row * rank];
    for (let i = 0; i < size; i++) {
      const x = vectors[start + i]!;
      for (let k = 0; k < rank; k++) inner[z + k]! += x * into[i * rank + k]!;
    }
    let square = 0;
    for (let i = 0; i < size; i++) {
      let h = vectors[start + i]!;
      for (let k = 0; k < rank; k++) h += out[i * rank + k]! * inner[z + k]!;
      unit[start + i] = h;
      square += h * h;
    }
    const length = Math.sqrt(square) || 1;
    lengths[row] = length;
    for (let i = 0; i < size; i++) unit[start + i]! /= length;
  }
  return { inner, unit, lengths };
}

/** All dot products of n rows, n × n. */
function similaritiesOf(unit: Float64Array, n: number, size: number): Float64Array {
  const similarities = new Float64Array(n * n);
  for (let a = 0; a < n; a++) {
    for (let b = a; b < n; b++) {
      let sum = 0;
      for (let i = 0, p = a * size, q = b * size; i < size; i++) sum += unit[p + i]! * unit[q + i]!;
      similarities[a * n + b] = sum;
      similarities[b * n + a] = sum;
    }
  }
  return similarities;
}

/** ∂L/∂y of one row, into `g`: the sum over all similarities of that row. */
function rowGradient(
  g: Float64Array,
  gradient: Float64Array,
  unit: Float64Array,
  row: number,
  n: number,
): void {
  g.fill(0);
  const size = g.length;
  for (let other = 0; other < n; other++) {
    const weight = gradient[row * n + other]! + gradient[other * n + row]!;
    if (weight === 0) continue;
    for (let i = 0, at = other * size; i < size; i++, at++) g[i]! += weight * unit[at]!;
  }
}
