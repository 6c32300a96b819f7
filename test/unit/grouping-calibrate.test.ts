import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  calibrationLoss,
  distanceAt,
  fitCalibration,
  type PairSample,
  probability,
} from '../../electron/grouping/calibrate.ts';
import { random } from '../fixtures/random.ts';

const calibration = { intercept: 12, slope: -20, qualitySlope: -3 };
const unit = fc.double({ min: 0, max: 1, noNaN: true });
const inner = fc.double({ min: 0.001, max: 0.999, noNaN: true });

/**
 * Pairs drawn from a known calibration, with uniform distances and qualities. It uses the latent variable of logistic
 * regression, and so not the probability that is tested: a pair is genuine where evidence plus noise is above 0. The
 * noise has the logistic distribution, drawn by its quantiles.
 */
function drawn(count: number): PairSample[] {
  const next = random(7);
  return Array.from({ length: count }, () => {
    const distance = 0.2 + next() * 0.8;
    const quality = next();
    const by = next();
    const noise = Math.log(by) - Math.log(1 - by);
    return { distance, quality, genuine: 12 - 20 * distance - 3 * (1 - quality) + noise > 0 };
  });
}

describe('probability', () => {
  it('falls with distance, and with the poorer quality', () => {
    fc.assert(
      fc.property(unit, unit, unit, unit, (near, more, better, worse) => {
        const far = near + more;
        const [high, low] = better > worse ? [better, worse] : [worse, better];
        const at = (distance: number, quality: number) => probability(distance, quality, 1, calibration);
        expect(at(far, high)).toBeLessThanOrEqual(at(near, high));
        expect(at(near, low)).toBeLessThanOrEqual(at(near, high));
      }),
    );
  });

  it('is the same whichever face comes first', () => {
    expect(probability(0.5, 0.2, 0.9, calibration)).toBe(probability(0.5, 0.9, 0.2, calibration));
  });

  it('becomes the distance again by its inverse', () => {
    fc.assert(
      fc.property(inner, unit, unit, inner, (wanted, qualityA, qualityB, prior) => {
        const distance = distanceAt(wanted, qualityA, qualityB, calibration, prior);
        expect(probability(distance, qualityA, qualityB, calibration, prior)).toBeCloseTo(wanted, 9);
      }),
    );
  });

  it("follows Bayes's rule: a likelihood ratio of 3 turns even odds into 3 : 1, and odds of 1 : 3 into 1 : 1", () => {
    const distance = (12 - Math.log(3)) / 20;
    expect(probability(distance, 1, 1, calibration)).toBeCloseTo(3 / 4, 12);
    expect(probability(distance, 1, 1, calibration, 1 / 4)).toBeCloseTo(1 / 2, 12);
  });

  it('is the prior where the evidence is 0', () => {
    expect(probability(12 / 20, 1, 1, calibration, 0.03)).toBeCloseTo(0.03, 12);
  });
});

describe('fitting a calibration', () => {
  it('has the gradient of finite differences', () => {
    const samples = drawn(300);
    const at = { intercept: 3, slope: -4, qualitySlope: -0.5 };
    const { gradient } = calibrationLoss(samples, at);
    const step = 1e-5;
    (['intercept', 'slope', 'qualitySlope'] as const).forEach((name, i) => {
      const up = calibrationLoss(samples, { ...at, [name]: at[name] + step }).loss;
      const down = calibrationLoss(samples, { ...at, [name]: at[name] - step }).loss;
      expect(gradient[i]).toBeCloseTo((up - down) / (2 * step), 7);
    });
  });

  it('ends where the gradient is 0', () => {
    const samples = drawn(2000);
    const { gradient } = calibrationLoss(samples, fitCalibration(samples));
    for (const part of gradient) expect(Math.abs(part)).toBeLessThan(1e-6);
  });

  it('recovers the calibration that the pairs were drawn from', () => {
    const samples = drawn(40_000);
    const fitted = fitCalibration(samples);
    // The fit is at even odds: add the log-odds of the share of genuine pairs among the drawn ones.
    const genuine = samples.filter((sample) => sample.genuine).length;
    const shift = Math.log(genuine / (samples.length - genuine));
    expect(fitted.slope).toBeGreaterThan(-21.5);
    expect(fitted.slope).toBeLessThan(-18.5);
    expect(
      Math.abs(distanceAt(0.5, 1, 1, { ...fitted, intercept: fitted.intercept + shift }) - 0.6),
    ).toBeLessThan(0.01);
    expect(Math.abs(fitted.qualitySlope + 3)).toBeLessThan(0.4);
  });

  it('counts a pair as many times as its weight says', () => {
    const samples = drawn(400);
    const doubled = samples.flatMap((sample, i) => (i % 3 === 0 ? [sample, sample] : [sample]));
    const weighted = samples.map((sample, i) => ({ ...sample, weight: i % 3 === 0 ? 2 : 1 }));
    const [a, b] = [fitCalibration(doubled), fitCalibration(weighted)];
    expect(a.slope).toBeCloseTo(b.slope, 6);
    expect(a.intercept).toBeCloseTo(b.intercept, 6);
  });

  it('stays finite where a threshold separates the pairs, and where all qualities are the same', () => {
    const samples = [0.1, 0.2, 0.3, 0.8, 0.9, 1].map((distance) => ({
      distance,
      quality: 1,
      genuine: distance < 0.5,
    }));
    const fitted = fitCalibration(samples);
    expect(Number.isFinite(fitted.slope)).toBe(true);
    expect(distanceAt(0.5, 1, 1, fitted)).toBeCloseTo(0.55, 6);
  });

  it('never gives poor faces more evidence than good ones', () => {
    const samples = drawn(2000).map((sample) => ({ ...sample, quality: 1 - sample.quality }));
    expect(fitCalibration(samples).qualitySlope).toBe(0);
  });

  it('throws where all pairs are of one kind, and where genuine pairs are the farther ones', () => {
    expect(() => fitCalibration([{ distance: 0.1, quality: 1, genuine: true }])).toThrow(RangeError);
    const inverted = drawn(500).map((sample) => ({ ...sample, genuine: !sample.genuine }));
    expect(() => fitCalibration(inverted)).toThrow(RangeError);
  });
});
