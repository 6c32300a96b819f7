/**
 * A learned change of an embedding: x ↦ h / ‖h‖ with h = x + A·Bᵀ·x, A and B of `size` rows and `rank` columns. It is a
 * residual of low rank, as in LoRA (Hu et al. 2021). With A = 0 it is the frozen embedding itself. It has so few
 * numbers that a few hundred labels are enough to train them.
 */
export interface Projection {
  size: number;
  rank: number;
  /** A, `size` × `rank`, row by row. */
  out: Float32Array;
  /** B, `size` × `rank`, row by row. */
  into: Float32Array;
}

/** Applies a projection. @returns n × size, row by row, each L2-normalised */
export function project(
  vectors: Float32Array,
  { size, rank, out, into }: Projection,
): Float32Array<ArrayBuffer> {
  const result = new Float32Array(vectors.length);
  const inner = new Float64Array(rank);
  const row = new Float64Array(size);
  for (let start = 0; start < vectors.length; start += size) {
    inner.fill(0);
    for (let i = 0; i < size; i++) {
      const value = vectors[start + i]!;
      for (let k = 0; k < rank; k++) inner[k]! += value * into[i * rank + k]!;
    }
    let square = 0;
    for (let i = 0; i < size; i++) {
      let value = vectors[start + i]!;
      for (let k = 0; k < rank; k++) value += out[i * rank + k]! * inner[k]!;
      row[i] = value;
      square += value * value;
    }
    const length = square > 0 ? Math.sqrt(square) : 1;
    for (let i = 0; i < size; i++) result[start + i] = row[i]! / length;
  }
  return result;
}
