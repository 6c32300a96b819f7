/**
 * Rows and columns of one tile. Source: bound; speed only: two packed blocks of 512-d vectors fit a core's second
 * cache.
 */
export const TILE = 64;

/** `tile[r · TILE + c]` is the dot product of row `top + r` of the first set and row `left + c` of the second. */
type Visit = (tile: Float64Array, top: number, rows: number, left: number, columns: number) => void;

/**
 * Computes all dot products of two packed sets of rows, a tile at a time, so that n² numbers are never in memory. For a
 * set with itself (the same array twice) it visits only the tiles on and above the diagonal. Rows are converted to
 * doubles once a tile, since the conversion costs as much as the product. They are multiplied two by four, so that each
 * number that is read is used more than once.
 */
export function eachTile(ones: Float32Array, others: Float32Array, size: number, visit: Visit): void {
  const down = new Float64Array(TILE * size);
  const across = new Float64Array(TILE * size);
  const tile = new Float64Array(TILE * TILE);
  for (let top = 0; top < ones.length / size; top += TILE) {
    const rows = unpack(ones, size, top, down);
    for (let left = ones === others ? top : 0; left < others.length / size; left += TILE) {
      const columns = unpack(others, size, left, across);
      for (let r = 0; r < rows; r += 2) {
        for (let c = 0; c < columns; c += 4) twoByFour(down, across, size, tile, r, c);
      }
      visit(tile, top, rows, left, columns);
    }
  }
}

/** Copies up to {@link TILE} rows from `start` on, and fills up with zeros. @returns number of rows */
function unpack(vectors: Float32Array, size: number, start: number, into: Float64Array): number {
  const rows = Math.min(TILE, vectors.length / size - start);
  into.set(vectors.subarray(start * size, (start + rows) * size));
  into.fill(0, rows * size);
  return rows;
}

/** Computes the dot products of two rows with four. */
function twoByFour(
  down: Float64Array,
  across: Float64Array,
  size: number,
  tile: Float64Array,
  row: number,
  column: number,
): void {
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
    const x = down[p + i]!;
    const y = down[p + size + i]!;
    const a = across[q + i]!;
    const b = across[q + size + i]!;
    const c = across[q + 2 * size + i]!;
    const d = across[q + 3 * size + i]!;
    s00 += x * a;
    s01 += x * b;
    s02 += x * c;
    s03 += x * d;
    s10 += y * a;
    s11 += y * b;
    s12 += y * c;
    s13 += y * d;
  }
  const at = row * TILE + column;
  tile[at] = s00;
  tile[at + 1] = s01;
  tile[at + 2] = s02;
  tile[at + 3] = s03;
  tile[at + TILE] = s10;
  tile[at + TILE + 1] = s11;
  tile[at + TILE + 2] = s12;
  tile[at + TILE + 3] = s13;
}
