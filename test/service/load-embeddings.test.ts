import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Product } from '../../electron/grouping/product.ts';
import { plainProduct } from '../../electron/grouping/product.ts';
import { type Library, openLibrary } from '../../electron/library/open.ts';
import { type LoadedEmbeddings, loadEmbeddings } from '../../electron/service/load-embeddings.ts';
import { madeLibrary } from '../fixtures/made-library.ts';

// Faces whose neighbours were found before are not compared with each other again.

let folder: string;
let library: Library;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kith-load-'));
  library = openLibrary(join(folder, 'library.kith'));
});
afterEach(() => {
  library.close();
  rmSync(folder, { recursive: true });
});

/** Counts the products that it makes. */
function counted() {
  let made = 0;
  const product: Product = (ones, others, size) => {
    made += (ones.length / size) * (others.length / size);
    return plainProduct(ones, others, size);
  };
  return { product, made: () => made };
}

/** Face ids and similarities, whatever the rows. */
function lists({ table, nearest }: LoadedEmbeddings): Map<number, [number, number][]> {
  return new Map(
    table.faceIds.map((id, row) => {
      const places = Array.from({ length: nearest.count }, (_, i) => row * nearest.count + i);
      const known = places.filter((place) => nearest.rows[place]! >= 0);
      return [id, known.map((place) => [table.faceIds[nearest.rows[place]!]!, nearest.dots[place]!])];
    }),
  );
}

function expectAlike(some: LoadedEmbeddings, others: LoadedEmbeddings): void {
  const wanted = lists(others);
  for (const [id, list] of lists(some)) {
    const other = wanted.get(id)!;
    expect(list.length).toBeLessThanOrEqual(other.length);
    list.forEach(([, dot], at) => {
      expect(dot).toBeCloseTo(other[at]![1], 4);
    });
  }
}

it('compares faces that are new with all, and never the same two twice', async () => {
  const made = await madeLibrary({ faces: 800, encoder: 'dlib' });
  made.fill(library, 700);
  await loadEmbeddings(library, 'dlib', plainProduct);
  const again = counted();
  await loadEmbeddings(library, 'dlib', again.product);
  expect(again.made()).toBe(0);
  made.fill(library, 800);
  const more = counted();
  const grown = await loadEmbeddings(library, 'dlib', more.product);
  expect(more.made()).toBeLessThan(0.5 * 800 ** 2);
  library.nearest.put('dlib', {
    faces: new Int32Array(),
    marks: new Int32Array(),
    rows: new Int32Array(),
    dots: new Float32Array(),
  });
  expectAlike(grown, await loadEmbeddings(library, 'dlib', plainProduct));
});

it('stores the graph again once enough faces are new, and uses what it finds for fewer', async () => {
  const made = await madeLibrary({ faces: 1700, encoder: 'dlib' });
  made.fill(library, 1500);
  await loadEmbeddings(library, 'dlib', plainProduct);
  const stored = library.nearest.get('dlib')!;
  // One more photo, with six faces at most.
  made.fill(library, stored.faces.length + 1);
  const few = await loadEmbeddings(library, 'dlib', plainProduct);
  expect(library.nearest.get('dlib')).toEqual(stored);
  expect(few.table.faceIds.length).toBeGreaterThan(stored.faces.length);
  made.fill(library, 1600);
  await loadEmbeddings(library, 'dlib', plainProduct);
  expect(library.nearest.get('dlib')!.faces.length).toBe(library.embeddings.table('dlib').faceIds.length);
  const other = openLibrary(join(folder, 'other.kith'));
  (await madeLibrary({ faces: 1700, encoder: 'dlib' })).fill(other, few.table.faceIds.length);
  expectAlike(few, await loadEmbeddings(other, 'dlib', plainProduct));
  other.close();
});

it('forgets faces that are gone, and finds them anew when they come back', async () => {
  const made = await madeLibrary({ faces: 700, encoder: 'dlib' });
  made.fill(library, 700);
  const before = await loadEmbeddings(library, 'dlib', plainProduct);
  const gone = before.table.faceIds.slice(0, 5);
  library.journal.act({ action: 'mark', detail: {}, by: 'hand' }, (entry) =>
    library.labels.put(gone, { verdict: 'not-a-face', person: null, by: 'hand' }, entry),
  );
  const without = await loadEmbeddings(library, 'dlib', plainProduct);
  expect(without.table.faceIds).toHaveLength(695);
  for (const list of lists(without).values()) {
    for (const [other] of list) expect(gone).not.toContain(other);
  }
  library.journal.undo();
  expectAlike(await loadEmbeddings(library, 'dlib', plainProduct), before);
});

it('takes a face whose vector has changed for a new one', async () => {
  const made = await madeLibrary({ faces: 600, encoder: 'dlib' });
  made.fill(library, 600);
  const before = await loadEmbeddings(library, 'dlib', plainProduct);
  const other = await madeLibrary({ faces: 600, encoder: 'dlib', seed: 2 });
  const stored = library.nearest.get('dlib')!;
  const second = openLibrary(join(folder, 'other.kith'));
  other.fill(second, 600);
  // The same ids with other vectors.
  second.nearest.put('dlib', stored);
  const after = await loadEmbeddings(second, 'dlib', plainProduct);
  second.nearest.put('dlib', {
    ...stored,
    faces: new Int32Array(),
    rows: new Int32Array(),
    dots: new Float32Array(),
  });
  expectAlike(after, await loadEmbeddings(second, 'dlib', plainProduct));
  expect(lists(after)).not.toEqual(lists(before));
  second.close();
});
