/**
* All dot products of two packed sets of rows, a tile at a time, so that n² numbers are never held. Of a set with
* itself (the same array twice) only the tiles on and above the diagonal. Rows are unpacked to doubles once a
* tile, since the conversion would otherwise cost as much as the product, and multiplied two by four, so that a
* number once read is used more than once.
*/
function eachTile(ones, others, size, visit) {
	const down = new Float64Array(64 * size);
	const across = new Float64Array(64 * size);
	const tile = /* @__PURE__ */ new Float64Array(4096);
	for (let top = 0; top < ones.length / size; top += 64) {
		const rows = unpack(ones, size, top, down);
		for (let left = ones === others ? top : 0; left < others.length / size; left += 64) {
			const columns = unpack(others, size, left, across);
			for (let r = 0; r < rows; r += 2) for (let c = 0; c < columns; c += 4) twoByFour(down, across, size, tile, r, c);
			visit(tile, top, rows, left, columns);
		}
	}
}
/** Copies up to 64 rows from `start`, zeros after the last; returns how many there were. */
function unpack(vectors, size, start, into) {
	const rows = Math.min(64, vectors.length / size - start);
	into.set(vectors.subarray(start * size, (start + rows) * size));
	into.fill(0, rows * size);
	return rows;
}
function twoByFour(down, across, size, tile, row, column) {
	const p = row * size;
	const q = column * size;
	let s00 = 0;
	let s01 = 0;
	let s02 = 0;
	let s03 = 0;
	let s10 = 0;
	let s11 = 0;
	let s12 = 0;
	let s13 = 0;
	for (let i = 0; i < size; i++) {
		const x = down[p + i];
		const y = down[p + size + i];
		const a = across[q + i];
		const b = across[q + size + i];
		const c = across[q + 2 * size + i];
		const d = across[q + 3 * size + i];
		s00 += x * a;
		s01 += x * b;
		s02 += x * c;
		s03 += x * d;
		s10 += y * a;
		s11 += y * b;
		s12 += y * c;
		s13 += y * d;
	}
	const at = row * 64 + column;
	tile[at] = s00;
	tile[at + 1] = s01;
	tile[at + 2] = s02;
	tile[at + 3] = s03;
	tile[at + 64] = s10;
	tile[at + 64 + 1] = s11;
	tile[at + 64 + 2] = s12;
	tile[at + 64 + 3] = s13;
}
export { eachTile };
