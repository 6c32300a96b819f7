/** Float32, in this machine's byte order: a library is not carried between machines of different order. */
export function bytesOf(vector: Float32Array): Uint8Array {
  return new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength);
}
