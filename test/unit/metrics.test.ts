import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bCubed, pairwise } from '../../electron/grouping/metrics.ts';

const people = [...'11111', ...'22', ...'33333'];

describe('B-cubed', () => {
  it('gives the figures of Bagga & Baldwin 1998 for their two responses', () => {
    const smallJoined = bCubed([0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1], people);
    expect(smallJoined.precision).toBeCloseTo(16 / 21, 12);
    expect(smallJoined.recall).toBe(1);
    const largeJoined = bCubed([0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0], people);
    expect(largeJoined.precision).toBeCloseTo(7 / 12, 12);
    expect(largeJoined.recall).toBe(1);
  });

  it('takes each face with −1 for a group of its own', () => {
    expect(bCubed([-1, -1, -1, -1], ['a', 'a', 'b', 'c'])).toEqual({
      precision: 1,
      recall: 0.75,
      f: (2 * 0.75) / 1.75,
    });
  });

  it('agrees with its definition, written out face by face', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: -1, max: 4 }), fc.nat(4)), { minLength: 1 }),
        (faces) => {
          const same = (i: number, j: number, key: 0 | 1) =>
            i === j || (faces[i]![key] === faces[j]![key] && (key === 1 || faces[i]![0] >= 0));
          const share = (of: 0 | 1) => {
            const scores = faces.map((_, i) => {
              const set = faces.map((_, j) => j).filter((j) => same(i, j, of));
              return set.filter((j) => same(i, j, of === 0 ? 1 : 0)).length / set.length;
            });
            return scores.reduce((sum, score) => sum + score, 0) / faces.length;
          };
          const got = bCubed(
            faces.map(([group]) => group),
            faces.map(([, person]) => person),
          );
          expect(got.precision).toBeCloseTo(share(0), 10);
          expect(got.recall).toBeCloseTo(share(1), 10);
        },
      ),
    );
  });

  it('refuses groups and people of different lengths', () => {
    expect(() => bCubed([0, 0], ['a'])).toThrow(RangeError);
  });
});

describe('pairwise F', () => {
  it('counts the pairs of Bagga & Baldwin’s first response', () => {
    const got = pairwise([0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1], people);
    expect(got.precision).toBeCloseTo(21 / 31, 12);
    expect(got.recall).toBe(1);
  });

  it('finds nothing wrong with saying nothing', () => {
    expect(pairwise([-1, -1], ['a', 'b'])).toEqual({ precision: 1, recall: 1, f: 1 });
    expect(pairwise([-1, -1], ['a', 'a'])).toEqual({ precision: 1, recall: 0, f: 0 });
  });
});
