/** 32-bit numbers, in this machine's byte order: a library is not carried between machines of different order. */
export function bytesOf(vector: Float32Array | Int32Array): Uint8Array {
  return new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength);
}
