import { describe, expect, it } from 'vitest';
import type { UnitBox } from '../../electron/contract/geometry.ts';
import { knownPairs } from '../../electron/grouping/known-pairs.ts';

interface Seen {
  photo: number;
  /** Seconds since some moment. */
  at?: number;
  left?: number;
  group?: number;
  person?: number;
  quality?: number;
}

/** Faces of one length each: face i points along axis i, so that all are √2 apart. */
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
  it('are the faces of one photo: two people, unless it is a mirror or a collage, or a face is poor', () => {
    expect(pairsOf([{ photo: 1 }, { photo: 1 }, { photo: 2 }])).toEqual([
      { distance: expect.closeTo(Math.SQRT2), genuine: false, by: 'photo', weight: 1 },
    ]);
    expect(pairsOf([{ photo: 1 }, { photo: 1 }], [1])).toEqual([]);
    expect(pairsOf([{ photo: 1 }, { photo: 1, quality: 0.4 }])).toEqual([]);
  });

  it('count once for the same two people, however often they are seen together', () => {
    const party = Array.from({ length: 10 }, (_, photo) => [
      { photo, group: 1 },
      { photo, group: 2 },
    ]).flat();
    const known = pairsOf(party);
    expect(known).toHaveLength(10);
    expect(known.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1);
    // Said to be one person twice on one photo: whatever that means, it is not two people.
    expect(
      pairsOf([
        { photo: 1, person: 3 },
        { photo: 1, person: 3 },
      ]),
    ).toEqual([]);
  });

  it('are faces that stay where they are within three seconds: one person, once for each stay', () => {
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

  it('are none where somebody else is near the place: who of them stayed is not clear', () => {
    const known = pairsOf([
      { photo: 1, at: 0, left: 0.1 },
      { photo: 2, at: 1, left: 0.12 },
      { photo: 2, at: 1, left: 0.25 },
    ]);
    expect(known.filter(({ by }) => by === 'burst')).toEqual([]);
  });

  it('are faces that somebody named one by one: of one person as many as tell something new, of two the best', () => {
    const named = [1, 1, 1, 2, 2].map((person, photo) => ({ photo, person, quality: 0.6 + photo / 100 }));
    const known = pairsOf(named);
    const weigh = (isGenuine: boolean) =>
      known.filter(({ genuine }) => genuine === isGenuine).reduce((sum, { weight }) => sum + weight, 0);
    expect(known.every(({ by }) => by === 'hand')).toBe(true);
    expect(weigh(true)).toBeCloseTo(2 + 1);
    expect(known.filter(({ genuine }) => !genuine)).toHaveLength(1);
  });
});
