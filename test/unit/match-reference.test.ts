import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assign } from '../../electron/grouping/assign.ts';
import {
  effectiveGallerySize,
  leastScore,
  matchProbability,
  seenIn,
  sureOf,
} from '../../electron/grouping/match-probability.ts';
import { type Labels, matchReference } from '../../electron/grouping/match-reference.ts';
import { type Faces, normalisedGraph } from '../../electron/grouping/normalised-graph.ts';
import { distanceOf, dot, normalise } from '../../electron/grouping/similarity.ts';
import { calibrationOf } from '../../electron/service/encoder.ts';
import { madeFaces } from '../fixtures/embeddings.ts';

const calibration = calibrationOf('dlib');

/** The highest total of all assignments: each face gets a person or none, each person one face at most. */
function bestByTrying(worth: readonly (readonly number[])[], face = 0, taken = new Set<number>()): number {
  if (face === worth.length) return 0;
  let best = bestByTrying(worth, face + 1, taken);
  worth[face]!.forEach((value, person) => {
    if (taken.has(person) || value <= 0) return;
    best = Math.max(best, value + bestByTrying(worth, face + 1, new Set([...taken, person])));
  });
  return best;
}

const galleryOf = (people: number, labelled: number, group: ArrayLike<number>) =>
  effectiveGallerySize(people, labelled, seenIn(group));

describe('The assignment of people to the faces of a photo', () => {
  it('has the highest worth of all assignments, and gives each person one face at most', () => {
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
  labels: Labels;
}

/** People of six faces each. The first face of each is the example; each face is on its own photo. */
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
    labels: { people, examples, refusals: [], labelled, births, days, several: new Set() },
  };
}

const match = async ({ faces, labels }: Made) =>
  matchReference(faces, await normalisedGraph(faces, calibration), labels, calibration);
const candidateOf = async (all: Made, row: number) => (await match(all)).find((found) => found.row === row);

describe('Matching', () => {
  it('finds all people from one example each, and gives no candidate for the examples', async () => {
    const all = made();
    const found = await match(all);
    expect(found).toHaveLength(30);
    for (const { row, person } of found) expect(person).toBe(all.person[row]);
    expect(found.some(({ row }) => all.labels.labelled[row] === 1)).toBe(false);
  });

  it('finds a face that is unlike the example by a path through other faces', async () => {
    // Unit vectors on an arc: each is near the next, the ends are far apart.
    const size = 128;
    const arc = [0, 0.22, 0.44, 0.66].map((angle) => {
      const vector = new Float32Array(size);
      vector[0] = Math.cos(angle);
      vector[1] = Math.sin(angle);
      return vector;
    });
    const vectors = new Float32Array(arc.length * size);
    arc.forEach((vector, row) => {
      vectors.set(vector, row * size);
    });
    expect(distanceOf(dot(arc[0]!, arc[3]!))).toBeGreaterThan(0.6);
    const n = arc.length;
    const faces: Faces = {
      vectors,
      size,
      photo: Int32Array.from({ length: n }, (_, row) => row),
      group: new Int32Array(n),
      quality: new Float32Array(n).fill(1),
    };
    const labels: Labels = {
      people: 1,
      examples: [{ row: 0, person: 0 }],
      refusals: [],
      labelled: Uint8Array.from([1, 0, 0, 0]),
      births: new Float64Array([Number.NaN]),
      days: new Float64Array(n).fill(Number.NaN),
      several: new Set(),
    };
    const score = async (row: number, without: number[]) => {
      const labelled = labels.labelled.slice();
      for (const other of without) labelled[other] = 1;
      return matchReference(
        faces,
        await normalisedGraph(faces, calibration),
        { ...labels, labelled },
        calibration,
      ).find((candidate) => candidate.row === row)!.score;
    };
    expect(await score(2, [])).toBeGreaterThan((await score(2, [1])) + 0.02);
  });

  it('never takes a refused face for that person, and lowers the probability of faces like it', async () => {
    const all = made();
    const before = (await candidateOf(all, 1))!;
    expect(before.person).toBe(0);
    all.labels = { ...all.labels, refusals: [{ row: 1, person: 0 }] };
    expect((await candidateOf(all, 1))?.person).not.toBe(0);
    // A copy of the refused face.
    all.faces.vectors.copyWithin(2 * 128, 1 * 128, 2 * 128);
    const twin = (await match(all)).find(({ row, person }) => row === 2 && person === 0);
    expect(twin?.probability ?? 0).toBeLessThan(before.probability / 2);
  });

  it('gives a person one face of a photo at most, unless the photo is a mirror or a collage', async () => {
    const all = made();
    all.faces.photo[2] = all.faces.photo[1]!;
    const together = (await match(all)).filter(({ row, person }) => (row === 1 || row === 2) && person === 0);
    expect(together).toHaveLength(1);
    all.labels = { ...all.labels, several: new Set([all.faces.photo[1]!]) };
    expect(
      (await match(all)).filter(({ row, person }) => (row === 1 || row === 2) && person === 0),
    ).toHaveLength(2);
  });

  it('gives no face to a person whom the user labelled on the same photo, or who was not born yet', async () => {
    const all = made();
    all.faces.photo[1] = all.faces.photo[0]!;
    expect((await candidateOf(all, 1))?.person).not.toBe(0);
    const young = made();
    young.labels.births[0] = 1000;
    young.labels.days[1] = 999;
    young.labels.days[2] = 1001;
    expect((await candidateOf(young, 1))?.person).not.toBe(0);
    expect((await candidateOf(young, 2))?.person).toBe(0);
  });

  it('is less sure of a face where another person has a similar example, as siblings have', async () => {
    const size = 128;
    /** Probability of a face at an angle of 0.28 to Anna's example, with Beth's example `farther` beyond the face. */
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
      const labels: Labels = {
        people: 2,
        examples: [
          { row: 0, person: 0 },
          { row: 2, person: 1 },
        ],
        ...{ refusals: [], labelled: Uint8Array.of(1, 0, 1), births: nan, days: nan, several: new Set() },
      };
      const [found] = matchReference(faces, await normalisedGraph(faces, calibration), labels, calibration);
      expect(found).toMatchObject({ row: 1, person: 0 });
      return found!.probability;
    };
    const chances = await Promise.all([1.2, 0.6, 0.4, 0.3, 0.285].map(chanceBeside));
    for (let at = 1; at < chances.length; at++) expect(chances[at]!).toBeLessThanOrEqual(chances[at - 1]!);
    // The same face, as near to Anna: sure where no other person is similar, not sure beside her sister.
    expect(chances[0]).toBeGreaterThan(0.999);
    expect(chances.at(-1)).toBeLessThan(0.99);
  });

  it('counts people without a name, so that the first person with a name is not taken for the only one', async () => {
    const all = made({ people: 60 });
    // People of one kind: each two are as similar as the most similar of two thousand are.
    const { vectors, size } = all.faces;
    for (let at = 0; at < vectors.length; at += size) {
      vectors[at]! += 3.5;
      vectors.set(normalise(vectors.subarray(at, at + size)), at);
    }
    all.labels = { ...all.labels, people: 1, examples: all.labels.examples.slice(0, 1) };
    all.labels.labelled.fill(0).fill(1, 0, 1);
    const alone = await match(all);
    const wrong = sureOf(alone, 0.999).filter(({ row }) => all.person[row] !== 0);
    expect(wrong).toEqual([]);
    expect(alone[0]!.person).toBe(all.person[alone[0]!.row]);
    expect(galleryOf(1, 1, all.faces.group)).toBeGreaterThan(100);
  });

  it('expects fewer faces of anybody where everybody is seen once, however few there are', () => {
    const party = galleryOf(7, 7, new Int32Array(22));
    const family = galleryOf(
      7,
      7,
      Int32Array.from({ length: 22 }, (_, row) => 1 + (row % 7)),
    );
    expect(party).toBeGreaterThan(5 * family);
    // A label for somebody who has a name leaves fewer of that person's faces among the others.
    expect(galleryOf(1, 3, [1, 1, 1, 2, 2, 0])).toBeLessThan(galleryOf(1, 1, [1, 1, 1, 2, 2, 0]) * 2);
    // Twice the library with twice the names: each name is that of as large a share of the faces as before.
    const small = Int32Array.from({ length: 2000 }, (_, row) => 1 + (row % 1000));
    const large = Int32Array.from({ length: 4000 }, (_, row) => 1 + (row % 2000));
    const ratio = galleryOf(200, 200, large) / galleryOf(100, 100, small);
    expect(Math.abs(Math.log(ratio) - Math.log(2))).toBeLessThanOrEqual(0.1 + 1e-9);
  });

  it('changes the gallery size in steps, so that in a large library hardly a label does', () => {
    const group = Int32Array.from({ length: 20_000 }, (_, row) => 1 + (row % 5000));
    const sizes = new Set(
      Array.from({ length: 200 }, (_, labels) => galleryOf(1 + labels, 1 + labels, group)),
    );
    expect(sizes.size).toBeLessThanOrEqual(2);
  });

  it('lets a cluster lower the score of one of its faces, and never raise one', async () => {
    const all = made();
    const before = await match(all);
    // The second face of the first person is in a cluster with faces of the second person.
    for (const row of [1, 7, 8]) all.faces.group[row] = 1;
    const after = await match(all);
    const chanceOf = (of: typeof before, row: number, person: number) =>
      of.find((one) => one.row === row && one.person === person)?.probability ?? 0;
    expect(chanceOf(after, 1, 0)).toBeLessThan(chanceOf(before, 1, 0));
    for (const row of [7, 8]) expect(chanceOf(after, row, 0)).toBe(0);
  });

  it('gives a face less probability where it is not in the cluster of the person’s example', async () => {
    const all = made();
    const apart = (await candidateOf(all, 1))!;
    for (const row of [0, 1]) all.faces.group[row] = 1;
    expect(await candidateOf(all, 1)).toMatchObject({ person: 0, isInCluster: true });
    const seen = { score: apart.score, margin: apart.margin, quality: 1 };
    expect(matchProbability({ ...seen, isInCluster: true }, 10, calibration)).toBeGreaterThan(
      matchProbability({ ...seen, isInCluster: false }, 10, calibration),
    );
  });

  it('gives a poor face less probability', async () => {
    const seen = { score: 0.9, margin: 0.2, isInCluster: false };
    const strict = { ...calibration, match: { ...calibration.match!, child: 2 } };
    const logOdds = (childhood: number) => {
      const p = matchProbability({ ...seen, quality: 1, childhood }, 10, strict);
      return Math.log(p / (1 - p));
    };
    expect(logOdds(1)).toBeLessThan(logOdds(0.5));
    expect(logOdds(0.5)).toBeLessThan(logOdds(0));
    expect(matchProbability({ ...seen, quality: 0.2 }, 10, calibration)).toBeLessThan(
      matchProbability({ ...seen, quality: 0.9 }, 10, calibration),
    );
  });

  it('rises with similarity, and faster above the knee', () => {
    const match = { intercept: -5, slope: 8, knee: { from: 0.6, slope: 12 }, lead: 0, inCluster: 0 };
    const odds = (score: number) => {
      const face = { score, margin: null, isInCluster: false, quality: 1 };
      const p = matchProbability(face, 10, { ...calibration, match });
      return Math.log(p / (1 - p));
    };
    expect(odds(0.5) - odds(0.4)).toBeCloseTo(0.8, 6);
    expect(odds(0.8) - odds(0.7)).toBeCloseTo(2, 6);
  });

  it('knows the similarity below which no face is this probable', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        fc.double({ min: 0.3, max: 1, noNaN: true }),
        fc.double({ min: -0.3, max: 0.3, noNaN: true }),
        fc.double({ min: 2, max: 5000, noNaN: true }),
        (probability, score, margin, gallery) => {
          const match = {
            ...{
              intercept: -5,
              slope: 8,
              knee: { from: 0.6, slope: 12 },
              lead: 3,
              inCluster: 1,
              gallery: 0.8,
            },
          };
          const by = { ...calibration, match };
          const face = { score, margin, isInCluster: true, quality: 1 };
          if (matchProbability(face, gallery, by) < probability) return;
          expect(score).toBeGreaterThanOrEqual(leastScore(probability, gallery, by));
        },
      ),
    );
  });

  it('keeps the expected share of wrong names among sure ones within the level', async () => {
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

  it('gives the same result for the same faces in another order', async () => {
    const all = made({ spread: 0.5 });
    const n = all.faces.photo.length;
    const order = Array.from({ length: n }, (_, row) => (row * 7) % n);
    const size = all.faces.size;
    const moved = normalisedCopy(all, order, size);
    const plain = new Map(
      (await match(all)).map(({ row, person, probability }) => [row, { person, probability }]),
    );
    for (const { row, person, probability } of await match(moved)) {
      const same = plain.get(order[row]!)!;
      expect(person).toBe(same.person);
      expect(probability).toBeCloseTo(same.probability, 6);
    }
  });
});

/** Row i of the copy is row order[i] of the original. */
function normalisedCopy({ faces, person, labels }: Made, order: readonly number[], size: number): Made {
  const vectors = new Float32Array(faces.vectors.length);
  order.forEach((from, to) => {
    vectors.set(normalise(faces.vectors.subarray(from * size, (from + 1) * size)), to * size);
  });
  const to = (row: number) => order.indexOf(row);
  return {
    faces: { ...faces, vectors, photo: Int32Array.from(order, (row) => faces.photo[row]!) },
    person: order.map((row) => person[row]!),
    labels: {
      ...labels,
      examples: labels.examples.map((example) => ({ ...example, row: to(example.row) })),
      labelled: Uint8Array.from(order, (row) => labels.labelled[row]!),
    },
  };
}
