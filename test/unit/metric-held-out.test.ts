import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldsOf, gainOf, type PairedLoss } from '../../electron/grouping/held-out.ts';
import { cllr, fitEvidence, type JudgedPairs, PRIOR, pairCosts } from '../../electron/grouping/pair-cllr.ts';
import { gaussian, random } from '../fixtures/random.ts';

const labels = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 20, maxLength: 120 });

describe('foldsOf', () => {
  it('tests each pair in a fold whose training lacks one of its faces', () => {
    fc.assert(
      fc.property(labels, (people) => {
        const folds = foldsOf(people);
        const trained = Array.from({ length: folds.count }, (_, fold) => new Set(folds.training(fold)));
        for (let a = 0; a < people.length; a++) {
          for (let b = a + 1; b < people.length; b++) {
            const rows = trained[folds.judging(a, b)]!;
            expect(rows.has(a) && rows.has(b)).toBe(false);
          }
        }
      }),
    );
  });

  it('leaves out of each training all faces of some people, and some faces of all others', () => {
    const people = Array.from({ length: 100 }, (_, row) => row % 10);
    const folds = foldsOf(people);
    for (let fold = 0; fold < folds.count; fold++) {
      const counts = Map.groupBy(folds.training(fold), (row) => people[row]!);
      expect(counts.size).toBe(8);
      for (const rows of counts.values()) expect(rows).toHaveLength(8);
    }
  });
});

describe('gainOf', () => {
  /** All pairs of faces, each with its own gain. */
  function pairs(people: readonly number[], gain: (genuine: boolean) => number): PairedLoss[] {
    return people.flatMap((_, a) =>
      people.slice(a + 1).map((__, at) => {
        const b = a + 1 + at;
        return { a, b, before: 0, after: -gain(people[a] === people[b]) };
      }),
    );
  }
  const people = Array.from({ length: 60 }, (_, row) => row % 12);

  it('weights genuine and impostor pairs by the prior, however many there are of either', () => {
    const gain = gainOf(
      pairs(people, (genuine) => (genuine ? 5 : 2)),
      people,
    );
    for (const value of [gain.mean, gain.low, gain.high]) {
      expect(value).toBeCloseTo(5 * PRIOR + 2 * (1 - PRIOR), 10);
    }
  });

  it('has a wider interval for gains that differ between people than for gains that differ between pairs', () => {
    const normal = gaussian(random(4));
    const gainOfPerson = Array.from({ length: 12 }, normal);
    const byPerson = people.flatMap((_, a) =>
      people.slice(a + 1).map((__, at) => {
        const b = a + 1 + at;
        return { a, b, before: 0.5 * (gainOfPerson[people[a]!]! + gainOfPerson[people[b]!]!), after: 0 };
      }),
    );
    const clustered = gainOf(byPerson, people);
    const alone = gainOf(
      pairs(people, () => 0.3 * normal()),
      people,
    );
    expect(clustered.high - clustered.low).toBeGreaterThan(4 * (alone.high - alone.low));
    expect(clustered.low).toBeLessThan(0);
  });
});

describe('Cllr', () => {
  /** Distances with known evidence: two normal densities of one width, whose log ratio is a line. */
  function drawn(count: number): { pairs: JudgedPairs; truth: { intercept: number; slope: number } } {
    const [near, far, width] = [0.7, 1.1, 0.12];
    const normal = gaussian(random(8));
    const genuine = Uint8Array.from({ length: count }, (_, i) => Number(i % 4 === 0));
    const distance = Float64Array.from(genuine, (one) => (one ? near : far) + width * normal());
    const slope = (near - far) / width ** 2;
    return {
      pairs: { distance, quality: new Float64Array(count).fill(1), genuine },
      truth: { slope, intercept: (-slope * (near + far)) / 2 },
    };
  }

  it('is 1 without evidence, and lowest where the evidence is the true log ratio of the distances', () => {
    const { pairs, truth } = drawn(40_000);
    const cost = (by: { intercept: number; slope: number }) =>
      cllr(pairCosts(pairs, { ...by, qualitySlope: 0 }), pairs);
    expect(cost({ intercept: 0, slope: 0 })).toBeCloseTo(1, 10);
    expect(cost(truth)).toBeLessThan(cost({ intercept: truth.intercept * 1.5, slope: truth.slope * 1.5 }));
    expect(cost(truth)).toBeLessThan(cost({ ...truth, intercept: truth.intercept + 2 }));
    const fit = fitEvidence(pairs, { qualitySlope: 0 });
    expect(cost(fit)).toBeLessThanOrEqual(cost(truth));
    expect(fit.slope / truth.slope).toBeCloseTo(1, 1);
    expect(-fit.intercept / fit.slope).toBeCloseTo(0.9, 1);
  });
});
