import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GroupedFace } from '../eval/imports-replay.ts';
import { boundsOf, likeness, type Row, standingOf } from '../eval/imports-table.ts';

const faces: fc.Arbitrary<GroupedFace[]> = fc
  .array(
    fc.record({ person: fc.constantFrom('Anna', 'Ben', 'Cleo'), group: fc.integer({ min: -1, max: 3 }) }),
    {
      minLength: 1,
      maxLength: 30,
    },
  )
  .map((some) => some.map((face, at) => ({ ...face, shown: face.group, place: `${at}` })));

function rowOf(plain: GroupedFace[], now: GroupedFace[], isNamed = false): Row {
  const outcomeOf = (grouped: GroupedFace[]) => ({
    ...{ anew: null, seconds: [0], names: [], answers: null },
    faces: grouped,
  });
  return {
    ...{ way: 'by event', imports: 2, isNamed },
    outcome: outcomeOf(now),
    once: outcomeOf([]),
    plain: outcomeOf(plain),
  };
}

describe('The table of imports', () => {
  it('counts a wrong join for each two faces of two people in one group', () => {
    fc.assert(
      fc.property(faces, (some) => {
        const pairs = some.flatMap((a, at) => some.slice(at + 1).map((b) => [a, b] as const));
        const wrong = pairs.filter(([a, b]) => a.group >= 0 && a.group === b.group && a.person !== b.person);
        expect(standingOf(some, 'group').wrong).toBe(wrong.length);
      }),
    );
  });

  it('finds groups the same whatever their numbers and the order of faces, and others not', () => {
    fc.assert(
      fc.property(faces, (some) => {
        const renamed = some.map((face) => ({ ...face, shown: face.shown < 0 ? -1 : 100 - face.shown }));
        expect(likeness(some, renamed.toReversed())).toBe(1);
        const apart = some.map((face) => ({ ...face, shown: -1 }));
        const isAnyTogether =
          new Set(some.map(({ shown }, at) => (shown < 0 ? `${at}` : shown))).size < some.length;
        expect(likeness(some, apart) < 1).toBe(isAnyTogether);
      }),
    );
  });

  it('says of each bound whether it holds', () => {
    const once = ['Anna', 'Anna', 'Ben', 'Ben'].map((person, at) => {
      return { person, place: `${at}`, group: at < 2 ? 1 : 2, shown: at < 2 ? 1 : 2 };
    });
    const apart = once.map((face, at) => (at === 3 ? { ...face, group: -1, shown: -1 } : face));
    const joined = once.map((face) => ({ ...face, group: 1, shown: 1 }));
    const verdicts = (now: GroupedFace[]) =>
      [false, true].map((isNamed) =>
        boundsOf([rowOf(once, once, isNamed), rowOf(once, now, isNamed)]).map(
          (line) => !line.includes('does not hold'),
        ),
      );
    // B-cubed F, faces alone, precision; without names and with them.
    expect(verdicts(once)).toEqual([
      [true, true, true],
      [true, true, true],
    ]);
    expect(verdicts(apart)).toEqual([
      [false, false, true],
      [false, false, true],
    ]);
    expect(verdicts(joined)).toEqual([
      [false, true, false],
      [false, true, false],
    ]);
  });
});
