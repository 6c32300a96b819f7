import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { UnitBox } from '../../electron/contract/geometry.ts';
import { knnGraph } from '../../electron/grouping/knn-graph.ts';
import { plainProduct } from '../../electron/grouping/product.ts';
import { dot } from '../../electron/grouping/similarity.ts';
import { alikePairs, mayBeVersions, type Sight, stacksOf } from '../../electron/grouping/stacks.ts';
import { madeFaces } from '../fixtures/embeddings.ts';

const SECOND = 1 / 86_400;
const HASH = '00000000ffffffff';

/** Each row on its own photo, of which only the given fields are known. */
function sightsOf(known: readonly Partial<Sight>[]): (row: number) => Sight {
  return (row) => ({ photo: row, days: Number.NaN, dhash: null, ...known[row] });
}

const sorted = (stacks: readonly number[][]) => stacks.map((rows) => rows.toSorted((a, b) => a - b));

describe('Pairs of faces that may be versions', () => {
  it('are similar faces of two photos, each pair once, the most similar first', async () => {
    const people = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(people, fc.nat(1e6), async (faces, seed) => {
        const { vectors, size, photo } = madeFaces(faces, { seed, spread: 0.2 });
        const found = alikePairs(await knnGraph(vectors, size, plainProduct), photo, 0.9);
        const row = (at: number) => vectors.subarray(at * size, (at + 1) * size);
        const similarity = (a: number, b: number) => dot(row(a), row(b));
        const wanted = [...photo.keys()].flatMap((a) => {
          const others = [...photo.keys()].filter((b) => b > a && photo[a] !== photo[b]);
          return others.filter((b) => similarity(a, b) >= 0.9).map((b) => `${a} ${b}`);
        });
        const pairs = Array.from({ length: found.length / 2 }, (_, at) => [
          found[2 * at]!,
          found[2 * at + 1]!,
        ]);
        const names = pairs.map((pair) => pair.toSorted((a, b) => a - b).join(' '));
        expect(names.toSorted()).toEqual(wanted.toSorted());
        const dots = pairs.map(([a, b]) => similarity(a!, b!));
        for (const [at, value] of dots.entries())
          if (at > 0) expect(value).toBeLessThan(dots[at - 1]! + 1e-6);
      }),
      { numRuns: 30 },
    );
  });
});

describe('Two faces', () => {
  const box = { x: 0.4, y: 0.3, width: 0.2, height: 0.25 } as UnitBox;
  const at = (x: number, days = Number.NaN, times = 1) => ({
    box: { ...box, x, width: times * box.width } as UnitBox,
    days,
  });

  it('may be versions within the shift of a cut of 5 %, and elsewhere only in one burst', () => {
    for (const left of [0, 0.05]) {
      const cut = (start: number, side: number) => [(start - left) / 0.95, side / 0.95] as const;
      const [[x, width], [y, height]] = [cut(box.x, box.width), cut(box.y, box.height)];
      const version = { box: { x, y, width, height } as UnitBox, days: Number.NaN };
      expect(mayBeVersions(at(box.x), version)).toBe(true);
    }
    expect(mayBeVersions(at(0.4), at(0.5))).toBe(false);
    expect(mayBeVersions(at(0.4), at(0.37, Number.NaN, 1.3))).toBe(false);
    expect(mayBeVersions(at(0.4, 9), at(0.5, 9 + SECOND))).toBe(true);
  });
});

describe('Versions of a photo', () => {
  it('have similar hashes or follow each other within seconds; similar faces alone are no versions', () => {
    const pairs = Int32Array.from([0, 1, 2, 3, 4, 5, 6, 7]);
    const sights = sightsOf([
      ...[{ dhash: HASH }, { dhash: '00000fffffffffff' }],
      ...[{ dhash: HASH }, { dhash: '0000ffffffffffff' }],
      ...[{ days: 9 }, { days: 9 + 2 * SECOND }],
      ...[{ days: 9 }, { days: 9 + 4 * SECOND }],
    ]);
    expect(sorted(stacksOf(pairs, sights))).toEqual([
      [0, 1],
      [4, 5],
    ]);
  });

  it('are in one stack where each is a version of another', () => {
    const pairs = Int32Array.from([0, 1, 2, 3, 1, 2]);
    const sights = sightsOf([{ dhash: HASH }, { dhash: HASH, days: 9 }, { days: 9 }, { days: 9 + SECOND }]);
    expect(sorted(stacksOf(pairs, sights))).toEqual([[0, 1, 2, 3]]);
  });

  it('are never two faces of one photo in a stack: the more similar one joins it', () => {
    // A mirror: faces 1 and 2 are on one photo.
    const sights = sightsOf([{ dhash: HASH }, { dhash: HASH, photo: 1 }, { dhash: HASH, photo: 1 }]);
    expect(sorted(stacksOf(Int32Array.from([0, 2, 0, 1]), sights))).toEqual([[0, 2]]);
  });
});
