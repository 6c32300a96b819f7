import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ClusterInput, cluster } from '../../electron/grouping/cluster.ts';
import { knnGraph } from '../../electron/grouping/knn-graph.ts';
import { groupNewcomers } from '../../electron/grouping/newcomers.ts';
import { contentOrder } from '../../electron/grouping/order.ts';
import { plainProduct } from '../../electron/grouping/product.ts';
import { calibrationOf } from '../../electron/service/encoder.ts';
import { madeFaces } from '../fixtures/embeddings.ts';

const calibration = calibrationOf('dlib');

type Made = Parameters<typeof madeFaces>[0];

function caseOf(people: Made, options: { spread: number; seed: number; size?: number }): ClusterInput {
  const { vectors, size, quality, person } = madeFaces(people, { size: 8, ...options });
  const n = person.length;
  const photo = Int32Array.from({ length: n }, (_, row) => (row * 5) % Math.max(1, Math.ceil(n / 2)));
  return { vectors, size, quality, photo, calibration };
}

/** Some rows of a library. */
function only(all: ClusterInput, rows: readonly number[]): ClusterInput {
  const vectors = rows.flatMap((row) => [...all.vectors.subarray(row * all.size, (row + 1) * all.size)]);
  return {
    ...all,
    vectors: Float32Array.from(vectors),
    photo: Int32Array.from(rows, (row) => all.photo[row]!),
    quality: Float32Array.from(rows, (row) => all.quality[row]!),
  };
}

/** Clusters the faces that are not new, then the new ones. */
async function grown(all: ClusterInput, isNew: (row: number) => boolean, isHeld: (group: number) => boolean) {
  const n = all.photo.length;
  const old = [...Array(n).keys()].filter((row) => !isNew(row));
  const before = await cluster(only(all, old));
  const groups = new Int32Array(n);
  old.forEach((row, at) => {
    groups[row] = before[at]! + 1;
  });
  const held = new Set(groups.filter((group) => group > 0 && isHeld(group)));
  const lists = await knnGraph(all.vectors, all.size, plainProduct);
  const after = await groupNewcomers({
    ...{ ...all, groups, held, isNew },
    nearest: lists,
    order: contentOrder(all),
  });
  return { groups, held, after };
}

const hard = fc.record({
  people: fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 8 }),
  spread: fc.double({ min: 0.2, max: 1.2, noNaN: true }),
  seed: fc.nat(1e6),
  every: fc.integer({ min: 1, max: 12 }),
});

/** The faces of each cluster, as text; a single face is a cluster of its own. */
function partition(labels: Int32Array): string[] {
  const groups = Map.groupBy(labels.keys(), (row) => (labels[row]! < 0 ? -1 - row : labels[row]!));
  return [...groups.values()].map((rows) => rows.join(' ')).sort();
}

describe('New faces in a large library', () => {
  it('join groups or begin new ones; groups that hold still neither lose a face nor merge', async () => {
    await fc.assert(
      fc.asyncProperty(hard, async ({ people, every, ...options }) => {
        const all = caseOf(people, options);
        const { groups, held, after } = await grown(
          all,
          (row) => row % every === 0,
          (group) => group % 2 === 1,
        );
        const places = new Set<string>();
        for (const [a, label] of after.entries()) {
          if (label < 0) continue;
          expect(places.has(`${label} ${all.photo[a]}`)).toBe(false);
          places.add(`${label} ${all.photo[a]}`);
          for (let b = 0; b < a; b++) {
            if (!held.has(groups[a]!) || !held.has(groups[b]!)) continue;
            expect(after[a] === after[b]).toBe(groups[a] === groups[b]);
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  it('leave groups as they were that they are not near to', async () => {
    const all = caseOf([6, 5, 4, 3], { spread: 0.15, seed: 3, size: 64 });
    // All faces of the last person are new.
    const { groups, after } = await grown(
      all,
      (row) => row >= 15,
      () => false,
    );
    expect(partition(after.subarray(0, 15))).toEqual(partition(groups.subarray(0, 15)));
    expect(partition(after)).toEqual(partition(await cluster(all)));
  });

  it('are clustered as all faces at once where all are new, and where people are clearly apart', async () => {
    await fc.assert(
      fc.asyncProperty(hard, async ({ people, every, seed, spread }) => {
        const allNew = caseOf(people, { spread, seed });
        const { after } = await grown(
          allNew,
          () => true,
          () => false,
        );
        expect(partition(after)).toEqual(partition(await cluster(allNew)));
        const made = caseOf(people, { spread: 0.15, seed, size: 64 });
        const clear = { ...made, photo: made.photo.map((_, row) => row) };
        const some = await grown(
          clear,
          (row) => row % every === 0,
          () => false,
        );
        expect(partition(some.after)).toEqual(partition(await cluster(clear)));
      }),
      { numRuns: 100 },
    );
  });

  it('have the same normalisation offsets as when all faces are clustered', async () => {
    // One face in 20 is new. Only faces near these are clustered, and the offsets depend on a sample of the others.
    const all = caseOf(Array(300).fill(2), { spread: 0.5, seed: 9, size: 24 });
    const { after } = await grown(
      all,
      (row) => row % 20 === 0,
      () => false,
    );
    const whole = await cluster(all);
    const same = partition(after).filter((group) => new Set(partition(whole)).has(group)).length;
    expect(same / partition(whole).length).toBeGreaterThan(0.97);
  });
});
