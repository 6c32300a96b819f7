/** 32-bit numbers as bytes, in this machine's order: a library does not move between machines of different byte order. */
export function bytesOf(vector: Float32Array | Int32Array): Uint8Array {
  return new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength);
}
