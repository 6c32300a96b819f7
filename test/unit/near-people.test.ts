import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evidence } from '../../electron/grouping/calibrate.ts';
import { NEAR_LEAD, WORST_SURE } from '../../electron/grouping/constants.ts';
import { matchProbability, shareOfNear } from '../../electron/grouping/match-probability.ts';
import { type Labels, matchReference } from '../../electron/grouping/match-reference.ts';
import { emptyState } from '../../electron/grouping/match-state.ts';
import { Matcher } from '../../electron/grouping/matcher.ts';
import { NearPeople } from '../../electron/grouping/near-people.ts';
import { NearQuestions } from '../../electron/grouping/near-questions.ts';
import { type Faces, normalisedGraph } from '../../electron/grouping/normalised-graph.ts';
import { distanceOf, dot } from '../../electron/grouping/similarity.ts';
import { calibrationOf } from '../../electron/service/encoder.ts';
import { madeFaces } from '../fixtures/embeddings.ts';

const calibration = calibrationOf('dlib');
const SIZE = 128;
const LEVEL = 0.999;

/** Faces on an arc: two of them are as far apart as their angles. Each is on a photo of its own. */
function arc(angles: readonly number[]): Faces {
  const n = angles.length;
  const vectors = new Float32Array(n * SIZE);
  angles.forEach((angle, row) => {
    vectors[row * SIZE] = Math.cos(angle);
    vectors[row * SIZE + 1] = Math.sin(angle);
  });
  return {
    ...{ vectors, size: SIZE, photo: Int32Array.from({ length: n }, (_, row) => row) },
    ...{ group: new Int32Array(n), quality: new Float32Array(n).fill(1) },
  };
}

/** Emma (0) is at the angle 0, Lina (1) at `apart`, and nobody knows who the third face is. */
function sisters(apart: number, between: number, labels: Partial<Labels> = {}): [Faces, Labels] {
  return [
    arc([0, apart, between]),
    {
      people: 2,
      examples: [
        { row: 0, person: 0 },
        { row: 1, person: 1 },
      ],
      ...{ refusals: [], labelled: Uint8Array.of(1, 1, 0), several: new Set() },
      ...{ births: new Float64Array(2).fill(Number.NaN), days: new Float64Array(3).fill(Number.NaN) },
      ...labels,
    },
  ];
}

/** Probability of the likeliest person of the third face. */
async function chanceOf(...[faces, labels]: [Faces, Labels]): Promise<number> {
  const found = matchReference(faces, await normalisedGraph(faces, calibration), labels, calibration);
  return found.find(({ row }) => row === 2)!.probability;
}

describe('Two people', () => {
  it('are near where the mean similarity of all pairs of their examples shows that they rather are one', () => {
    fc.assert(
      fc.property(fc.nat(1e6), fc.double({ min: 0.2, max: 0.9, noNaN: true }), (seed, spread) => {
        const { vectors, size } = madeFaces([8], { size: 4, spread, seed });
        const offsets = Float64Array.from({ length: 8 }, (_, row) => ((row * 7) % 5) / 100);
        const faces = { ...arc([]), vectors, size };
        const near = new NearPeople(faces, offsets, calibration);
        const [a, b] = [
          [0, 1, 2],
          [3, 4, 5, 6, 7],
        ];
        const row = (at: number) => vectors.subarray(at * size, (at + 1) * size);
        const pairs = a!.flatMap((i) => b!.map((j) => dot(row(i), row(j)) - offsets[i]! - offsets[j]!));
        const mean = pairs.reduce((sum, value) => sum + value, 0) / pairs.length;
        const wanted = evidence(distanceOf(mean), 1, 1, calibration);
        if (Math.abs(wanted) < 1e-3) return;
        expect(near.areNear(a!, b!)).toBe(wanted > 0);
        expect(near.areNear(b!, a!)).toBe(wanted > 0);
      }),
    );
  });
});

describe('A face of one of two near people', () => {
  const slope = calibration.match!.slope;
  const seen = fc.record({
    score: fc.double({ min: 0.5, max: 1, noNaN: true }),
    margin: fc.double({ min: 0, max: 0.5, noNaN: true }),
    nearMargin: fc.double({ min: -0.2, max: 0.2, noNaN: true }),
    isInCluster: fc.boolean(),
    quality: fc.double({ min: 0, max: 1, noNaN: true }),
  });

  it('is never sure, whatever else speaks for it, before its lead tells the two apart', () => {
    fc.assert(
      fc.property(seen, fc.integer({ min: 8, max: 5000 }), (face, gallery) => {
        const chance = matchProbability(face, gallery, calibration);
        if (slope * face.nearMargin < NEAR_LEAD) expect(chance).toBeLessThan(1 - WORST_SURE * (1 - LEVEL));
        else expect(chance).toBe(matchProbability({ ...face, nearMargin: null }, gallery, calibration));
      }),
    );
  });

  it('is never less likely for a larger lead, and each of two who lead equally has half', () => {
    fc.assert(
      fc.property(seen, fc.double({ min: 0, max: 0.1, noNaN: true }), (face, more) => {
        const further = { ...face, nearMargin: face.nearMargin + more };
        expect(matchProbability(further, 50, calibration)).toBeGreaterThanOrEqual(
          matchProbability(face, 50, calibration),
        );
      }),
    );
    expect(shareOfNear(0, calibration)).toBe(0.5);
  });

  it('is asked about, as one that is as near to the only such person is not', async () => {
    expect(await chanceOf(...sisters(1.2, 0.14))).toBeGreaterThan(0.999);
    expect(await chanceOf(...sisters(0.35, 0.14))).toBeLessThan(0.99);
    // Almost at Emma's example: no sister hides that.
    expect(await chanceOf(...sisters(0.38, 0.01))).toBeGreaterThan(0.999);
  });

  it('is not asked about for a sister who was not born yet', async () => {
    const dated = { births: Float64Array.of(Number.NaN, 500), days: Float64Array.of(900, 900, 400) };
    const alone = await chanceOf(...sisters(0.35, 0.14, dated));
    expect(alone).toBeGreaterThan(await chanceOf(...sisters(0.35, 0.14)));
    dated.days[2] = 600;
    expect(await chanceOf(...sisters(0.35, 0.14, dated))).toBeLessThan(alone);
  });
});

describe('A question with two answers', () => {
  async function rivalOf(...[faces, labels]: [Faces, Labels]) {
    const state = emptyState(faces, await normalisedGraph(faces, calibration), labels.days, labels.several);
    const owner = new Int32Array(faces.photo.length).fill(-1);
    for (const { row, person } of labels.examples) owner[row] = 10 + person;
    new Matcher(state, calibration, 0.01).update({
      ...{ keys: [10, 11], births: labels.births, owner, labelled: labels.labelled },
      refusals: labels.refusals.map(({ row, person }) => ({ row, key: 10 + person })),
    });
    const questions = new NearQuestions(state, calibration);
    return questions.rivalOf(questions.clusterOf(2), 10);
  }

  it('names the near person from whom the lead does not tell the face apart', async () => {
    const rival = await rivalOf(...sisters(0.35, 0.14));
    expect(rival?.key).toBe(11);
    expect(rival!.share).toBeGreaterThan(0.5);
    expect(rival!.share).toBeLessThan(0.99);
    expect((await rivalOf(...sisters(0.35, 0.175)))!.share).toBeCloseTo(0.5, 3);
  });

  it('is not asked where the lead suffices, or the other person is unlike the first', async () => {
    expect(await rivalOf(...sisters(0.38, 0.01))).toBeNull();
    expect(await rivalOf(...sisters(1.2, 0.6))).toBeNull();
  });

  it('is not asked about somebody who was refused, is elsewhere on the photo, or was not born', async () => {
    const near = [0.35, 0.14] as const;
    expect(await rivalOf(...sisters(...near, { refusals: [{ row: 2, person: 1 }] }))).toBeNull();
    const [faces, labels] = sisters(...near);
    faces.photo[2] = faces.photo[1]!;
    expect(await rivalOf(faces, labels)).toBeNull();
    // On a mirror or a collage she may be twice.
    expect(await rivalOf(faces, { ...labels, several: new Set([faces.photo[1]!]) })).not.toBeNull();
    const dated = { births: Float64Array.of(Number.NaN, 500), days: Float64Array.of(900, 900, 400) };
    expect(await rivalOf(...sisters(...near, dated))).toBeNull();
  });
});
