import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assign } from '../../electron/grouping/assign.ts';
import { effectiveGallerySize, matchProbability, sureOf } from '../../electron/grouping/match-probability.ts';
import { type Labels, matchReference } from '../../electron/grouping/match-reference.ts';
import { type Faces, normalisedGraph } from '../../electron/grouping/normalised-graph.ts';
import { distanceOf, dot, normalise } from '../../electron/grouping/similarity.ts';
import { calibrationOf } from '../../electron/service/encoder.ts';
import { madeFaces } from '../fixtures/embeddings.ts';

const calibration = calibrationOf('dlib');

/** Every way to give each face a person or nobody, each person once; the best total. */
function bestByTrying(worth: readonly (readonly number[])[], face = 0, taken = new Set<number>()): number {
  if (face === worth.length) return 0;
  let best = bestByTrying(worth, face + 1, taken);
  worth[face]!.forEach((value, person) => {
    if (taken.has(person) || value <= 0) return;
    best = Math.max(best, value + bestByTrying(worth, face + 1, new Set([...taken, person])));
  });
  return best;
}

describe('The assignment of people to the faces of a photo', () => {
  it('is worth as much as the best of all that there are, and gives nobody twice', () => {
    const matrix = fc
      .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 }))
      .chain(([faces, people]) => {
        const row = fc.array(fc.integer({ min: -5, max: 20 }), { minLength: people, maxLength: people });
        return fc.array(row, { minLength: faces, maxLength: faces });
      });
    fc.assert(
      fc.property(matrix, (worth) => {
        const people = assign(worth);
        const named = people.filter((person) => person >= 0);
        expect(new Set(named).size).toBe(named.length);
        const total = people.reduce((sum, person, face) => sum + (person < 0 ? 0 : worth[face]![person]!), 0);
        expect(total).toBe(bestByTrying(worth));
      }),
    );
  });
});

interface Made {
  faces: Faces;
  person: number[];
  said: Labels;
}

/** People of six faces each, the first of each being the example; each face on a photo of its own. */
function made({ spread = 0.3, people = 6 } = {}): Made {
  const { vectors, size, photo, quality, person } = madeFaces(new Array<number>(people).fill(6), { spread });
  const faces: Faces = { vectors, size, photo, quality, group: new Int32Array(photo.length) };
  const labelled = new Uint8Array(photo.length);
  const examples = Array.from({ length: people }, (_, who) => ({ row: who * 6, person: who }));
  for (const { row } of examples) labelled[row] = 1;
  const births = new Float64Array(people).fill(Number.NaN);
  const days = new Float64Array(photo.length).fill(Number.NaN);
  return {
    faces,
    person,
    said: { people, examples, refusals: [], labelled, births, days, several: new Set() },
  };
}

const opinions = async ({ faces, said }: Made) =>
  matchReference(faces, await normalisedGraph(faces, calibration), said, calibration);
const of = async (all: Made, row: number) => (await opinions(all)).find((candidate) => candidate.row === row);

describe('Matching', () => {
  it('finds everybody from one example each, and says nothing of the examples themselves', async () => {
    const all = made();
    const found = await opinions(all);
    expect(found).toHaveLength(30);
    for (const { row, person } of found) expect(person).toBe(all.person[row]);
    expect(found.some(({ row }) => all.said.labelled[row] === 1)).toBe(false);
  });

  it('reaches a face that is unlike the example by way of faces in between', async () => {
    // Unit vectors on an arc: each is near to the next, the ends are far apart.
    const size = 128;
    const chain = [0, 0.22, 0.44, 0.66].map((angle) => {
      const vector = new Float32Array(size);
      vector[0] = Math.cos(angle);
      vector[1] = Math.sin(angle);
      return vector;
    });
    const vectors = new Float32Array(chain.length * size);
    chain.forEach((vector, row) => {
      vectors.set(vector, row * size);
    });
    expect(distanceOf(dot(chain[0]!, chain[3]!))).toBeGreaterThan(0.6);
    const n = chain.length;
    const faces: Faces = {
      vectors,
      size,
      photo: Int32Array.from({ length: n }, (_, row) => row),
      group: new Int32Array(n),
      quality: new Float32Array(n).fill(1),
    };
    const said: Labels = {
      people: 1,
      examples: [{ row: 0, person: 0 }],
      refusals: [],
      labelled: Uint8Array.from([1, 0, 0, 0]),
      births: new Float64Array([Number.NaN]),
      days: new Float64Array(n).fill(Number.NaN),
      several: new Set(),
    };
    const score = async (row: number, without: number[]) => {
      const labelled = said.labelled.slice();
      for (const other of without) labelled[other] = 1;
      return matchReference(
        faces,
        await normalisedGraph(faces, calibration),
        { ...said, labelled },
        calibration,
      ).find((candidate) => candidate.row === row)!.score;
    };
    expect(await score(2, [])).toBeGreaterThan((await score(2, [1])) + 0.02);
  });

  it('never takes a refused face for that person, and pulls the reach in around it', async () => {
    const all = made();
    const before = (await of(all, 1))!;
    expect(before.person).toBe(0);
    all.said = { ...all.said, refusals: [{ row: 1, person: 0 }] };
    expect((await of(all, 1))?.person).not.toBe(0);
    // A face just like the refused one.
    all.faces.vectors.copyWithin(2 * 128, 1 * 128, 2 * 128);
    const twin = (await opinions(all)).find(({ row, person }) => row === 2 && person === 0);
    expect(twin?.probability ?? 0).toBeLessThan(before.probability / 2);
  });

  it('puts a person on a photo once, on the likelier face, unless the photo is a mirror or a collage', async () => {
    const all = made();
    all.faces.photo[2] = all.faces.photo[1]!;
    const together = (await opinions(all)).filter(
      ({ row, person }) => (row === 1 || row === 2) && person === 0,
    );
    expect(together).toHaveLength(1);
    all.said = { ...all.said, several: new Set([all.faces.photo[1]!]) };
    expect(
      (await opinions(all)).filter(({ row, person }) => (row === 1 || row === 2) && person === 0),
    ).toHaveLength(2);
  });

  it('puts nobody on a photo who is there by hand already, nor before their birth', async () => {
    const all = made();
    all.faces.photo[1] = all.faces.photo[0]!;
    expect((await of(all, 1))?.person).not.toBe(0);
    const young = made();
    young.said.births[0] = 1000;
    young.said.days[1] = 999;
    young.said.days[2] = 1001;
    expect((await of(young, 1))?.person).not.toBe(0);
    expect((await of(young, 2))?.person).toBe(0);
  });

  it('asks more of a face where two people have examples near each other: siblings', async () => {
    const size = 128;
    /** A face a turn of 0.28 away from Anna's example, and Beth's example so much farther on. */
    const chanceBeside = async (farther: number) => {
      const vectors = new Float32Array(3 * size);
      [0, 0.28, 0.28 + farther].forEach((angle, row) => {
        vectors[row * size] = Math.cos(angle);
        vectors[row * size + 1] = Math.sin(angle);
      });
      const nan = new Float64Array(3).fill(Number.NaN);
      const faces: Faces = {
        ...{ vectors, size, photo: Int32Array.of(0, 1, 2), group: new Int32Array(3) },
        quality: new Float32Array(3).fill(1),
      };
      const said: Labels = {
        people: 2,
        examples: [
          { row: 0, person: 0 },
          { row: 2, person: 1 },
        ],
        ...{ refusals: [], labelled: Uint8Array.of(1, 0, 1), births: nan, days: nan, several: new Set() },
      };
      const [found] = matchReference(faces, await normalisedGraph(faces, calibration), said, calibration);
      expect(found).toMatchObject({ row: 1, person: 0 });
      return found!.probability;
    };
    const chances = await Promise.all([1.2, 0.6, 0.4, 0.3, 0.285].map(chanceBeside));
    for (let at = 1; at < chances.length; at++) expect(chances[at]!).toBeLessThanOrEqual(chances[at - 1]!);
    // The same face, as near to Anna: sure where nobody is like her, and to be asked about beside her sister.
    expect(chances[0]).toBeGreaterThan(0.999);
    expect(chances.at(-1)).toBeLessThan(0.99);
  });

  it('knows of everybody who has no name yet: the first one named is not taken for the only one', async () => {
    const all = made({ people: 60 });
    // All of one kind: two people are as like as the most alike of two thousand are.
    const { vectors, size } = all.faces;
    for (let at = 0; at < vectors.length; at += size) {
      vectors[at]! += 3.5;
      vectors.set(normalise(vectors.subarray(at, at + size)), at);
    }
    all.said = { ...all.said, people: 1, examples: all.said.examples.slice(0, 1) };
    all.said.labelled.fill(0).fill(1, 0, 1);
    const alone = await opinions(all);
    const wrong = sureOf(alone, 0.999).filter(({ row }) => all.person[row] !== 0);
    expect(wrong).toEqual([]);
    expect(alone[0]!.person).toBe(all.person[alone[0]!.row]);
    expect(effectiveGallerySize(1, all.faces.group)).toBeGreaterThan(100);
    // The same faces in a small library, where hardly anybody else is.
    expect(effectiveGallerySize(1, new Int32Array(6))).toBe(8);
    expect(effectiveGallerySize(1, [1, 1, 1, 2, 2, 0])).toBe(8);
    expect(effectiveGallerySize(500, [1, 1, 1, 2, 2, 0])).toBe(500);
  });

  it('lets a group hold back one of its faces, and never push one', async () => {
    const all = made();
    const before = await opinions(all);
    // The second face of the first person sits in a group with faces of the second person.
    for (const row of [1, 7, 8]) all.faces.group[row] = 1;
    const after = await opinions(all);
    const chanceOf = (of: typeof before, row: number, person: number) =>
      of.find((one) => one.row === row && one.person === person)?.probability ?? 0;
    expect(chanceOf(after, 1, 0)).toBeLessThan(chanceOf(before, 1, 0));
    for (const row of [7, 8]) expect(chanceOf(after, row, 0)).toBe(0);
  });

  it('holds it against a face that grouping left it out of the group of a person’s example', async () => {
    const all = made();
    const apart = (await of(all, 1))!;
    for (const row of [0, 1]) all.faces.group[row] = 1;
    expect(await of(all, 1)).toMatchObject({ person: 0, isInCluster: true });
    const seen = { score: apart.score, margin: apart.margin, quality: 1 };
    expect(matchProbability({ ...seen, isInCluster: true }, 10, calibration)).toBeGreaterThan(
      matchProbability({ ...seen, isInCluster: false }, 10, calibration),
    );
  });

  it('asks more of a poor face', async () => {
    const seen = { score: 0.9, margin: 0.2, isInCluster: false };
    expect(matchProbability({ ...seen, quality: 0.2 }, 10, calibration)).toBeLessThan(
      matchProbability({ ...seen, quality: 0.9 }, 10, calibration),
    );
  });

  it('is sure of so many that the share of wrong ones is expected to stay within what was allowed', async () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0.9, max: 1, noNaN: true }), { maxLength: 50 }), (chances) => {
        const sorted = chances.toSorted((a, b) => b - a);
        const candidates = sorted.map((probability, row) => ({
          row,
          person: 0,
          probability,
          score: 1,
          margin: 0,
          isInCluster: false,
        }));
        const sure = sureOf(candidates, 0.999);
        const wrong = sure.reduce((sum, { probability }) => sum + 1 - probability, 0);
        expect(wrong).toBeLessThanOrEqual(0.001 * sure.length + 1e-12);
        for (const { probability } of sure) expect(probability).toBeGreaterThanOrEqual(0.99);
      }),
    );
  });

  it('gives the same for the same faces handed in in another order', async () => {
    const all = made({ spread: 0.5 });
    const n = all.faces.photo.length;
    const order = Array.from({ length: n }, (_, row) => (row * 7) % n);
    const size = all.faces.size;
    const moved = normalisedCopy(all, order, size);
    const plain = new Map(
      (await opinions(all)).map(({ row, person, probability }) => [row, { person, probability }]),
    );
    for (const { row, person, probability } of await opinions(moved)) {
      const same = plain.get(order[row]!)!;
      expect(person).toBe(same.person);
      expect(probability).toBeCloseTo(same.probability, 6);
    }
  });
});

/** Row i of the copy is row order[i] of the original. */
function normalisedCopy({ faces, person, said }: Made, order: readonly number[], size: number): Made {
  const vectors = new Float32Array(faces.vectors.length);
  order.forEach((from, to) => {
    vectors.set(normalise(faces.vectors.subarray(from * size, (from + 1) * size)), to * size);
  });
  const to = (row: number) => order.indexOf(row);
  return {
    faces: { ...faces, vectors, photo: Int32Array.from(order, (row) => faces.photo[row]!) },
    person: order.map((row) => person[row]!),
    said: {
      ...said,
      examples: said.examples.map(({ row, person: who }) => ({ row: to(row), person: who })),
      labelled: Uint8Array.from(order, (row) => said.labelled[row]!),
    },
  };
}
