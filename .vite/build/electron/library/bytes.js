// electron/library/bytes.ts
/** Float32, in this machine's byte order: a library is not carried between machines of different order. */
function bytesOf(vector) {
	return new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength);
}
export { bytesOf };
