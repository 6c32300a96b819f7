import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DATE_DOUBT } from '../../electron/grouping/constants.ts';
import { growingUpOf, onItsDay } from '../../electron/grouping/growing-up.ts';
import { evidencePerSimilarity } from '../../electron/grouping/match-probability.ts';
import { matchReference } from '../../electron/grouping/match-reference.ts';
import { type Faces, normalisedGraph } from '../../electron/grouping/normalised-graph.ts';
import { plainProduct } from '../../electron/grouping/product.ts';
import { calibrationOf } from '../../electron/service/encoder.ts';
import { madeFaces } from '../fixtures/embeddings.ts';

const calibration = calibrationOf('dlib');

/** 1 January of a year, in days since 1970. */
const day = (year: number) => Date.UTC(year) / 86_400_000;
const [CHILD, GROWN, UNKNOWN] = [0.98, 0.02, Number.NaN];

/** A person by examples of a year and a look, and a day of birth. */
function person(examples: readonly (readonly [year: number, childhood: number])[], birth = UNKNOWN) {
  const days = Float64Array.from(examples, ([year]) => (Number.isNaN(year) ? UNKNOWN : day(year)));
  const childhood = Float32Array.from(examples, ([, look]) => look);
  return growingUpOf([...examples.keys()], { childhood }, days, birth);
}

/** Log-odds that the date of a face takes away. */
function lost(known: ReturnType<typeof person>, year: number, childhood: number): number {
  const face = { day: Number.isNaN(year) ? UNKNOWN : day(year), childhood };
  return (
    0 -
    onItsDay(0, face, { birth: UNKNOWN, growingUp: known }, calibration) * evidencePerSimilarity(calibration)
  );
}

describe('a person who is known as a child', () => {
  const child = person([[2015, CHILD]]);

  it('is no grown-up of years before, and may be one years later', () => {
    expect(lost(child, 2000, GROWN)).toBeGreaterThan(0.8);
    expect(lost(child, 2040, GROWN)).toBe(0);
    expect(lost(child, 2010, CHILD)).toBe(0);
  });

  it('is on no photo of half a lifetime before', () => {
    expect(lost(child, 1985, CHILD)).toBeGreaterThan(1.5);
    expect(lost(child, 1985, GROWN)).toBeGreaterThan(1.5);
  });

  it('is no child any more a lifetime later', () => {
    expect(lost(child, 2045, CHILD)).toBeGreaterThan(0.8);
    expect(lost(child, 2020, CHILD)).toBe(0);
  });
});

describe('a person who is known grown up', () => {
  const grown = person([[2000, GROWN]]);

  it('is no child later, and may be one before', () => {
    expect(lost(grown, 2010, CHILD)).toBeGreaterThan(0.8);
    expect(lost(grown, 1960, CHILD)).toBeLessThan(0.1);
    expect(lost(grown, 1985, GROWN)).toBe(0);
  });
});

it('one example that looks too young does not make a child of somebody who is known grown up by many', () => {
  const years = Array.from({ length: 20 }, (_, at) => [2000 + at, at === 15 ? CHILD : GROWN] as const);
  expect(lost(person(years), 2005, GROWN)).toBeLessThan(0.1);
  expect(lost(person(years), 2010, CHILD)).toBeGreaterThan(0.8);
});

it('hundreds of days with examples are no more than numbers can hold', () => {
  const rows = Array.from({ length: 2000 }, (_, row) => row);
  const days = Float64Array.from(rows, (row) => day(1990) + row);
  const known = growingUpOf(rows, { childhood: new Float32Array(2000).fill(CHILD) }, days, day(1960));
  expect(known!.later[0]).toBeCloseTo(1, 9);
});

it('by the day of birth alone, a face that looks thirty is not the baby', () => {
  const born = person([], day(2010));
  expect(lost(born, 2014, GROWN)).toBeGreaterThan(0.8);
  expect(lost(born, 2014, CHILD)).toBe(0);
  expect(lost(born, 2035, CHILD)).toBeGreaterThan(0.8);
  expect(lost(born, 2035, GROWN)).toBe(0);
});

it('nobody is on a photo from before their birth', () => {
  const face = { day: day(1990), childhood: CHILD };
  expect(onItsDay(0.5, face, { birth: day(1991), growingUp: null }, calibration)).toBe(-2);
  expect(onItsDay(0.5, face, { birth: day(1989), growingUp: null }, calibration)).toBe(0.5);
});

it('nothing is lost where a date or an age is not known', () => {
  expect(person([[UNKNOWN, CHILD]])).toBeNull();
  expect(growingUpOf([0], {}, Float64Array.of(day(2000)), day(1990))).toBeNull();
  expect(lost(person([[2015, CHILD]]), UNKNOWN, GROWN)).toBe(0);
});

it('dates only take away, never more than their doubt allows, and it never becomes likelier to be a child later on', () => {
  const look = fc.float({ min: 0, max: 1, noNaN: true });
  const year = fc.integer({ min: 1900, max: 2100 });
  const birth = fc.option(year, { nil: UNKNOWN });
  fc.assert(
    fc.property(
      fc.array(fc.tuple(year, look), { maxLength: 8 }),
      birth,
      year,
      look,
      (examples, born, at, seen) => {
        const known = person(examples, Number.isNaN(born) ? UNKNOWN : day(born));
        const taken = lost(known, at, seen);
        expect(taken).toBeGreaterThanOrEqual(0);
        expect(taken).toBeLessThanOrEqual(-Math.log(DATE_DOUBT) + 1e-4);
        if (known === null) return;
        expect([...known.days]).toEqual([...known.days].sort((a, b) => a - b));
        expect([...known.later]).toEqual([...known.later].sort((a, b) => b - a));
        expect(known.later[0]).toBeCloseTo(1, 9);
      },
    ),
  );
});

it('a face that looks too young for its date is found, and less likely so than one that looks its age', async () => {
  const { vectors, size, photo, quality } = madeFaces([3, 3], { spread: 0.2 });
  const person = (at: number) => ({ row: at * 3, person: at });
  const found = async (childhood: number) => {
    // The first person is known grown up in 2000; another face of theirs, of 2010, looks like that.
    const faces: Faces = {
      ...{ vectors, size, photo, quality, group: new Int32Array(6) },
      childhood: Float32Array.of(GROWN, childhood, GROWN, GROWN, GROWN, GROWN),
    };
    const labels = {
      ...{ people: 2, examples: [person(0), person(1)], refusals: [], several: new Set<number>() },
      labelled: Uint8Array.of(1, 0, 0, 1, 0, 0),
      births: new Float64Array(2).fill(UNKNOWN),
      days: Float64Array.of(day(2000), day(2010), UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN),
    };
    const without = { ...calibration, match: { ...calibration.match!, child: 0 } };
    const graph = await normalisedGraph(faces, without, plainProduct);
    return matchReference(faces, graph, labels, without).find(({ row }) => row === 1)!;
  };
  const [old, young] = [await found(GROWN), await found(CHILD)];
  expect([old.person, young.person]).toEqual([0, 0]);
  expect(young.probability).toBeLessThan(old.probability);
});
