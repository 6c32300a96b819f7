/** Rows and columns of one tile: two packed blocks of 512-d vectors then stay within a core's second cache. */
const TILE = 64;

/** Dot product of two vectors of the same length; for L2-normalised ones the cosine, −1..1. */
export function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** The vector scaled to length 1; a vector of zeros stays as it is. */
export function normalise(vector: Float32Array): Float32Array {
  const length = Math.sqrt(dot(vector, vector));
  return length > 0 ? vector.map((value) => value / length) : vector.slice();
}

/** Euclidean distance, 0..2, of two unit vectors with this dot product. */
export function distanceOf(similarity: number): number {
  return Math.sqrt(Math.max(0, 2 - 2 * similarity));
}

/** Dot product of two unit vectors at this Euclidean distance (0..2): inverse of {@link distanceOf}. */
export function similarityOf(distance: number): number {
  return 1 - (distance * distance) / 2;
}

/** Unordered pairs of rows, `a[i] < b[i]`, ordered by tile. */
export interface Edges {
  a: Int32Array;
  b: Int32Array;
  /** Dot product of the two rows. */
  similarity: Float32Array;
}

/**
 * Every pair of rows whose dot product is at least `bound`.
 *
 * @param vectors n × size, packed row by row
 * @param bound one number, or with `offsets` the number that `dot − offsets[a] − offsets[b]` must reach
 */
export function pairsAbove(
  vectors: Float32Array,
  size: number,
  bound: number,
  offsets?: Float32Array | Float64Array,
): Edges {
  let room = 1024;
  let count = 0;
  let a = new Int32Array(room);
  let b = new Int32Array(room);
  let similarity = new Float32Array(room);
  eachTile(vectors, size, (tile, top, rows, left, columns) => {
    for (let r = 0; r < rows; r++) {
      const least = bound + (offsets ? offsets[top + r]! : 0);
      for (let c = top === left ? r + 1 : 0; c < columns; c++) {
        const value = tile[r * TILE + c]!;
        if (value < (offsets ? least + offsets[left + c]! : least)) continue;
        if (count === room) {
          room *= 2;
          a = grown(a, new Int32Array(room));
          b = grown(b, new Int32Array(room));
          similarity = grown(similarity, new Float32Array(room));
        }
        a[count] = top + r;
        b[count] = left + c;
        similarity[count++] = value;
      }
    }
  });
  return { a: a.slice(0, count), b: b.slice(0, count), similarity: similarity.slice(0, count) };
}

/**
 * Each row's `k` highest dot products with other rows, highest first; fewer rows than that leave −1 behind.
 *
 * @returns n × k, packed
 */
export function nearest(vectors: Float32Array, size: number, k: number): Float32Array {
  const n = vectors.length / size;
  const best = new Float32Array(n * k).fill(-1);
  const offer = (row: number, value: number) => {
    const start = row * k;
    let at = start + k - 1;
    if (value <= best[at]!) return;
    for (; at > start && best[at - 1]! < value; at--) best[at] = best[at - 1]!;
    best[at] = value;
  };
  eachTile(vectors, size, (tile, top, rows, left, columns) => {
    for (let r = 0; r < rows; r++) {
      for (let c = top === left ? r + 1 : 0; c < columns; c++) {
        const value = tile[r * TILE + c]!;
        offer(top + r, value);
        offer(left + c, value);
      }
    }
  });
  return best;
}

/** `tile[r · 64 + c]` is the dot product of rows `top + r` and `left + c`; `left ≥ top`. */
type Visit = (tile: Float64Array, top: number, rows: number, left: number, columns: number) => void;

/**
 * All dot products, a tile of 64 × 64 at a time, so that n² numbers are never held. Rows are unpacked to
 * doubles once a tile (the conversion would otherwise cost as much as the product), and summed two rows by
 * four at a time, so that a number once read is used more than once.
 */
function eachTile(vectors: Float32Array, size: number, visit: Visit): void {
  const n = vectors.length / size;
  const across = new Float64Array(TILE * size);
  const down = new Float64Array(TILE * size);
  const tile = new Float64Array(TILE * TILE);
  for (let top = 0; top < n; top += TILE) {
    const rows = unpack(vectors, size, top, down);
    for (let left = top; left < n; left += TILE) {
      const columns = unpack(vectors, size, left, across);
      for (let r = 0; r < rows; r += 2) {
        for (let c = 0; c < columns; c += 4) twoByFour(down, across, size, tile, r, c);
      }
      visit(tile, top, rows, left, columns);
    }
  }
}

/** Copies up to 64 rows from `start`, zeros after the last; returns how many there were. */
function unpack(vectors: Float32Array, size: number, start: number, into: Float64Array): number {
  const rows = Math.min(TILE, vectors.length / size - start);
  into.set(vectors.subarray(start * size, (start + rows) * size));
  into.fill(0, rows * size);
  return rows;
}

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

function grown<T extends Int32Array | Float32Array>(from: T, into: T): T {
  into.set(from);
  return into;
}
