import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { agglomerate } from '../../electron/grouping/agglomerate.ts';
import { type ClusterInput, cluster } from '../../electron/grouping/cluster.ts';
import { CHILDREN_EVIDENCE } from '../../electron/grouping/constants.ts';
import { Groups } from '../../electron/grouping/groups.ts';
import { type KnnGraph, knnGraph } from '../../electron/grouping/knn-graph.ts';
import { bCubed } from '../../electron/grouping/metrics.ts';
import { plainProduct } from '../../electron/grouping/product.ts';
import { distanceOf, dot } from '../../electron/grouping/similarity.ts';
import { type MadeFaces, madeFaces } from '../fixtures/embeddings.ts';

/** Even odds at distance 0.9: between made faces of one person (about 0.5) and of two (about 1.4). */
const calibration = { intercept: 18, slope: -20, qualitySlope: -2, link: 0, founder: 0.3 };

function input(faces: MadeFaces): ClusterInput {
  const { vectors, size, photo, quality } = faces;
  return { vectors, size, photo, quality, calibration };
}

/** The same faces with row i at place `order[i]`. */
function shuffled(faces: ClusterInput, order: readonly number[]): ClusterInput {
  const { size } = faces;
  const vectors = new Float32Array(faces.vectors.length);
  const photo = new Int32Array(order.length);
  const quality = new Float32Array(order.length);
  order.forEach((to, from) => {
    vectors.set(faces.vectors.subarray(from * size, (from + 1) * size), to * size);
    photo[to] = faces.photo[from]!;
    quality[to] = faces.quality[from]!;
  });
  const cannotLink = faces.cannotLink?.map(([a, b]) => [order[a]!, order[b]!] as const) ?? [];
  return { ...faces, vectors, photo, quality, cannotLink };
}

/** Hard cases: few dimensions and wide scatter, several faces a photo, some of them poor. */
const hard = fc
  .record({
    people: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 8 }),
    spread: fc.double({ min: 0.1, max: 1.5, noNaN: true }),
    seed: fc.nat(1e6),
    facesPerPhoto: fc.integer({ min: 1, max: 5 }),
    poor: fc.integer({ min: 2, max: 9 }),
  })
  .map(({ people, spread, seed, facesPerPhoto, poor }) => {
    const faces = input(madeFaces(people, { size: 6, spread, seed }));
    faces.photo = faces.photo.map((_, i) => (i * 7) % Math.ceil(faces.photo.length / facesPerPhoto));
    faces.quality = faces.quality.map((_, i) => (i % poor === 0 ? 0.1 : 0.9));
    return faces;
  });

describe('clustering', () => {
  it('finds well-separated people and leaves strangers as single faces', async () => {
    const faces = madeFaces([12, 7, 5, 3, 2, 1, 1, 1]);
    const groups = await cluster(input(faces));
    expect(bCubed(groups, faces.person).f).toBe(1);
    expect([...groups].filter((group) => group === -1)).toHaveLength(3);
    // The largest cluster has number 0.
    expect([...groups.slice(0, 12)]).toEqual(new Array(12).fill(0));
  });

  it('gives nothing for no face, and no cluster for a single face', async () => {
    expect([...(await cluster(input(madeFaces([]))))]).toEqual([]);
    expect([...(await cluster(input(madeFaces([1]))))]).toEqual([-1]);
  });

  it('never puts two faces of one photo into one cluster', async () => {
    await fc.assert(
      fc.asyncProperty(hard, async (faces) => {
        const seen = new Set<string>();
        const groups = await cluster(faces);
        groups.forEach((group, i) => {
          if (group < 0) return;
          const key = `${group} ${faces.photo[i]}`;
          expect(seen.has(key)).toBe(false);
          seen.add(key);
        });
      }),
    );
  });

  it('never puts a cannot-link pair into one cluster', async () => {
    await fc.assert(
      fc.asyncProperty(
        hard,
        fc.array(fc.tuple(fc.nat(40), fc.nat(40)), { maxLength: 12 }),
        async (faces, pairs) => {
          const n = faces.photo.length;
          const cannotLink = pairs.map(([a, b]) => [a % n, b % n] as const).filter(([a, b]) => a !== b);
          const groups = await cluster({ ...faces, photo: faces.photo.map((_, i) => i), cannotLink });
          for (const [a, b] of cannotLink) expect(groups[a] === groups[b] && groups[a]! >= 0).toBe(false);
        },
      ),
    );
  });

  it('gives the same clusters whatever the order of the faces', async () => {
    await fc.assert(
      fc.asyncProperty(
        hard.chain((faces) =>
          fc.tuple(
            fc.constant(faces),
            fc.shuffledSubarray(
              Array.from(faces.photo, (_, i) => i),
              { minLength: faces.photo.length },
            ),
          ),
        ),
        async ([faces, order]) => {
          const straight = await cluster(faces);
          const mixed = await cluster(shuffled(faces, order));
          expect(order.map((to) => mixed[to])).toEqual([...straight]);
        },
      ),
    );
  });

  it('numbers clusters from 0 without gaps, the largest first, none of one face', async () => {
    await fc.assert(
      fc.asyncProperty(hard, async (faces) => {
        const sizes: number[] = [];
        for (const group of await cluster(faces)) if (group >= 0) sizes[group] = (sizes[group] ?? 0) + 1;
        expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
        for (let i = 0; i < sizes.length; i++) expect(sizes[i]).toBeGreaterThan(1);
      }),
    );
  });
});

describe('faces of children', () => {
  it('need more evidence to be one person than those of grown-ups, a child and a grown-up half of that', async () => {
    const faces = madeFaces([2]);
    const similarity = dot(faces.vectors.subarray(0, faces.size), faces.vectors.subarray(faces.size));
    // Evidence of this pair beyond the link, in shares of what two children need in addition.
    const groups = (share: number, ...childhood: number[]) => {
      const wanted = calibration.link + share * CHILDREN_EVIDENCE;
      const lean = { ...calibration, intercept: wanted - calibration.slope * distanceOf(similarity) };
      return cluster({ ...input(faces), calibration: lean, childhood: Float32Array.from(childhood) });
    };
    expect([...(await groups(0.9, 0, 0))]).toEqual([0, 0]);
    expect([...(await groups(0.9, 1, 0))]).toEqual([0, 0]);
    expect([...(await groups(0.9, 1, 1))]).toEqual([-1, -1]);
    expect([...(await groups(1.1, 1, 1))]).toEqual([0, 0]);
    expect([...(await groups(0.4, 1, 0))]).toEqual([-1, -1]);
  });
});

describe('poor faces', () => {
  it('join a similar cluster, but never begin one', async () => {
    const faces = madeFaces([4, 3, 2]);
    // One face of the first person is poor, and all faces of the last person.
    faces.quality[3] = 0.1;
    faces.quality[7] = 0.1;
    faces.quality[8] = 0.1;
    expect([...(await cluster(input(faces)))]).toEqual([0, 0, 0, 0, 1, 1, 1, -1, -1]);
  });

  it('can form a pair with one good face', async () => {
    const faces = madeFaces([2, 1]);
    faces.quality[1] = 0.45;
    expect([...(await cluster(input(faces)))]).toEqual([0, 0, -1]);
  });

  it('stay single at quality 0, since blurred faces are similar to each other', async () => {
    const faces = madeFaces([2, 1]);
    faces.quality[1] = 0;
    expect([...(await cluster(input(faces)))]).toEqual([-1, -1, -1]);
  });

  it('need more evidence than good ones', async () => {
    const faces = madeFaces([2]);
    const similarity = dot(faces.vectors.subarray(0, faces.size), faces.vectors.subarray(faces.size));
    // The evidence of this pair is 1: enough for good faces at a link of 0, too little for poor ones.
    const lean = { ...calibration, intercept: 1 - calibration.slope * distanceOf(similarity) };
    expect([...(await cluster({ ...input(faces), calibration: lean }))]).toEqual([0, 0]);
    faces.quality[1] = 0.1;
    expect([...(await cluster({ ...input(faces), calibration: lean }))]).toEqual([-1, -1]);
  });

  it('of one photo do not both join a cluster', async () => {
    const faces = madeFaces([5]);
    faces.quality.fill(0.1, 3);
    faces.photo[4] = faces.photo[3]!;
    const groups = await cluster(input(faces));
    expect([...groups].filter((group) => group === 0)).toHaveLength(4);
    expect(groups[3] === groups[4]).toBe(false);
  });
});

describe('average linkage', () => {
  /**
   * The textbook: all clusters against all, means over all pairs of the faces that rows stand for, best merge first.
   */
  function textbook(
    faces: ClusterInput,
    { offsets, faces: counts }: { offsets: Float64Array; faces: Int32Array },
    bound: number,
  ): string[] {
    const n = faces.photo.length;
    const row = (at: number) => faces.vectors.subarray(at * faces.size, (at + 1) * faces.size);
    const seeds = Map.groupBy(faces.seed!.keys(), (at) => faces.seed![at] || -1 - at);
    let groups = [...seeds.values()];
    const isFixed = (group: readonly number[]) => group.some((at) => faces.seed![at]! > 0);
    for (;;) {
      let best = { score: Number.NEGATIVE_INFINITY, a: -1, b: -1 };
      for (let a = 0; a < groups.length; a++) {
        for (let b = a + 1; b < groups.length; b++) {
          const pairs = groups[a]!.flatMap((i) => groups[b]!.map((j) => [i, j] as const));
          if (pairs.some(([i, j]) => faces.photo[i] === faces.photo[j])) continue;
          if (isFixed(groups[a]!) && isFixed(groups[b]!)) continue;
          const weighted = pairs.map(([i, j]) => ({
            weight: counts[i]! * counts[j]!,
            score: dot(row(i), row(j)) - offsets[i]! - offsets[j]!,
          }));
          const score =
            weighted.reduce((sum, pair) => sum + pair.weight * pair.score, 0) /
            weighted.reduce((sum, { weight }) => sum + weight, 0);
          if (score > best.score) best = { score, a, b };
        }
      }
      if (best.score < bound) break;
      const joined = [...groups[best.a]!, ...groups[best.b]!];
      groups = [...groups.filter((_, i) => i !== best.a && i !== best.b), joined];
    }
    expect(groups.flat()).toHaveLength(n);
    return groups.map((group) => group.sort((x, y) => x - y).join(' ')).sort();
  }

  /** The first places of each list. */
  function shortened({ rows, dots, count }: KnnGraph, to: number): KnnGraph {
    const first = <T extends Int32Array | Float32Array>(all: T) =>
      all.filter((_, at) => at % count < to) as T;
    return { rows: first(rows), dots: first(dots), count: to };
  }

  it('gives the same as the textbook’s loop over all pairs, however short the lists of nearest faces are', async () => {
    const more = fc.record({
      bound: fc.double({ min: -0.2, max: 0.9, noNaN: true }),
      count: fc.integer({ min: 1, max: 32 }),
      offsetValues: fc.integer({ min: 1, max: 5 }),
      seeds: fc.integer({ min: 2, max: 40 }),
      versions: fc.integer({ min: 1, max: 5 }),
    });
    await fc.assert(
      fc.asyncProperty(hard, more, async (made, { bound, count, offsetValues, seeds, versions }) => {
        const n = made.photo.length;
        const photos = new Set<string>();
        const seed = Int32Array.from({ length: n }, (_, i) => {
          const group = (i * 13) % seeds < 3 ? 1 + ((i * 13) % seeds) : 0;
          // A cluster at the beginning has no two faces of one photo either.
          if (group === 0 || photos.has(`${group} ${made.photo[i]}`)) return 0;
          photos.add(`${group} ${made.photo[i]}`);
          return group;
        });
        const faces = { ...made, seed };
        const offsets = Float64Array.from({ length: n }, (_, i) => ((i * 7) % offsetValues) / 20 - 0.05);
        const rows = { offsets, faces: Int32Array.from({ length: n }, (_, i) => 1 + ((i * 5) % versions)) };
        const groups = new Groups({
          photos: Array.from(faces.photo, (one) => [one]),
          seed,
          start: seed,
        });
        const lists = shortened(await knnGraph(faces.vectors, faces.size, plainProduct), count);
        await agglomerate(
          { vectors: faces.vectors, ...rows },
          lists,
          faces.size,
          bound,
          groups,
          plainProduct,
        );
        const got = [...Map.groupBy(groups.owner.keys(), (i) => groups.owner[i]!).values()];
        expect(got.map((group) => group.join(' ')).sort()).toEqual(textbook(faces, rows, bound));
      }),
      { numRuns: 300 },
    );
  });
});
