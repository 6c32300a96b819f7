import { describe, expect, it } from 'vitest';
import type { UnitBox } from '../../electron/contract/geometry.ts';
import { type KnownPair, knownPairs } from '../../electron/grouping/known-pairs.ts';

interface Seen {
  photo: number;
  /** When the photo was taken, in seconds. */
  at?: number;
  left?: number;
  /** Axis of its vector; that of its row if not given. */
  axis?: number;
  person?: number;
  quality?: number;
}

/** The known pairs of some faces. Faces of one axis are the same; faces of two are √2 apart. */
function pairsOf(faces: readonly Seen[], several: readonly number[] = []) {
  const size = faces.length;
  const vectors = new Float32Array(size * size);
  faces.forEach(({ axis }, row) => {
    vectors[row * size + (axis ?? row)] = 1;
  });
  return knownPairs(
    {
      ...{ vectors, size, several: new Set(several) },
      photo: faces.map(({ photo }) => photo),
      quality: faces.map(({ quality = 1 }) => quality),
      person: faces.map(({ person = 0 }) => person),
      days: faces.map(({ at = Number.NaN }) => at / 86_400),
      boxOf: (row) => ({ x: faces[row]!.left ?? 0, y: 0.1, width: 0.2, height: 0.3 }) as UnitBox,
    },
    { founder: 0.5, alike: 0.5 },
  );
}

const weigh = (pairs: readonly KnownPair[]) => pairs.reduce((sum, { weight }) => sum + weight, 0);

describe('Pairs whose answer is known', () => {
  it('are two faces of one photo, as two people, unless it is a mirror or a collage, or a face is poor', async () => {
    expect(await pairsOf([{ photo: 1 }, { photo: 1 }, { photo: 2 }])).toEqual([
      { distance: expect.closeTo(Math.SQRT2), genuine: false, by: 'photo', weight: 1 },
    ]);
    expect(await pairsOf([{ photo: 1 }, { photo: 1 }], [1])).toEqual([]);
    expect(await pairsOf([{ photo: 1 }, { photo: 1, quality: 0.4 }])).toEqual([]);
  });

  it('count once for the same two people, however many photos they share, before anybody is grouped', async () => {
    const party = Array.from({ length: 10 }, (_, photo) => [
      { photo, axis: 0 },
      { photo, axis: 1 },
    ]).flat();
    const known = await pairsOf([...party, { photo: 10, axis: 0 }, { photo: 10, axis: 2 }]);
    expect(known).toHaveLength(11);
    expect(weigh(known)).toBeCloseTo(2);
  });

  it('count once where each face is not quite as like itself as two must be to be one person, by rounding', async () => {
    const vectors = Float32Array.of(0.999, 0, 0, 0.999);
    const known = await knownPairs(
      {
        ...{ vectors, size: 2, several: new Set<number>(), photo: [1, 1], quality: [1, 1], person: [0, 0] },
        days: [Number.NaN, Number.NaN],
        boxOf: () => ({ x: 0, y: 0, width: 0.1, height: 0.1 }) as UnitBox,
      },
      { founder: 0.5, alike: 0 },
    );
    expect(known.map(({ weight }) => weight)).toEqual([1]);
  });

  it('count for themselves where one face of another photo is like both', async () => {
    const twins = [0, 1].map((photo) => [
      { photo, axis: 0 },
      { photo, axis: 0 },
    ]);
    expect(weigh(await pairsOf(twins.flat()))).toBeCloseTo(1);
    expect(weigh(await pairsOf([...twins[0]!, { photo: 1, axis: 0 }, { photo: 1, axis: 1 }]))).toBeCloseTo(2);
  });

  it('count once for people whom the user named, unlike as their faces are; one person is no impostor pair', async () => {
    const named = [0, 1].flatMap((photo) => [
      { photo, person: 1 },
      { photo, person: 2 },
    ]);
    const known = (await pairsOf(named)).filter(({ by }) => by === 'photo');
    expect(known).toHaveLength(2);
    expect(weigh(known)).toBeCloseTo(1);
    expect(
      await pairsOf([
        { photo: 1, person: 3 },
        { photo: 1, person: 3 },
      ]),
    ).toEqual([]);
  });

  it('are faces at the same place within three seconds, as one person, once for each track', async () => {
    const burst = [0, 1, 2, 3].map((photo) => ({ photo, at: photo * 2 }));
    const known = await pairsOf(burst);
    expect(known).toHaveLength(3);
    for (const { genuine, by } of known) expect({ genuine, by }).toEqual({ genuine: true, by: 'burst' });
    expect(weigh(known)).toBeCloseTo(1);
    expect(
      await pairsOf([
        { photo: 1, at: 0 },
        { photo: 2, at: 4 },
      ]),
    ).toEqual([]);
    expect(
      await pairsOf([
        { photo: 1, at: 0 },
        { photo: 2, at: 1, left: 0.12 },
      ]),
    ).toEqual([]);
    expect(await pairsOf([{ photo: 1 }, { photo: 2 }])).toEqual([]);
  });

  it('do not include a face with another one near its place, since it is not clear which is the same', async () => {
    const known = await pairsOf([
      { photo: 1, at: 0, left: 0.1 },
      { photo: 2, at: 1, left: 0.12 },
      { photo: 2, at: 1, left: 0.25 },
    ]);
    expect(known.filter(({ by }) => by === 'burst')).toEqual([]);
  });

  it('are labelled faces: n − 1 independent pairs of a person with n faces, and each two people’s best faces', async () => {
    const labelled = [1, 1, 1, 2, 2].map((person, photo) => ({ photo, person, quality: 0.6 + photo / 100 }));
    const known = await pairsOf(labelled);
    expect(known.every(({ by }) => by === 'hand')).toBe(true);
    expect(weigh(known.filter(({ genuine }) => genuine))).toBeCloseTo(2 + 1);
    expect(known.filter(({ genuine }) => !genuine)).toHaveLength(1);
  });
});
