import { describe, expect, it } from 'vitest';
import type { UnitBox } from '../../electron/contract/geometry.ts';
import type { FaceId, GroupId, PersonId, PhotoId } from '../../electron/contract/ids.ts';
import type { FaceToName } from '../../electron/library/names-read.ts';
import type { FoundNames, NameSource } from '../../electron/metadata/in/found.ts';
import { type KnownHere, planNames } from '../../electron/service/names/plan.ts';

// Who gets which name, and what is left to the user. Faces stand beside each other, a fifth of the photo apart.

const place = (at: number) => ({ x: at * 0.2, y: 0.1, width: 0.1, height: 0.15 }) as UnitBox;

const face = (id: number, photo: number, at: number, more: Partial<FaceToName> = {}): FaceToName => ({
  id: id as FaceId,
  photo: photo as PhotoId,
  box: place(at),
  group: null,
  verdict: null,
  person: null,
  by: null,
  ...more,
});

const named = (person: number, by: FaceToName['by'] = 'hand') =>
  ({ verdict: 'person', person: person as PersonId, by }) as const;

/** What a file says: names by place, and names for the photo. */
function says(
  regions: Record<number, string>,
  {
    people = [],
    keywords = [],
    from = 'mwg',
  }: { people?: string[]; keywords?: string[]; from?: NameSource } = {},
): FoundNames {
  return {
    regions: Object.entries(regions).map(([at, name]) => ({ name, box: place(Number(at)), from })),
    people: people.map((name) => ({ name, from: 'person' })),
    keywords,
    misplaced: [],
  };
}

function plan(
  photos: Record<number, FoundNames[]>,
  faces: FaceToName[],
  more: Partial<KnownHere> & { several?: boolean } = {},
) {
  const { several = false, ...rest } = more;
  const { give, draw, unplaced, ...others } = planNames({
    photos: Object.entries(photos).map(([photo, found]) => ({
      photo: Number(photo) as PhotoId,
      several,
      path: `${photo}.jpg`,
      found,
    })),
    faces,
    people: [],
    refusals: [],
    together: () => null,
    presences: [],
    answered: new Set(),
    ...rest,
  });
  return {
    ...others,
    give: give.map(({ face: { id }, name }) => [id, name]),
    draw: draw.map(({ photo, name, box }) => [photo, name, box]),
    unplaced: unplaced.map(({ name }) => name),
    questions: unplaced,
  };
}

const anna = { id: 1 as PersonId, name: 'Anna' };
const ben = { id: 2 as PersonId, name: 'Ben' };

describe('a name without a place', () => {
  it('of somebody who was put on the photo is neither loose nor goes to a face', () => {
    const presences = [{ photo: 1 as PhotoId, person: anna.id }];
    const found = says({}, { people: ['anna'], keywords: ['Anna', 'Ben'] });
    const here = { people: [anna, ben], presences };
    expect(plan({ 1: [found] }, [face(1, 1, 0)], here)).toMatchObject({ give: [[1, 'Ben']], unplaced: [] });
    expect(plan({ 1: [found] }, [], here)).toMatchObject({ give: [], unplaced: ['Ben'] });
    expect(plan({ 1: [says({}, { people: ['anna'] })] }, [face(1, 1, 0)], here)).toMatchObject({
      ...{ give: [], unplaced: [] },
    });
    // On another photo nobody was put.
    expect(plan({ 2: [found] }, [], here)).toMatchObject({ unplaced: ['anna', 'Ben'] });
  });
});

describe('names with a place', () => {
  it('go to the face there, once for all programs that say the same', () => {
    const found = [
      says({ 0: 'Anna', 1: 'Ben' }),
      says({ 0: 'anna' }, { from: 'microsoft', people: ['Anna', 'Ben'] }),
    ];
    expect(plan({ 1: found }, [face(1, 1, 0), face(2, 1, 1)])).toMatchObject({
      give: [
        [1, 'Anna'],
        [2, 'Ben'],
      ],
      contradictions: [],
      unplaced: [],
    });
  });

  it('make a face where Kith has found none', () => {
    expect(plan({ 1: [says({ 0: 'Anna', 3: 'Ben' })] }, [face(1, 1, 0)])).toMatchObject({
      give: [[1, 'Anna']],
      draw: [[1, 'Ben', place(3)]],
    });
  });

  it('that are there already are counted, and those that Kith gave become the user’s', () => {
    const faces = [
      face(1, 1, 0, named(1)),
      face(2, 1, 1, named(1, 'sure')),
      face(3, 1, 2, named(2, 'group')),
    ];
    expect(
      plan({ 1: [says({ 0: 'Anna', 1: 'Cleo', 2: 'Ben' })] }, faces, { people: [anna, ben] }),
    ).toMatchObject({
      already: 2,
      give: [[2, 'Cleo']],
      contradictions: [],
    });
  });
});

describe('what contradicts itself is left alone', () => {
  it('two names for one face', () => {
    const found = [says({ 0: 'Anna' }), says({ 0: 'Annette' }, { from: 'microsoft' })];
    expect(plan({ 1: found }, [face(1, 1, 0), face(2, 1, 1)])).toMatchObject({
      give: [],
      unplaced: [],
      contradictions: [{ why: 'two-names', photo: 1, face: 1, names: ['Anna', 'Annette'] }],
    });
  });

  it('and is settled by what the user says of the face', () => {
    const found = [says({ 0: 'Anna' }), says({ 0: 'Annette' }, { from: 'microsoft' })];
    expect(plan({ 1: found }, [face(1, 1, 0, named(1))], { people: [anna] })).toMatchObject({
      already: 1,
      contradictions: [],
    });
  });

  it('and is not settled by a name that Kith gave by itself', () => {
    const found = [says({ 0: 'Anna' }), says({ 0: 'Annette' }, { from: 'microsoft' })];
    expect(plan({ 1: found }, [face(1, 1, 0, named(1, 'sure'))], { people: [anna] })).toMatchObject({
      already: 0,
      contradictions: [{ why: 'two-names', face: 1, names: ['Anna', 'Annette'] }],
    });
  });

  it('one name on two faces of a photo, unless it is a mirror or a collage', () => {
    const faces = [face(1, 1, 0), face(2, 1, 1), face(3, 1, 2)];
    const found = { 1: [says({ 0: 'Anna', 1: 'Anna', 2: 'Ben' })] };
    expect(plan(found, faces)).toMatchObject({
      give: [[3, 'Ben']],
      contradictions: [{ why: 'twice', photo: 1, name: 'Anna' }],
    });
    expect(plan(found, faces, { several: true }).give).toHaveLength(3);
  });

  it('one name in two groups that are on a photo side by side', () => {
    const of = (group: number) => ({ group: group as GroupId });
    const faces = [face(1, 1, 0, of(7)), face(2, 2, 0, of(7)), face(3, 3, 0, of(8)), face(4, 4, 0, of(8))];
    const found = Object.fromEntries([1, 2, 3, 4].map((photo) => [photo, [says({ 0: 'Anna' })]]));
    const asked: (readonly number[])[] = [];
    const together = (groups: readonly GroupId[]) => {
      asked.push(groups);
      return groups.length > 1 ? { photo: 9 as PhotoId, path: '9.jpg', groups: [...groups] } : null;
    };
    expect(plan(found, faces, { together })).toMatchObject({
      give: [],
      contradictions: [
        {
          ...{ why: 'two-people', photo: 9, name: 'Anna', faces: 4 },
          groups: [
            { group: 7, faces: [1, 2].map((id) => ({ id, photo: id })) },
            { group: 8, faces: [3, 4].map((id) => ({ id, photo: id })) },
          ],
        },
      ],
    });
    expect(asked).toEqual([[7, 8]]);
    // One face may simply be in a wrong group.
    delete found[4];
    expect(plan(found, faces, { together }).give).toHaveLength(3);
  });
});

describe('what the user said stands above what a file says', () => {
  const found = { 1: [says({ 0: 'Anna' })] };
  it.each([
    ['another name', [face(1, 1, 0, named(2))], { said: 'Ben', face: 1 }],
    ['another name of the group', [face(1, 1, 0, named(2, 'group'))], { said: 'Ben', face: 1 }],
    ['that it is a stranger', [face(1, 1, 0, { verdict: 'ignored', by: 'hand' })], { said: null, face: 1 }],
    ['that it is no face', [face(1, 1, 0, { verdict: 'not-a-face', by: 'hand' })], { said: null, face: 1 }],
    [
      'that another face of the photo is her',
      [face(1, 1, 0), face(2, 1, 1, named(1))],
      { said: 'Anna', face: 2 },
    ],
  ] as const)('%s', (_, faces, contradiction) => {
    expect(plan(found, [...faces], { people: [anna, ben] })).toMatchObject({
      give: [],
      draw: [],
      contradictions: [{ why: 'said', name: 'Anna', ...contradiction }],
    });
  });

  it('that the face is not her', () => {
    const refusals = [{ face: 1 as FaceId, person: anna.id }];
    expect(plan(found, [face(1, 1, 0)], { people: [anna], refusals })).toMatchObject({
      give: [],
      contradictions: [{ why: 'said', said: null }],
    });
  });
});

describe('what is left is asked with all that an answer needs', () => {
  const twice = { 1: [says({ 0: 'Anna', 3: 'Anna' })] };
  const other = { 1: [says({ 0: 'Anna' }), says({ 0: 'Annette' }, { from: 'microsoft' })] };

  it('the faces, and the places where a face has to be drawn', () => {
    const box = place(0);
    expect(plan(twice, [face(1, 1, 0)]).contradictions).toMatchObject([
      {
        places: [
          { face: 1, box },
          { face: null, box: place(3) },
        ],
      },
    ]);
    expect(plan(other, []).contradictions).toMatchObject([{ face: null, place: { face: null, box } }]);
    const elsewhere = plan({ 1: [says({ 0: 'Anna' })] }, [face(1, 1, 0), face(2, 1, 1, named(1))], {
      people: [anna],
    });
    expect(elsewhere.contradictions).toMatchObject([{ face: 2, box: place(1), place: { face: 1, box } }]);
  });

  it('the faces that a name without a place may be of, without those that the user refused', () => {
    const faces = [face(1, 1, 0, named(2)), face(2, 1, 1), face(3, 1, 2), face(4, 1, 3)];
    const refusals = [{ face: 3 as FaceId, person: anna.id }];
    const { questions } = plan({ 1: [says({}, { people: ['Anna'] })] }, faces, {
      people: [anna, ben],
      refusals,
    });
    expect(questions).toMatchObject([{ name: 'Anna', faces: [{ face: 2 }, { face: 4 }] }]);
  });

  it('not of a name that the user has given to one of both faces', () => {
    expect(plan(twice, [face(1, 1, 0, named(1))], { people: [anna] })).toMatchObject({
      already: 1,
      contradictions: [],
    });
  });

  it('and not again once it is answered, unless the files say something else', () => {
    const said = { 1: [says({ 0: 'Anna' })] };
    const of = (group: number) => ({ group: group as GroupId });
    const groups = [face(1, 1, 0, of(7)), face(2, 2, 0, of(7)), face(3, 3, 0, of(8)), face(4, 4, 0, of(8))];
    const loose = [face(1, 1, 0), face(2, 1, 1)];
    const together = (all: readonly GroupId[]) =>
      all.length > 1 ? { photo: 9 as PhotoId, path: '9.jpg', groups: [...all] } : null;
    const cases: [Record<number, FoundNames[]>, FaceToName[], Partial<KnownHere>][] = [
      [twice, loose, {}],
      [other, loose, {}],
      [said, [face(1, 1, 0, named(2))], { people: [anna, ben] }],
      [{ 1: [says({}, { people: ['Anna'] })] }, loose, {}],
      [Object.fromEntries([1, 2, 3, 4].map((photo) => [photo, said[1]])), groups, { together }],
    ];
    const ids = cases.map(([photos, faces, more]) => {
      const { contradictions, questions } = plan(photos, faces, { ...more, people: [anna, ben] });
      const [only, ...others] = [...contradictions, ...questions];
      expect(others).toEqual([]);
      return only!.id;
    });
    expect(new Set(ids).size).toBe(cases.length);
    for (const [photos, faces, more] of cases) {
      const answered = plan(photos, faces, { ...more, people: [anna, ben], answered: new Set(ids) });
      expect(answered).toMatchObject({ give: [], draw: [], contradictions: [], unplaced: [] });
    }
    const renamed = { 1: [says({ 0: 'Anna' }), says({ 0: 'Anja' }, { from: 'microsoft' })] };
    expect(plan(renamed, loose, { answered: new Set(ids) }).contradictions).toMatchObject([
      { why: 'two-names', names: ['Anna', 'Anja'] },
    ]);
  });

  it('and a name that is not on the photo leaves its face to another', () => {
    const two = { 1: [says({}, { people: ['Anna', 'Ben'] })] };
    const [mine] = plan(two, [face(1, 1, 0)]).questions;
    expect(plan(two, [face(1, 1, 0)], { answered: new Set([mine!.id]) })).toMatchObject({
      give: [[1, 'Ben']],
      unplaced: [],
    });
  });
});

describe('names without a place', () => {
  it('go to the one face that has none', () => {
    const faces = [face(1, 1, 0, named(2)), face(2, 1, 1)];
    expect(plan({ 1: [says({}, { people: ['Anna', 'Ben'] })] }, faces, { people: [ben] })).toMatchObject({
      give: [[2, 'Anna']],
      unplaced: [],
    });
  });

  it('are left where there are more faces, or more names, than one', () => {
    expect(plan({ 1: [says({}, { people: ['Anna'] })] }, [face(1, 1, 0), face(2, 1, 1)])).toMatchObject({
      give: [],
      unplaced: ['Anna'],
    });
    expect(plan({ 1: [says({}, { people: ['Anna', 'Ben'] })] }, [face(1, 1, 0)])).toMatchObject({
      give: [],
      unplaced: ['Anna', 'Ben'],
    });
    expect(plan({ 1: [says({}, { people: ['Anna'] })] }, [])).toMatchObject({ give: [], unplaced: ['Anna'] });
  });

  it('go to no face that the user refused, and to none that is a stranger', () => {
    const refusals = [{ face: 1 as FaceId, person: anna.id }];
    const one = { 1: [says({}, { people: ['Anna'] })] };
    expect(plan(one, [face(1, 1, 0)], { people: [anna], refusals }).give).toEqual([]);
    expect(plan(one, [face(1, 1, 0, { verdict: 'ignored', by: 'hand' })]).give).toEqual([]);
  });

  it('are keywords only where a person has that name', () => {
    const photos = { 1: [says({}, { keywords: ['Anna', 'beach'] })] };
    expect(plan(photos, [face(1, 1, 0)]).give).toEqual([]);
    expect(plan(photos, [face(1, 1, 0)], { people: [anna] }).give).toEqual([[1, 'Anna']]);
    const tagged = { ...photos, 2: [says({ 0: 'Anna' })] };
    expect(plan(tagged, [face(1, 1, 0), face(2, 2, 0)]).give).toEqual([
      [1, 'Anna'],
      [2, 'Anna'],
    ]);
  });
});
