import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ClusterInput, cluster } from '../../electron/grouping/cluster.ts';
import { bCubed } from '../../electron/grouping/metrics.ts';
import { calibrationOf } from '../../electron/service/encoder.ts';
import { madeFaces } from '../fixtures/embeddings.ts';
import { random } from '../fixtures/random.ts';

const calibration = calibrationOf('dlib');

/** Similar people, with two or three faces on a photo. */
const hard = fc.record({
  people: fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 8 }),
  spread: fc.double({ min: 0.2, max: 1.2, noNaN: true }),
  seed: fc.nat(1e6),
  known: fc.integer({ min: 0, max: 100 }),
});

interface Case extends ClusterInput {
  person: number[];
}

function caseOf({ people, spread, seed }: { people: number[]; spread: number; seed: number }): Case {
  const { vectors, size, quality, person } = madeFaces(people, { size: 8, spread, seed });
  const n = person.length;
  const photo = Int32Array.from({ length: n }, (_, row) => (row * 5) % Math.max(1, Math.ceil(n / 2)));
  return { vectors, size, quality, photo, calibration, person };
}

/** The first rows of a library, as it was before the others were added. */
function beginning(all: ClusterInput, rows: number): ClusterInput {
  return {
    ...all,
    vectors: all.vectors.slice(0, rows * all.size),
    photo: all.photo.slice(0, rows),
    quality: all.quality.slice(0, rows),
  };
}

describe('Clusters with a seed', () => {
  it('only grow: no face leaves, no two merge, no photo has two faces in one', async () => {
    await fc.assert(
      fc.asyncProperty(hard, async ({ known, ...made }) => {
        const all = caseOf(made);
        const n = all.photo.length;
        const rows = Math.floor((n * known) / 100);
        const seed = new Int32Array(n);
        const before = await cluster(beginning(all, rows));
        before.forEach((group, row) => {
          seed[row] = group + 1;
        });
        const after = await cluster({ ...all, seed });
        const labels = new Map<number, number>();
        for (let row = 0; row < n; row++) {
          if (seed[row] === 0) continue;
          expect(after[row]).toBeGreaterThanOrEqual(0);
          expect(labels.get(seed[row]!) ?? after[row]).toBe(after[row]);
          labels.set(seed[row]!, after[row]!);
        }
        expect(new Set(labels.values()).size).toBe(labels.size);
        const seen = new Set<string>();
        after.forEach((group, row) => {
          if (group < 0) return;
          const key = `${group} ${all.photo[row]}`;
          expect(seen.has(key)).toBe(false);
          seen.add(key);
        });
      }),
      { numRuns: 200 },
    );
  });

  it('change nothing where no face has a seed', async () => {
    await fc.assert(
      fc.asyncProperty(hard, async (made) => {
        const all = caseOf(made);
        const none = await cluster({ ...all, seed: new Int32Array(all.photo.length) });
        expect([...none]).toEqual([...(await cluster(all))]);
      }),
    );
  });

  it('stay together, even where they look like two people', async () => {
    const { vectors, size, quality, photo } = madeFaces([4, 4, 2], { spread: 0.15 });
    // The first two made people have one seed: faces that are similar to either join.
    const seed = Int32Array.from([1, 1, 0, 0, 1, 1, 0, 0, 0, 0]);
    const groups = await cluster({ vectors, size, quality, photo, calibration, seed });
    expect(new Set(groups.subarray(0, 8)).size).toBe(1);
    expect(groups[8]).not.toBe(groups[0]);
    // Not where two of these are on one photo.
    const together = photo.map((value, row) => (row === 6 ? photo[2]! : value));
    const apart = await cluster({ vectors, size, quality, photo: together, calibration, seed });
    expect(apart[2]).not.toBe(apart[6]);
    expect(apart[0]).toBe(apart[4]);
  });

  it('are nearly the same in whatever order photos are added', async () => {
    const made = madeFaces([30, 20, 15, 12, 10, 8, 6, 5, 4, 3, 2, 2, 1, 1, 1, 1], { size: 32, spread: 0.75 });
    const n = made.person.length;
    const grown = async (seed: number) => {
      const next = random(seed);
      const order = Array.from({ length: n }, (_, row) => ({ row, at: next() }))
        .sort((a, b) => a.at - b.at)
        .map(({ row }) => row);
      const groups = new Int32Array(n);
      for (let end = 10; ; end = Math.min(n, end + 10)) {
        const present = order.slice(0, end);
        const vectors = new Float32Array(end * made.size);
        present.forEach((row, at) => {
          vectors.set(made.vectors.subarray(row * made.size, (row + 1) * made.size), at * made.size);
        });
        const pick = (from: ArrayLike<number>) => present.map((row) => from[row]!);
        const labels = await cluster({
          ...{ vectors, size: made.size, calibration },
          photo: Int32Array.from(present),
          quality: Float32Array.from(pick(made.quality)),
          seed: Int32Array.from(pick(groups)),
        });
        // The record keeps the numbers of its groups. Here a new group may have any number.
        const former = new Map<number, number>();
        labels.forEach((label, at) => {
          if (label >= 0 && groups[present[at]!]! > 0) former.set(label, groups[present[at]!]!);
        });
        let last = Math.max(...groups);
        labels.forEach((label, at) => {
          if (label < 0) return;
          if (!former.has(label)) former.set(label, ++last);
          groups[present[at]!] = former.get(label)!;
        });
        if (end === n) return groups;
      }
    };
    const runs = await Promise.all([1, 2, 3, 4, 5, 6].map(grown));
    const alike = runs.slice(1).map(
      (run) =>
        bCubed(
          run.map((id, row) => id || -1 - row),
          [...runs[0]!].map((id, row) => id || -1 - row),
        ).f,
    );
    expect(Math.min(...alike)).toBeGreaterThanOrEqual(0.97);
  });
});
