import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitOf } from '../../electron/grouping/bisecting-split.ts';
import { distanceAt } from '../../electron/grouping/calibrate.ts';
import { cluster } from '../../electron/grouping/cluster.ts';
import { distanceOf, dot, normalise } from '../../electron/grouping/similarity.ts';
import { calibrationOf } from '../../electron/service/encoder.ts';
import { gaussian, random } from '../fixtures/random.ts';

const calibration = calibrationOf('dlib');
const size = 128;

/** Two unit vectors whose dot product is `alike`. */
function twoCentres(alike: number): [Float32Array, Float32Array] {
  const [one, other] = [new Float32Array(size), new Float32Array(size)];
  one[0] = 1;
  other[0] = alike;
  other[1] = Math.sqrt(1 - alike * alike);
  return [one, other];
}

/** Faces scattered around unit vectors: `spread` is the length of the scatter. */
function facesAround(centres: readonly Float32Array[], spread: number, seed = 1): Float32Array {
  const normal = gaussian(random(seed));
  const vectors = new Float32Array(centres.length * size);
  centres.forEach((centre, row) => {
    const face = centre.map((value) => value + (spread / Math.sqrt(size)) * normal());
    vectors.set(normalise(face), row * size);
  });
  return vectors;
}

const times = <T>(count: number, value: T): T[] => new Array<T>(count).fill(value);
const allRows = (vectors: Float32Array) => Array.from({ length: vectors.length / size }, (_, row) => row);
const groupsOf = (vectors: Float32Array, seed?: Int32Array) =>
  cluster({
    ...{ vectors, size, calibration },
    photo: Int32Array.from(allRows(vectors)),
    quality: new Float32Array(vectors.length / size).fill(1),
    ...(seed ? { seed } : {}),
  });

/** Distance at the mean dot product of the first `n` faces and the next `n`. */
function between(vectors: Float32Array, n: number): number {
  let sum = 0;
  for (let a = 0; a < n; a++) {
    for (let b = n; b < 2 * n; b++) {
      const [one, other] = [a, b].map((row) => vectors.subarray(row * size, (row + 1) * size));
      sum += dot(one!, other!);
    }
  }
  return distanceOf(sum / (n * n));
}

describe('A cluster that looks like two people', () => {
  const [anna, beth] = twoCentres(0.965);
  const bridge = normalise(anna.map((value, i) => value + beth[i]!));
  const mixed = facesAround([...times(15, anna), ...times(15, beth), ...times(1, bridge)], 0.13);

  it('is split into two, though average linkage takes both for one person and a face is between them', async () => {
    // Nearer than the bound of average linkage: without the split they would be one cluster.
    const link = distanceAt(0.5, 1, 1, {
      ...calibration,
      intercept: calibration.intercept - calibration.link,
    });
    expect(between(mixed, 15)).toBeLessThan(link);
    const groups = await groupsOf(mixed);
    const [one, other] = [groups.slice(0, 15), groups.slice(15, 30)];
    expect(new Set(one).size).toBe(1);
    expect(new Set(other).size).toBe(1);
    expect(one[0]).not.toBe(other[0]);
  });

  it('keeps the faces of a seed together, and puts new faces of another person into a new cluster', async () => {
    const whole = await groupsOf(mixed, new Int32Array(31).fill(1));
    expect(new Set(whole)).toEqual(new Set([0]));
    const seed = Int32Array.from(allRows(mixed), (row) => Number(row < 15));
    const grown = await groupsOf(mixed, seed);
    expect(new Set(grown.slice(0, 15)).size).toBe(1);
    expect(new Set(grown.slice(15, 30)).size).toBe(1);
    expect(grown[0]).not.toBe(grown[15]);
  });

  it('differs from one person with many photos, however wide these are spread', async () => {
    for (const spread of [0.1, 0.15, 0.2]) {
      for (const count of [6, 20, 200]) {
        const vectors = facesAround(times(count, anna), spread, count);
        expect(splitOf({ vectors, size }, allRows(vectors), calibration)).toHaveLength(1);
        expect(new Set(await groupsOf(vectors)).size).toBe(1);
      }
    }
  });

  it('differs from one person who turns the head: faces along an arc, each near the next', () => {
    const arc = Array.from({ length: 60 }, (_, step) => {
      const [from, to] = twoCentres(0.93);
      return normalise(from.map((value, i) => value * (59 - step) + to[i]! * step));
    });
    const vectors = facesAround(arc, 0.15);
    expect(splitOf({ vectors, size }, allRows(vectors), calibration)).toHaveLength(1);
  });
});

it('gives parts that have all faces, each once, and the same parts for the same faces', () => {
  const many = fc.tuple(
    fc.integer({ min: 1, max: 12 }),
    fc.double({ min: 0.8, max: 1, noNaN: true }),
    fc.nat(),
  );
  fc.assert(
    fc.property(many, ([count, alike, seed]) => {
      const [one, other] = twoCentres(alike);
      const vectors = facesAround([...times(count, one), ...times(count, other)], 0.1, seed);
      const parts = splitOf({ vectors, size }, allRows(vectors), calibration);
      expect(parts.flat().sort((a, b) => a - b)).toEqual(allRows(vectors));
      expect(splitOf({ vectors, size }, allRows(vectors), calibration)).toEqual(parts);
      if (parts.length > 1) for (const part of parts) expect(part.length).toBeGreaterThanOrEqual(3);
    }),
  );
});
