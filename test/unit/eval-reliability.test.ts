import { describe, expect, it } from 'vitest';
import { drawLibrary, MIXES } from '../eval/reliability-draws.ts';
import { binned, calibrationError, likely, type Opinion } from '../eval/reliability-figures.ts';
import { fitMatch, probabilityBy } from '../eval/reliability-fit.ts';
import { madeFaces } from '../fixtures/embeddings.ts';
import { gaussian, random } from '../fixtures/random.ts';

const rest = { sure: false, score: 0.5, margin: 0.1, isInCluster: false, isAlone: false, gallery: 10 };
const opinions = (probability: number, count: number, right: number): Opinion[] =>
  Array.from({ length: count }, (_, at) => ({ ...rest, probability, right: at < right }));

describe('Expected calibration error', () => {
  it('is 0 where as many are right as Kith says', () => {
    expect(calibrationError([...opinions(0.55, 20, 11), ...opinions(0.85, 20, 17)])).toBeCloseTo(0, 10);
  });

  it('is the mean distance between both, by the number of opinions (Naeini et al. 2015)', () => {
    // 30 said 0.9 and a third is so; 10 said 0.6 and all are so.
    expect(calibrationError([...opinions(0.9, 30, 10), ...opinions(0.6, 10, 10)])).toBeCloseTo(
      (30 * (0.9 - 1 / 3) + 10 * 0.4) / 40,
      10,
    );
  });

  it('counts each opinion in one bin', () => {
    const all = [...opinions(0, 1, 0), ...opinions(0.5, 2, 1), ...opinions(1, 3, 3)];
    expect(binned(all).map(({ count }) => count)).toEqual([1, 2, 3]);
  });

  it('calls likely what is even odds or more, and no sure name', () => {
    const sure = opinions(0.9995, 1, 1).map((one) => ({ ...one, sure: true }));
    expect(likely([...opinions(0.49, 1, 0), ...opinions(0.5, 1, 1), ...sure])).toHaveLength(1);
  });
});

describe('The fit of what a similarity means', () => {
  it('finds the numbers by which answers were drawn', () => {
    const next = random(4);
    const normal = gaussian(next);
    const match = {
      intercept: -4,
      slope: 12,
      knee: { from: 0.5, slope: 10 },
      lead: 3,
      inCluster: 1,
      gallery: 0.9,
    };
    const drawn = Array.from({ length: 40_000 }, (): Opinion => {
      const opinion = {
        ...{ sure: false, probability: 0, right: false, isAlone: true },
        ...{ score: 0.45 + 0.2 * normal(), margin: 0.2 * next(), isInCluster: next() < 0.3 },
        gallery: 2 + 500 * next(),
      };
      return { ...opinion, right: next() < probabilityBy(opinion, match) };
    });
    const all = [{ size: 10, half: 0, pool: '', mix: '', named: '', opinions: drawn }];
    const fit = fitMatch(all, [0.5]);
    expect(Math.abs(fit.slope - match.slope)).toBeLessThan(1.5);
    expect(Math.abs(fit.knee!.slope - match.knee.slope)).toBeLessThan(4);
    expect(Math.abs(fit.gallery! - match.gallery)).toBeLessThan(0.1);
    const told = drawn.map((one) => ({ ...one, probability: probabilityBy(one, fit) }));
    expect(calibrationError(told)).toBeLessThan(0.01);
  });
});

describe('A drawn library', () => {
  const { vectors, size, person } = madeFaces(
    Array.from({ length: 80 }, (_, at) => 1 + (at % 4)),
    { size: 16, seed: 2 },
  );
  const all = person.map((who, row) => ({
    person: `${who}`,
    quality: 1,
    embedding: vectors.subarray(row * size, (row + 1) * size),
  }));

  it.each(MIXES)(
    '%s has as many faces as asked for, nobody twice on a photo, and is the same each time',
    (mix) => {
      const faces = drawLibrary(all, 16, mix, random(3));
      expect(faces).toHaveLength(16);
      for (const on of Map.groupBy(faces, ({ photo }) => photo).values()) {
        expect(new Set(on.map(({ person }) => person)).size).toBe(on.length);
        expect(on.length).toBeLessThanOrEqual(4);
      }
      expect(drawLibrary(all, 16, mix, random(3))).toEqual(faces);
    },
  );

  it('that is a crowd has hardly anybody twice', () => {
    const faces = drawLibrary(all, 60, 'a crowd', random(3));
    expect(new Set(faces.map(({ person }) => person)).size).toBeGreaterThan(45);
  });
});
