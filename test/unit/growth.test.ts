import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FaceId, GroupId } from '../../electron/contract/ids.ts';
import { changedBy, growthOf, partedAt, withoutSingles } from '../../electron/service/growth.ts';

/** @param groups of each face so far, 0: none @param labels cluster of each, −1: alone */
function grown(groups: number[], labels: number[], ...held: number[]) {
  const faceIds = groups.map((_, row) => (row + 1) as FaceId);
  const moves = growthOf(
    { faceIds, groups: Int32Array.from(groups), labels: Int32Array.from(labels) },
    new Set(held as GroupId[]),
  );
  return { moves, changed: changedBy(moves) };
}

describe('New faces', () => {
  it('join the group that most of their cluster is in, or begin one', () => {
    expect(grown([4, 4, 0, 0, 0], [0, 0, 0, 1, 1])).toEqual({
      moves: [
        { face: 3, from: null, to: { group: 4 } },
        { face: 4, from: null, to: { founded: 1 } },
        { face: 5, from: null, to: { founded: 1 } },
      ],
      // The one that was joined, and the one that began.
      changed: 2,
    });
  });

  it('show that two groups are one person, or that one is two', () => {
    expect(grown([1, 1, 1, 2, 2, 0], [0, 0, 0, 0, 0, 0])).toMatchObject({
      moves: [
        { face: 4, from: 2, to: { group: 1 } },
        { face: 5, from: 2, to: { group: 1 } },
        { face: 6, from: null, to: { group: 1 } },
      ],
      changed: 2,
    });
    expect(grown([1, 1, 1, 1, 1], [0, 0, 0, 1, 1])).toMatchObject({ changed: 1 });
  });

  it('never move a face of a group that holds still, be it alone in it', () => {
    expect(grown([1, 2, 2, 0], [0, 0, 0, 0], 1).moves).toEqual([
      { face: 2, from: 2, to: { group: 1 } },
      { face: 3, from: 2, to: { group: 1 } },
      { face: 4, from: null, to: { group: 1 } },
    ]);
    expect(grown([1, 2], [-1, -1], 1, 2).moves).toEqual([]);
  });

  it('leave each cluster in one group, each group to one cluster, and the last face of a group in it', () => {
    const rows = fc.array(fc.record({ group: fc.nat(5), label: fc.integer({ min: -1, max: 5 }) }), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(rows, (made) => {
        const { moves } = grown(
          made.map(({ group }) => group),
          made.map(({ label }) => label),
        );
        const to = new Map(moves.map((move) => [move.face as number, move.to]));
        const where = made.map(({ group }, row) => {
          const target = to.get(row + 1);
          if (target === undefined) return group === 0 ? null : `g${group}`;
          return target === null ? null : 'group' in target ? `g${target.group}` : `f${target.founded}`;
        });
        made.forEach(({ label }, row) => {
          const isLast = made.filter(({ group }) => group === made[row]!.group).length === 1;
          if (label < 0 && isLast && made[row]!.group > 0) expect(where[row]).toBe(`g${made[row]!.group}`);
          else if (label < 0) expect(where[row]).toBeNull();
          else
            made.forEach((other, at) => {
              if (other.label >= 0) expect(where[at] === where[row]).toBe(other.label === label);
            });
        });
      }),
    );
  });
});

describe('While a scan goes on', () => {
  const { moves } = grown([3, 3, 7, 7, 0, 0, 0], [0, 1, 1, 1, 1, 2, 2]);

  it('faces move that are in no group, or in one that the scan has made; those from before stay', () => {
    const { own, others } = partedAt(5 as GroupId, [
      ...moves,
      { face: 9 as FaceId, from: 7 as GroupId, to: null },
    ]);
    expect(own.map(({ face }) => face)).toEqual([5, 6, 7, 9]);
    expect(others.map(({ face }) => face)).toEqual([2]);
    expect(partedAt(null, [{ face: 9 as FaceId, from: 7 as GroupId, to: null }]).own).toEqual([]);
  });

  it('a face that was there when groups were last made, and in none, does not count as one that came', () => {
    expect(partedAt(5 as GroupId, moves, 5 as FaceId).own.map(({ face }) => face)).toEqual([6, 7]);
    expect(partedAt(5 as GroupId, moves, 5 as FaceId).others.map(({ face }) => face)).toEqual([2, 5]);
  });

  it('no face founds a group alone, since the others of its cluster stay where they are', () => {
    const alone = { face: 8 as FaceId, from: null, to: { founded: 4 } };
    expect(withoutSingles([...moves, alone])).toEqual(moves);
  });
});
