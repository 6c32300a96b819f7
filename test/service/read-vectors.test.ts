import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { plainProduct } from '../../electron/grouping/product.ts';
import { type Library, openLibrary } from '../../electron/library/open.ts';
import { alignedEmbeddings } from '../../electron/service/aligned.ts';
import { type ReadVectors, readVectors } from '../../electron/service/read-vectors.ts';
import { madeLibrary } from '../fixtures/made-library.ts';

// Packed vectors are kept: what is read of them is what would be read of the encoder's own.

let folder: string;
let library: Library;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kith-vectors-'));
  library = openLibrary(join(folder, 'library.kith'));
});
afterEach(() => {
  vi.restoreAllMocks();
  library.close();
  rmSync(folder, { recursive: true });
});

const read = () => readVectors(library, 'facenet-512', plainProduct);

/** Runs SQL beside the application, as a later version of it might. */
function run(sql: string): void {
  const beside = new DatabaseSync(join(folder, 'library.kith'));
  beside.exec(sql);
  beside.close();
}

/** Holds what was read against the encoder's own vectors, read anew. */
function expectTrue({ table, heads, order }: ReadVectors): void {
  const own = alignedEmbeddings(library, 'facenet-512');
  expect(table.faceIds).toEqual(own.faceIds);
  expect(table.children).toEqual(own.children);
  expect([...order].sort((a, b) => a - b)).toEqual([...own.faceIds.keys()]);
  const dot = (vectors: Float32Array, size: number, a: number, b: number) => {
    let sum = 0;
    for (let i = 0; i < size; i++) sum += vectors[a * size + i]! * vectors[b * size + i]!;
    return sum;
  };
  for (let row = 0; row < own.faceIds.length; row += 7) {
    expect(heads.subarray(2 * row, 2 * row + 2)).toEqual(own.vectors.subarray(row * 512, row * 512 + 2));
    const other = (row * 31 + 5) % own.faceIds.length;
    const packed = dot(table.vectors, table.size, row, other);
    expect(packed).toBeCloseTo(dot(own.vectors, 512, row, other), 4);
  }
}

/** What is read the next time without the encoder's own vectors: of how many faces one by one. */
async function readAgain(): Promise<{ singly: number; whole: boolean; vectors: ReadVectors }> {
  const whole = vi.spyOn(library.embeddings, 'all');
  const singly = vi.spyOn(library.embeddings, 'of');
  const vectors = await read();
  const found = {
    singly: singly.mock.calls[0]?.[1].length ?? 0,
    whole: whole.mock.calls.length > 0,
    vectors,
  };
  vi.restoreAllMocks();
  return found;
}

it('reads the vectors of new faces only, and of those whose vector has changed', async () => {
  const made = await madeLibrary({ faces: 708 });
  made.fill(library, 600);
  const first = await read();
  expect(first.table.size).toBeLessThan(100);
  expectTrue(first);
  const again = await readAgain();
  expect(again).toMatchObject({ singly: 0, whole: false });
  expect(again.vectors).toEqual(first);
  made.fill(library, 700);
  const grown = await readAgain();
  const come = grown.vectors.table.faceIds.length - first.table.faceIds.length;
  expect(come).toBeGreaterThan(90);
  expect(grown).toMatchObject({ singly: come, whole: false });
  expectTrue(grown.vectors);
  expect(await readAgain()).toMatchObject({ singly: 0, whole: false });
  run(
    'UPDATE embeddings SET vector = (SELECT vector FROM embeddings WHERE face_id = 9) WHERE face_id IN (3, 4, 9)',
  );
  const changed = await readAgain();
  expect(changed).toMatchObject({ singly: 2, whole: false });
  expectTrue(changed.vectors);
  expect(await readAgain()).toMatchObject({ singly: 0, whole: false });
  // So few are read each time, and not stored.
  made.fill(library, 708);
  const few = await readAgain();
  expect(few.singly).toBeGreaterThan(0);
  expectTrue(few.vectors);
  expect((await readAgain()).singly).toBe(few.singly);
});

it('leaves out faces that are gone, and takes one that has come back for a new one', async () => {
  const made = await madeLibrary({ faces: 620 });
  made.fill(library, 620);
  await read();
  run(`CREATE TABLE kept AS SELECT * FROM embeddings WHERE face_id = 5;
    DELETE FROM embeddings WHERE face_id IN (5, 6);`);
  const without = await readAgain();
  expect(without).toMatchObject({ singly: 0, whole: false });
  expectTrue(without.vectors);
  const { faces, changed } = library.packed.get('facenet-512')!;
  expect([...faces]).toEqual(without.vectors.table.faceIds);
  expect(changed).toEqual(new Set());
  run('INSERT INTO embeddings SELECT * FROM kept; DROP TABLE kept;');
  const back = await readAgain();
  expect(back).toMatchObject({ singly: 1, whole: false });
  expectTrue(back.vectors);
});

it('packs all anew where a new face needs another direction, or faces are aligned in another way', async () => {
  const made = await madeLibrary({ faces: 600 });
  made.fill(library, 600);
  await read();
  const away = new Float32Array(512);
  away[17] = 1;
  const beside = new DatabaseSync(join(folder, 'library.kith'));
  beside.prepare('UPDATE embeddings SET vector = ? WHERE face_id = 8').run(new Uint8Array(away.buffer));
  beside.close();
  const other = await readAgain();
  expect(other.whole).toBe(true);
  expectTrue(other.vectors);
  expect(await readAgain()).toMatchObject({ singly: 0, whole: false });
  run(`UPDATE packed SET alignment = 'of an older version'`);
  expect((await readAgain()).whole).toBe(true);
  expect(await readAgain()).toMatchObject({ singly: 0, whole: false });
});

it('keeps nothing that may be out of date: where a vector changes meanwhile, it is read the next time', async () => {
  const made = await madeLibrary({ faces: 600 });
  made.fill(library, 600);
  const reading = readVectors(library, 'facenet-512', async (ones, others, size) => {
    run('UPDATE embeddings SET vector = (SELECT vector FROM embeddings WHERE face_id = 2) WHERE face_id = 1');
    return plainProduct(ones, others, size);
  });
  await reading;
  expect(library.packed.get('facenet-512')).toBeNull();
  expectTrue(await read());
});
