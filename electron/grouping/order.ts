/** The content of faces by which they are ordered. */
export interface Ordered {
  /** n × size, packed row by row. */
  vectors: Float32Array;
  size: number;
  photo: ArrayLike<number>;
  quality: ArrayLike<number>;
}

/**
 * Rows in an order that depends on their content alone: by vector, quality and photo. Clustering works in this order,
 * so that another order of the same faces cannot change a tie or a rounding.
 *
 * @returns the row at each place
 */
export function contentOrder({ vectors, size, photo, quality }: Ordered): Int32Array {
  return Int32Array.from({ length: photo.length }, (_, row) => row).sort((a, b) => {
    for (let i = 0; i < size; i++) {
      const difference = vectors[a * size + i]! - vectors[b * size + i]!;
      if (difference !== 0) return difference;
    }
    return quality[a]! - quality[b]! || photo[a]! - photo[b]!;
  });
}
