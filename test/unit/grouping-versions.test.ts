import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cluster } from '../../electron/grouping/cluster.ts';
import { normalise } from '../../electron/grouping/similarity.ts';
import { calibrationOf } from '../../electron/service/encoder.ts';
import { type MadeFaces, madeFaces } from '../fixtures/embeddings.ts';
import { gaussian, random } from '../fixtures/random.ts';

const calibration = calibrationOf('dlib');

/** Distance of a version's vector from the face's: the median of copies and edits of LFW's photos. */
const NEAR = 0.07;

/** Distance of a small face after a messenger has compressed its photo. */
const FAR = 0.6;

/** Adds `count` versions of each face after all faces, each on its own photo. */
function withVersions(made: MadeFaces, count: number, far = NEAR): MadeFaces {
  const { size } = made;
  const normal = gaussian(random(9));
  const n = made.person.length;
  const all = { ...made, vectors: new Float32Array((1 + count) * made.vectors.length) };
  all.vectors.set(made.vectors);
  for (let version = 1; version <= count; version++) {
    for (let row = 0; row < n; row++) {
      const face = made.vectors.subarray(row * size, (row + 1) * size);
      const scatter = far / Math.sqrt(size);
      const vector = normalise(face.map((value) => value + scatter * normal()));
      all.vectors.set(vector, (version * n + row) * size);
    }
  }
  const repeated = Array.from({ length: (1 + count) * n }, (_, row) => row % n);
  return {
    ...all,
    photo: Int32Array.from(repeated, (_, row) => row),
    quality: Float32Array.from(repeated, (row) => made.quality[row]!),
    person: repeated.map((row) => made.person[row]!),
  };
}

/** Each version is in its face's cluster, and the faces' clusters are the same as without versions. */
function expectAsBefore(before: Int32Array, after: Int32Array): void {
  const n = before.length;
  for (let row = 0; row < after.length; row++) expect(after[row]).toBe(after[row % n]);
  for (let a = 0; a < n; a++) {
    for (let b = 0; b < a; b++) {
      expect(after[a] === after[b]).toBe(before[a]! >= 0 && before[a] === before[b]);
    }
  }
}

describe('Versions of a photo', () => {
  it('change nothing in the clusters of other faces, and join the cluster of their own face', async () => {
    const people = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(people, fc.nat(1e6), fc.integer({ min: 1, max: 10 }), async (faces, seed, count) => {
        const made = madeFaces(faces, { seed, spread: 0.15 });
        const before = await cluster({ ...made, calibration });
        const after = await cluster({ ...withVersions(made, count), calibration });
        expectAsBefore(before, after);
      }),
      { numRuns: 30 },
    );
  });

  it('change nothing either where they are unlike the face, but known as versions by their photos', async () => {
    const people = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(people, fc.nat(1e6), async (faces, seed) => {
        const made = madeFaces(faces, { seed, spread: 0.15 });
        const n = made.person.length;
        const all = withVersions(made, 2, FAR);
        // The face itself is the best of its versions.
        const quality = all.quality.map((value, row) => (row < n ? value : 0.9 * value));
        const versions = Array.from({ length: 2 * n }, (_, i) => [i % n, n + i] as const);
        const before = await cluster({ ...made, calibration });
        const after = await cluster({ ...all, quality, calibration, versions });
        expectAsBefore(before, after);
      }),
      { numRuns: 30 },
    );
  });

  it('never join two faces of one photo, nor two people whom the user labelled', async () => {
    // The same face twice on one photo, as in a mirror, and once on another.
    const made = madeFaces([1], { spread: 0 });
    const vectors = new Float32Array(3 * made.size);
    for (let row = 0; row < 3; row++) vectors.set(made.vectors, row * made.size);
    const input = { vectors, size: made.size, quality: new Float32Array(3).fill(1), calibration };
    const groups = await cluster({ ...input, photo: Int32Array.from([0, 0, 1]) });
    expect(groups[0]).not.toBe(groups[1]);
    const photo = Int32Array.from([0, 1, 2]);
    const named = await cluster({ ...input, photo, seed: Int32Array.from([1, 2, 0]) });
    expect(named[0] === named[1] && named[0]! >= 0).toBe(false);
    // The third face shares a photo with a face of the seed, so it does not join.
    const seed = Int32Array.from([1, 1, 0]);
    const once = await cluster({ ...input, photo: Int32Array.from([0, 1, 1]), seed });
    expect(once[0]).toBe(once[1]);
    expect(once[2]).toBe(-1);
  });
});
