/** Copies some rows of packed vectors, in the order given. @param vectors n × size @returns rows.length × size */
export function pickRows(
  vectors: Float32Array,
  size: number,
  rows: ArrayLike<number>,
): Float32Array<ArrayBuffer> {
  const picked = new Float32Array(rows.length * size);
  for (let at = 0; at < rows.length; at++) {
    picked.set(vectors.subarray(rows[at]! * size, (rows[at]! + 1) * size), at * size);
  }
  return picked;
}

/** At most `most` entries of a list, evenly spaced, in order. */
export function evenly<T>(list: readonly T[], most: number): readonly T[] {
  if (list.length <= most) return list;
  return Array.from({ length: most }, (_, at) => list[Math.floor((at * list.length) / most)]!);
}

/** Memory for `count` numbers of 32 bits that threads can share. */
export function shared(count: number): SharedArrayBuffer {
  return new SharedArrayBuffer(count * 4);
}
