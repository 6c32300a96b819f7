import { expect, test } from 'vitest';
import { alignAges, childhood } from '../../electron/grouping/age-alignment.ts';
import { plainProduct } from '../../electron/grouping/product.ts';
import { normalise } from '../../electron/grouping/similarity.ts';
import { alignedEmbeddings, alignedFace, alignmentOf } from '../../electron/service/aligned.ts';
import { loadEmbeddings } from '../../electron/service/load-embeddings.ts';
import { agesOf } from '../../models/ages.ts';
import { recordFaces } from '../fixtures/recorded-faces.ts';
import { makePlace, withLibrary } from './support/place.ts';

const SIZE = 128;

test('Faces are compared aligned, by whatever way they are read, and kept as the encoder gave them.', async () => {
  const model = agesOf('dlib')!;
  // A child's as clearly as can be, somebody else's who is not one, and a face between them.
  const child = model.weights;
  const grown = model.weights.map((weight) => -weight);
  const between = model.weights.map((weight, i) => (i % 2 === 0 ? weight : -weight));
  const rows = [child, grown, between].map((row) => normalise(Float32Array.from(row)));
  const vectors = Float32Array.from(rows.flatMap((row) => [...row]));
  const shares = childhood(vectors, model);
  expect(shares[0]).toBeGreaterThan(0.9);
  expect(shares[1]).toBeLessThan(0.1);

  const place = makePlace();
  await withLibrary(place.file, async (library) => {
    recordFaces(library, { vectors, size: SIZE, quality: new Float32Array(3).fill(0.9), people: [0, 1, 2] });
    const kept = library.embeddings.all('dlib').vectors;
    expect(kept).toContain(vectors[0]);
    const expected = alignAges(kept, model);
    expect(expected).not.toEqual(kept);
    expect(alignedEmbeddings(library, 'dlib').vectors).toEqual(expected);
    const { table, own } = await loadEmbeddings(library, 'dlib', plainProduct);
    expect(table.vectors).toEqual(expected);
    expect(own.vectors).toEqual(expected);
    expect(alignedFace(kept.slice(0, SIZE), 'dlib')).toEqual(expected.slice(0, SIZE));
    expect(library.embeddings.all('dlib').vectors).toEqual(kept);
  });
  place.remove();
});

test('An alignment has a name of its own for each encoder, and none where ages were not measured.', () => {
  const names = [alignmentOf('dlib'), alignmentOf('facenet-512'), alignmentOf('sface-128')];
  expect(new Set(names).size).toBe(3);
  expect(names[2]).toBeNull();
  expect(alignmentOf('dlib')).toBe(names[0]);
});
