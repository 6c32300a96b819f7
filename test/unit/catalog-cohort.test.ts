import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CompositeId, EncoderId, NetworkId } from '../../electron/contract/ids.ts';
import { catalogOffsets, meanSimilarity } from '../../electron/grouping/catalog-cohort.ts';
import { plainProduct } from '../../electron/grouping/product.ts';
import { dot, normalise } from '../../electron/grouping/similarity.ts';
import { catalog, type EncoderModel } from '../../models/catalog.ts';
import { cohortFile, cohortOf } from '../../models/cohort.ts';
import { catalogJoin } from '../../models/joins.ts';
import { madeFaces } from '../fixtures/embeddings.ts';

const SIZE = 16;

/** Faces of as many people, drawn towards one direction. */
function alike(people: number, towards: number): Float32Array {
  const { vectors } = madeFaces(new Array(people).fill(1), { size: SIZE, seed: people });
  for (let at = 0; at < vectors.length; at += SIZE) {
    vectors[at]! += towards;
    vectors.set(normalise(vectors.subarray(at, at + SIZE)), at);
  }
  return vectors;
}

describe('The mean similarity of clusters', () => {
  it('is that of all pairs', () => {
    const vectors = alike(12, 0.5);
    const rows = Array.from({ length: 12 }, (_, row) => vectors.subarray(row * SIZE, (row + 1) * SIZE));
    const pairs = rows.flatMap((a, at) => rows.slice(at + 1).map((b) => dot(a, b)));
    expect(meanSimilarity(vectors, SIZE)).toBeCloseTo(
      pairs.reduce((sum, one) => sum + one, 0) / pairs.length,
      5,
    );
    expect(meanSimilarity(vectors.subarray(0, SIZE), SIZE)).toBeNull();
  });
});

describe('The catalog’s part of offsets', () => {
  const usual = { means: alike(40, 0), level: 0 };
  const all = async (people: number, towards: number) => {
    const vectors = alike(people, towards);
    return (await catalogOffsets(vectors, SIZE, vectors, usual, plainProduct)).all;
  };

  it('is nothing without a cohort', async () => {
    const vectors = alike(5, 1);
    const { each, all } = await catalogOffsets(vectors, SIZE, vectors, null, plainProduct);
    expect([...each, all]).toEqual(new Array(6).fill(0));
  });

  it('is higher where all people are alike, nearly half of the excess where there are many, less where few', async () => {
    const many = alike(400, 1);
    const excess = meanSimilarity(many, SIZE)!;
    expect(await all(400, 1)).toBeGreaterThan(0.9 * (excess / 2));
    expect(await all(400, 1)).toBeLessThan(excess / 2);
    expect(await all(4, 1)).toBeLessThan(0.5 * (await all(400, 1)));
  });

  it('is never below 0: few people who happen to be unlike each other make Kith no surer', async () => {
    const vectors = new Float32Array(2 * SIZE);
    vectors[0] = 1;
    vectors[SIZE] = -1;
    expect((await catalogOffsets(vectors, SIZE, vectors, usual, plainProduct)).all).toBe(0);
  });

  it('is higher for a face that is near many of the catalog, and less so in a large library', async () => {
    const vectors = alike(2, 0);
    vectors.set(
      normalise(Float32Array.from({ length: SIZE }, (_, i) => usual.means[i]! + usual.means[SIZE + i]!)),
      0,
    );
    const gap = async (library: Float32Array) => {
      const { each } = await catalogOffsets(vectors, SIZE, library, usual, plainProduct);
      return each[0]! - each[1]!;
    };
    const small = await gap(vectors);
    expect(small).toBeGreaterThan(0);
    const large = await gap(alike(1000, 0));
    expect(large).toBeGreaterThan(0);
    expect(large).toBeLessThan(small / 5);
  });
});

/** Numbers in an embedding. */
function sizeOf(id: EncoderId): number {
  const network = NetworkId.safeParse(id).data;
  if (network !== undefined) return (catalog[network] as EncoderModel).shape.size;
  const { parts } = catalogJoin(CompositeId.parse(id))!.join;
  return parts.reduce((sum, { axes, centre }) => sum + axes.length / centre.length, 0);
}

describe('Cohorts of the catalog', () => {
  const files = readdirSync(new URL('.', cohortFile('dlib'))).filter((name) => name.endsWith('.cohort.json'));
  it.each(files)('%s is of an encoder, of its size, and not one face of it is a person’s', (name) => {
    const id = EncoderId.parse(name.replace('.cohort.json', ''));
    const cohort = cohortOf(id)!;
    expect(cohort.size).toBe(sizeOf(id));
    expect(cohort.means.length % cohort.size).toBe(0);
    const count = cohort.means.length / cohort.size;
    expect(count).toBeGreaterThanOrEqual(100);
    for (let at = 0; at < count; at++) {
      // A mean of several faces is shorter than each of them.
      const mean = cohort.means.subarray(at * cohort.size, (at + 1) * cohort.size);
      expect(Math.hypot(...mean)).toBeLessThan(0.99);
    }
    expect(cohort.level).toBeGreaterThan(-0.1);
    expect(cohort.level).toBeLessThan(0.9);
  });

  it('are of the catalog’s own weights alone', () => {
    expect(cohortOf('arcface-512')).toBeNull();
  });
});
