import { describe, expect, it } from 'vitest';
import { learn } from '../../electron/grouping/learn.ts';
import { tryMetric } from '../../electron/grouping/metric-trial.ts';
import { project } from '../../electron/grouping/projection.ts';
import { shuffled } from '../../electron/grouping/random.ts';
import { facesWithNuisance } from '../fixtures/nuisance.ts';
import { random } from '../fixtures/random.ts';

const losses = ['triplet', 'contrastive'] as const;
const known = facesWithNuisance(new Array<number>(12).fill(10));
const qualitySlope = { qualitySlope: 0 };

describe.each(losses)('learning by %s loss', (loss) => {
  it('finds directions that do not depend on the person, and is adopted', () => {
    const trial = tryMetric(known, loss, qualitySlope);
    expect(trial).toMatchObject({ adopted: true, reason: 'better' });
    expect(trial.after.doubt).toBeLessThan(trial.before.doubt * 0.6);
    expect(trial.gain.low).toBeGreaterThan(0);
    expect(trial.gain.low).toBeLessThan(trial.gain.mean);
    expect(trial.gain.high).toBeGreaterThan(trial.gain.mean);
    expect(trial.after.tarAtFar['0.001']).toBeGreaterThan(trial.before.tarAtFar['0.001']);
  });

  it('also separates people who were not in the training', () => {
    const { projection } = learn(known, loss);
    const strangers = facesWithNuisance(new Array<number>(30).fill(4), { seed: 99 });
    const mean = (vectors: Float32Array, genuine: boolean) => {
      const { people, size } = strangers;
      const dots: number[] = [];
      for (let a = 0; a < people.length; a++) {
        for (let b = a + 1; b < people.length; b++) {
          if ((people[a] === people[b]) !== genuine) continue;
          let sum = 0;
          for (let i = 0; i < size; i++) sum += vectors[a * size + i]! * vectors[b * size + i]!;
          dots.push(sum);
        }
      }
      return dots.reduce((sum, value) => sum + value, 0) / dots.length;
    };
    const gap = (vectors: Float32Array) => mean(vectors, true) - mean(vectors, false);
    expect(gap(project(strangers.vectors, projection))).toBeGreaterThan(gap(strangers.vectors));
  });

  it('is not adopted where labels do not match the faces', () => {
    const noise = { ...known, people: shuffled(Array.from(known.people), random(3)) };
    expect(tryMetric(noise, loss, qualitySlope)).toMatchObject({ adopted: false, reason: 'labels-disagree' });
  });

  it('is not adopted where there is nothing to gain, since the frozen metric makes no mistake', () => {
    const plain = facesWithNuisance(new Array<number>(12).fill(10), { nuisance: 0, spread: 0.9 });
    expect(tryMetric(plain, loss, qualitySlope)).toMatchObject({ adopted: false, reason: 'not-better' });
  });

  it('gives the same metric for the same seed', () => {
    const [one, two] = [learn(known, loss), learn(known, loss)];
    expect(one).toEqual(two);
    expect(learn(known, loss, 2).projection).not.toEqual(one.projection);
  });

  it('does not change the direction of the mean face', () => {
    const { size, vectors } = known;
    const shifted = vectors.map((value, i) => value + (i % size === 0 ? 3 : 0));
    const { projection } = learn({ ...known, vectors: unit(shifted, size) }, loss);
    const common = new Float64Array(size);
    unit(shifted, size).forEach((value, i) => {
      common[i % size]! += value;
    });
    const along = (matrix: Float32Array, column: number) =>
      common.reduce((sum, value, i) => sum + value * matrix[i * projection.rank + column]!, 0) /
      Math.hypot(...common);
    for (let column = 0; column < projection.rank; column++) {
      expect(along(projection.out, column)).toBeCloseTo(0, 5);
      expect(along(projection.into, column)).toBeCloseTo(0, 5);
    }
  });
});

describe('project', () => {
  it('gives vectors of length 1, and leaves them as they were at the identity', () => {
    const { projection } = learn(known, 'triplet');
    const { size } = known;
    const changed = project(known.vectors, projection);
    for (let start = 0; start < changed.length; start += size) {
      expect(Math.hypot(...changed.subarray(start, start + size))).toBeCloseTo(1, 5);
    }
    const identity = { ...projection, out: new Float32Array(projection.out.length) };
    const same = project(known.vectors, identity);
    known.vectors.forEach((value, i) => {
      expect(same[i]).toBeCloseTo(value, 5);
    });
  });
});

function unit(vectors: Float32Array, size: number): Float32Array {
  return vectors.map((value, i) => {
    const start = i - (i % size);
    return value / Math.hypot(...vectors.subarray(start, start + size));
  });
}
