import fc from 'fast-check';
import { expect, it } from 'vitest';
import { marksOf, stopAt, stopsOf } from '../../renderer/parts/stops.ts';

// The way through the months at the edge of many photos, as arithmetic.

const sections = fc.array(
  fc.record({
    title: fc.string(),
    count: fc.integer({ min: 1, max: 40 }),
    year: fc.constantFrom('2016', '2017', '2018', null),
  }),
  { minLength: 1, maxLength: 30 },
);

it('each photo belongs to the stop of its section', () => {
  fc.assert(
    fc.property(sections, (all) => {
      const stops = stopsOf(all);
      let index = 0;
      for (const [at, { count }] of all.entries())
        for (let photo = 0; photo < count; photo++, index++) expect(stopAt(stops, index)).toBe(at);
    }),
  );
});

it('years that are written at the edge stand in order, each where it begins, with room between them', () => {
  fc.assert(
    fc.property(sections, fc.integer({ min: 20, max: 1000 }), (all, height) => {
      const stops = stopsOf(all);
      const total = all.reduce((sum, { count }) => sum + count, 0);
      const marks = marksOf(stops, total, height);
      for (const [at, { year, share }] of marks.entries()) {
        const begins = stops.findIndex(({ index }) => index === Math.round(share * total));
        expect(stops[begins]!.year).toBe(year);
        if (begins > 0) expect(stops[begins - 1]!.year).not.toBe(year);
        if (at > 0) expect((share - marks[at - 1]!.share) * height).toBeGreaterThanOrEqual(20);
      }
    }),
  );
});

it('all years are written where there is room', () => {
  const stops = stopsOf([
    { title: 'May 2016', count: 10, year: '2016' },
    { title: 'June 2016', count: 10, year: '2016' },
    { title: 'May 2017', count: 20, year: '2017' },
    { title: 'Without a date', count: 20, year: null },
  ]);
  expect(marksOf(stops, 60, 600)).toEqual([
    { year: '2016', share: 0 },
    { year: '2017', share: 1 / 3 },
  ]);
  expect(marksOf(stops, 60, 50)).toEqual([{ year: '2016', share: 0 }]);
});
