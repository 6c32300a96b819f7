import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cluster } from '../../electron/grouping/cluster.ts';
import { normalise } from '../../electron/grouping/similarity.ts';
import { calibrationOf } from '../../electron/service/encoder.ts';
import { type MadeFaces, madeFaces } from '../fixtures/embeddings.ts';
import { gaussian, random } from '../fixtures/random.ts';

const calibration = calibrationOf('dlib');

/** How far a version's vector lies from the face's: as far as copies and edits of LFW's photos do, in the median. */
const NEAR = 0.07;

/** As far as what a messenger leaves of a small face may lie. */
const FAR = 0.6;

/** So many versions of each face behind the faces, each on a photo of its own. */
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

/** Each version is with its face, and faces are together as they were without versions. */
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
  it('change nothing in the groups of the others, and are with the face that they are of', async () => {
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

  it('that are little like the face change nothing either, where their photos tell that they are versions', async () => {
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

  it('never bring two faces of one photo into one group, nor two people whom the user has named', async () => {
    // Twice the same face on one photo, as a mirror shows it, and once on another.
    const made = madeFaces([1], { spread: 0 });
    const vectors = new Float32Array(3 * made.size);
    for (let row = 0; row < 3; row++) vectors.set(made.vectors, row * made.size);
    const input = { vectors, size: made.size, quality: new Float32Array(3).fill(1), calibration };
    const groups = await cluster({ ...input, photo: Int32Array.from([0, 0, 1]) });
    expect(groups[0]).not.toBe(groups[1]);
    const photo = Int32Array.from([0, 1, 2]);
    const named = await cluster({ ...input, photo, seed: Int32Array.from([1, 2, 0]) });
    expect(named[0] === named[1] && named[0]! >= 0).toBe(false);
    // The one of the two who is on the third face's photo is not on it twice.
    const seed = Int32Array.from([1, 1, 0]);
    const once = await cluster({ ...input, photo: Int32Array.from([0, 1, 1]), seed });
    expect(once[0]).toBe(once[1]);
    expect(once[2]).toBe(-1);
  });
});
