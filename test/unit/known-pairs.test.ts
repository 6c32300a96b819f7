import { describe, expect, it } from 'vitest';
import type { UnitBox } from '../../electron/contract/geometry.ts';
import { knownPairs } from '../../electron/grouping/known-pairs.ts';

interface Seen {
  photo: number;
  /** When the photo was taken, in seconds. */
  at?: number;
  left?: number;
  group?: number;
  person?: number;
  quality?: number;
}

/** The known pairs of some faces. The vector of face i is axis i, so that all are √2 apart. */
function pairsOf(faces: readonly Seen[], several: readonly number[] = []) {
  const size = faces.length;
  const vectors = new Float32Array(size * size);
  faces.forEach((_, row) => {
    vectors[row * size + row] = 1;
  });
  return knownPairs(
    {
      ...{ vectors, size, several: new Set(several) },
      photo: faces.map(({ photo }) => photo),
      quality: faces.map(({ quality = 1 }) => quality),
      group: faces.map(({ group = 0 }) => group),
      person: faces.map(({ person = 0 }) => person),
      days: faces.map(({ at = Number.NaN }) => at / 86_400),
      boxes: faces.map(({ left = 0 }) => ({ x: left, y: 0.1, width: 0.2, height: 0.3 }) as UnitBox),
    },
    0.5,
  );
}

describe('Pairs whose answer is known', () => {
  it('are two faces of one photo, as two people, unless it is a mirror or a collage, or a face is poor', () => {
    expect(pairsOf([{ photo: 1 }, { photo: 1 }, { photo: 2 }])).toEqual([
      { distance: expect.closeTo(Math.SQRT2), genuine: false, by: 'photo', weight: 1 },
    ]);
    expect(pairsOf([{ photo: 1 }, { photo: 1 }], [1])).toEqual([]);
    expect(pairsOf([{ photo: 1 }, { photo: 1, quality: 0.4 }])).toEqual([]);
  });

  it('count once for the same two people, however many photos they share', () => {
    const party = Array.from({ length: 10 }, (_, photo) => [
      { photo, group: 1 },
      { photo, group: 2 },
    ]).flat();
    const known = pairsOf(party);
    expect(known).toHaveLength(10);
    expect(known.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1);
    // Two faces of one photo that the user labelled as one person are no impostor pair.
    expect(
      pairsOf([
        { photo: 1, person: 3 },
        { photo: 1, person: 3 },
      ]),
    ).toEqual([]);
  });

  it('are faces at the same place within three seconds, as one person, once for each track', () => {
    const burst = [0, 1, 2, 3].map((photo) => ({ photo, at: photo * 2 }));
    const known = pairsOf(burst);
    expect(known).toHaveLength(3);
    for (const { genuine, by } of known) expect({ genuine, by }).toEqual({ genuine: true, by: 'burst' });
    expect(known.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1);
    expect(
      pairsOf([
        { photo: 1, at: 0 },
        { photo: 2, at: 4 },
      ]),
    ).toEqual([]);
    expect(
      pairsOf([
        { photo: 1, at: 0 },
        { photo: 2, at: 1, left: 0.12 },
      ]),
    ).toEqual([]);
    expect(pairsOf([{ photo: 1 }, { photo: 2 }])).toEqual([]);
  });

  it('do not include a face with another one near its place, since it is not clear which is the same', () => {
    const known = pairsOf([
      { photo: 1, at: 0, left: 0.1 },
      { photo: 2, at: 1, left: 0.12 },
      { photo: 2, at: 1, left: 0.25 },
    ]);
    expect(known.filter(({ by }) => by === 'burst')).toEqual([]);
  });

  it('are labelled faces: n − 1 independent pairs of a person with n faces, and each two people’s best faces', () => {
    const labelled = [1, 1, 1, 2, 2].map((person, photo) => ({ photo, person, quality: 0.6 + photo / 100 }));
    const known = pairsOf(labelled);
    const weigh = (isGenuine: boolean) =>
      known.filter(({ genuine }) => genuine === isGenuine).reduce((sum, { weight }) => sum + weight, 0);
    expect(known.every(({ by }) => by === 'hand')).toBe(true);
    expect(weigh(true)).toBeCloseTo(2 + 1);
    expect(known.filter(({ genuine }) => !genuine)).toHaveLength(1);
  });
});
