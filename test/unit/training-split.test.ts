import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { UnitBox } from '../../electron/contract/geometry.ts';
import { splitPhotos, TRAINING_SETS, type TrainingFace } from '../../electron/grouping/training-split.ts';

const face = (photo: string, person: string, more: Partial<TrainingFace> = {}): TrainingFace => ({
  photo,
  person,
  box: { x: 0.4, y: 0.4, width: 0.2, height: 0.2 } as UnitBox,
  days: Number.NaN,
  dhash: null,
  stack: null,
  ...more,
});

const faces = fc.array(
  fc
    .record({
      photo: fc.integer({ min: 1, max: 40 }),
      person: fc.integer({ min: 1, max: 6 }),
      stack: fc.option(fc.integer({ min: 1, max: 8 })),
      days: fc.constantFrom(Number.NaN, 1, 1 + 1 / 86_400, 2, 3),
      dhash: fc.constantFrom(null, '0'.repeat(16), `${'0'.repeat(15)}3`, 'f'.repeat(16)),
    })
    .map(({ photo, person, ...rest }) => face(`photo ${photo}`, `person ${person}`, rest)),
  { maxLength: 80 },
);
const shares = fc
  .tuple(fc.nat(10), fc.nat(10), fc.nat(10))
  .filter((of) => of.some((share) => share > 0)) as fc.Arbitrary<[number, number, number]>;

describe('A training set', () => {
  it('has each photo once, near-duplicates with it, and nothing in a set that was given no share', () => {
    fc.assert(
      fc.property(faces, shares, fc.integer(), (all, of, seed) => {
        const sets = splitPhotos(all, { shares: of, seed });
        expect(new Set(sets.keys())).toEqual(new Set(all.map(({ photo }) => photo)));
        for (const set of sets.values()) expect(of[TRAINING_SETS.indexOf(set)]).toBeGreaterThan(0);
        for (const a of all) {
          for (const b of all) {
            const isVersion =
              (a.stack !== null && a.stack === b.stack) ||
              (a.person === b.person && Math.abs(a.days - b.days) <= 3 / 86_400) ||
              // All are at one place here; of these three hashes two differ in 2 bits of 64.
              (a.person === b.person && a.dhash !== null && a.dhash[0] === b.dhash?.[0]);
            if (isVersion) expect(sets.get(a.photo)).toBe(sets.get(b.photo));
          }
        }
      }),
    );
  });

  it('is the same for a seed in whatever order the faces come, and another for most other seeds', () => {
    const all = Array.from({ length: 60 }, (_, i) => face(`photo ${i}`, `person ${i % 3}`));
    const split = (of: TrainingFace[], seed: number) => splitPhotos(of, { shares: [80, 10, 10], seed });
    expect(split(all.toReversed(), 1)).toEqual(new Map([...split(all, 1)]));
    const others = [2, 3, 4].filter((seed) =>
      [...split(all, seed)].some(([photo, set]) => split(all, 1).get(photo) !== set),
    );
    expect(others).toHaveLength(3);
  });

  it("divides each person's photos by the shares", () => {
    const all = Array.from({ length: 300 }, (_, i) => face(`photo ${i}`, `person ${i % 3}`));
    const sets = splitPhotos(all, { shares: [80, 10, 10], seed: 5 });
    for (const person of ['person 0', 'person 1', 'person 2']) {
      const own = all.filter((one) => one.person === person).map(({ photo }) => sets.get(photo));
      expect(TRAINING_SETS.map((set) => own.filter((one) => one === set).length)).toEqual([80, 10, 10]);
    }
  });

  it('keeps together photos that look alike with the person at one place, and not others', () => {
    const look = '00ff00ff00ff00ff';
    const alike = Array.from({ length: 30 }, (_, i) => face(`copy ${i}`, 'Anna', { dhash: look }));
    const sets = splitPhotos(alike, { shares: [1, 1, 1], seed: 1 });
    expect(new Set(sets.values()).size).toBe(1);
    const moved = alike.map((one, i) => ({ ...one, box: { ...one.box, x: i / 40 } as UnitBox }));
    expect(
      new Set(
        splitPhotos(
          moved.filter((_, i) => i % 10 === 0),
          { shares: [1, 1, 1], seed: 1 },
        ).values(),
      ).size,
    ).toBe(3);
  });
});
