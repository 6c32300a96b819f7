import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  auc,
  bestThreshold,
  foldedAccuracy,
  roc,
  type Trial,
  tarAtFar,
} from '../../electron/grouping/verification.ts';

/** Few distinct distances, so that ties are common, and now and then a pair without a face. */
const trial = fc.record({
  distance: fc.oneof(
    fc.integer({ min: 0, max: 12 }).map((value) => value / 8),
    fc.constant(Number.POSITIVE_INFINITY),
  ),
  genuine: fc.boolean(),
});
const trials = fc
  .array(trial, { minLength: 2, maxLength: 60 })
  .filter((list) => list.some((t) => t.genuine) && list.some((t) => !t.genuine));

function pairs(genuine: number[], impostor: number[]): Trial[] {
  return [
    ...genuine.map((distance) => ({ distance, genuine: true })),
    ...impostor.map((distance) => ({ distance, genuine: false })),
  ];
}

describe('area under the ROC curve', () => {
  it('is the chance that a genuine pair is nearer than an impostor, ties half', () => {
    fc.assert(
      fc.property(trials, (list) => {
        let wins = 0;
        let games = 0;
        for (const g of list.filter((t) => t.genuine)) {
          for (const i of list.filter((t) => !t.genuine)) {
            games++;
            wins += g.distance < i.distance ? 1 : g.distance === i.distance ? 0.5 : 0;
          }
        }
        expect(auc(list)).toBeCloseTo(wins / games, 10);
      }),
    );
  });

  it('is 1 for separated pairs and a half where distances say nothing', () => {
    expect(auc(pairs([0.1, 0.2], [0.3, 0.4]))).toBe(1);
    expect(auc(pairs([0.5, 0.5], [0.5, 0.5]))).toBe(0.5);
  });
});

describe('TAR at FAR', () => {
  it('is the best share of genuine pairs among the thresholds that let few enough impostors in', () => {
    fc.assert(
      fc.property(trials, fc.constantFrom(0, 0.01, 0.1, 0.5, 1), (list, far) => {
        const share = (genuine: boolean, at: number) => {
          const kind = list.filter((t) => t.genuine === genuine);
          return kind.filter((t) => t.distance <= at).length / kind.length;
        };
        const allowed = list.map((t) => t.distance).filter((at) => at < 9 && share(false, at) <= far);
        const best = Math.max(0, ...allowed.map((at) => share(true, at)));
        expect(tarAtFar(list, far)).toBeCloseTo(best, 12);
      }),
    );
  });

  it('never accepts a pair in which a face was not found', () => {
    expect(tarAtFar(pairs([0.1, Number.POSITIVE_INFINITY], [0.5]), 1)).toBe(0.5);
  });
});

describe('the ROC curve', () => {
  it('rises from nothing accepted to everything accepted', () => {
    fc.assert(
      fc.property(trials, (list) => {
        const points = roc(list);
        expect(points[0]).toMatchObject({ far: 0, tar: 0 });
        expect(points.at(-1)).toMatchObject({ far: 1, tar: 1 });
        for (let i = 1; i < points.length; i++) {
          expect(points[i]!.far).toBeGreaterThanOrEqual(points[i - 1]!.far);
          expect(points[i]!.tar).toBeGreaterThanOrEqual(points[i - 1]!.tar);
        }
      }),
    );
  });
});

describe('the best threshold', () => {
  it('has as few wrong answers as any', () => {
    fc.assert(
      fc.property(trials, (list) => {
        const wrong = (at: number) => list.filter((t) => t.distance <= at !== t.genuine).length;
        const least = Math.min(
          wrong(-1),
          ...list.filter((t) => t.distance < 9).map((t) => wrong(t.distance)),
        );
        expect(wrong(bestThreshold(list))).toBe(least);
      }),
    );
  });

  it('lies in the middle of the gap between genuine and impostor', () => {
    expect(bestThreshold(pairs([0.2, 0.4], [0.8, 1]))).toBeCloseTo(0.6, 12);
  });
});

describe('n-fold accuracy', () => {
  it('judges each fold by the threshold of the others', () => {
    const near = pairs([0.2], [0.4]).map((t) => ({ ...t, fold: 0 }));
    const far = pairs([0.6], [0.8]).map((t) => ({ ...t, fold: 1 }));
    const got = foldedAccuracy([...near, ...far]);
    expect(got.thresholds[0]).toBeCloseTo(0.7, 12);
    expect(got.thresholds[1]).toBeCloseTo(0.3, 12);
    // Both of fold 0 accepted, both of fold 1 refused: half right in each.
    expect(got.accuracy).toBe(0.5);
    expect(got.std).toBe(0);
  });

  it('counts a pair without a face as told apart', () => {
    const folds = [0, 1].flatMap((fold) =>
      pairs([0.2, Number.POSITIVE_INFINITY], [0.9, Number.POSITIVE_INFINITY]).map((t) => ({ ...t, fold })),
    );
    expect(foldedAccuracy(folds).accuracy).toBe(0.75);
  });

  it('gives the mean and the spread over the folds', () => {
    const folds = [0.3, 0.3, 0.9].flatMap((genuine, fold) =>
      pairs([genuine], [0.6]).map((t) => ({ ...t, fold })),
    );
    const got = foldedAccuracy(folds);
    expect(got.accuracy).toBeCloseTo((1 + 1 + 0.5) / 3, 12);
    expect(got.std).toBeCloseTo(Math.sqrt((2 * (1 / 6) ** 2 + (1 / 3) ** 2) / 3), 12);
  });
});
