import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventsOf, fewPeople, oneAtATime, type Picture, WAYS, type Way } from '../eval/imports-cuts.ts';

const ways = Object.keys(WAYS) as Way[];

/** Libraries of few people and moments, so that both repeat; each path is there once. */
const library: fc.Arbitrary<Picture[]> = fc
  .array(
    fc.record({
      person: fc.option(fc.constantFrom('Anna', 'Ben', 'Cleo', 'Dan')),
      moment: fc.constantFrom(...'abcdefghijklmnop'),
      taken: fc.option(fc.constantFrom('2020-01-01T10:00:00', '2020-01-01T12:00:00', '2021-05-01T09:00:00')),
      strange: fc.boolean(),
    }),
    { maxLength: 80 },
  )
  .map((some) => some.map((picture, at) => ({ ...picture, path: `${at}.jpg` })));

const paths = (pictures: readonly Picture[]) => pictures.map(({ path }) => path).toSorted();

describe('Cuts of a library into imports', () => {
  it('put each picture into exactly one import and make no import empty', () => {
    fc.assert(
      fc.property(
        library,
        fc.constantFrom(...ways),
        fc.integer({ min: 2, max: 20 }),
        (pictures, way, count) => {
          const imports = WAYS[way](pictures, count);
          expect(paths(imports.flat())).toEqual(paths(pictures));
          expect(imports.length).toBeLessThanOrEqual(count);
          expect(imports.every(({ length }) => length > 0)).toBe(true);
        },
      ),
    );
  });

  it('are the same whenever they are made', () => {
    fc.assert(
      fc.property(library, fc.constantFrom(...ways), (pictures, way) => {
        expect(WAYS[way](pictures, 5)).toEqual(WAYS[way](pictures, 5));
      }),
    );
  });

  it('by person keep a person whole', () => {
    fc.assert(
      fc.property(library, (pictures) => {
        const imports = WAYS['by person'](pictures, 5);
        for (const person of ['Anna', 'Ben', 'Cleo', 'Dan']) {
          const holding = imports.filter((some) => some.some((picture) => picture.person === person));
          expect(holding.length).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it('by event keep a moment whole, and dated events in the order of time', () => {
    fc.assert(
      fc.property(library, (pictures) => {
        const events = eventsOf(pictures);
        expect(paths(events.flat())).toEqual(paths(pictures));
        const moments = events.map((some) => new Set(some.map(({ moment }) => moment)));
        const counted = moments.reduce((sum, { size }) => sum + size, 0);
        expect(counted).toBe(new Set(pictures.map(({ moment }) => moment)).size);
        const days = events.flatMap((some) => {
          const dates = some.flatMap(({ taken }) => taken ?? []).toSorted();
          return dates.slice(0, 1).map((date) => date.slice(0, 10));
        });
        expect(days).toEqual(days.toSorted());
      }),
    );
  });

  it('bring the person with the most photos, and the stranger, whole and last', () => {
    const pictures = Array.from({ length: 40 }, (_, at) => ({
      ...{ path: `${at}.jpg`, moment: `${at}`, taken: null },
      person: at % 4 === 0 ? 'Ben' : at < 30 ? 'Anna' : 'Cleo',
      strange: at >= 30,
    }));
    const anna = WAYS['one person last'](pictures, 3);
    expect(anna).toHaveLength(3);
    expect(paths(anna.at(-1)!)).toEqual(paths(pictures.filter(({ person }) => person === 'Anna')));
    const stranger = WAYS['stranger last'](pictures, 3);
    expect(stranger).toHaveLength(3);
    expect(paths(stranger.at(-1)!)).toEqual(paths(pictures.filter(({ strange }) => strange)));
  });

  it('make as many imports as asked for where pictures come one by one', () => {
    fc.assert(
      fc.property(library, (pictures) => {
        expect(WAYS['newest first'](pictures, 5)).toHaveLength(Math.min(5, pictures.length));
        expect(oneAtATime(pictures).map(({ length }) => length)).toEqual(pictures.map(() => 1));
        expect(paths(oneAtATime(pictures).flat())).toEqual(paths(pictures));
      }),
    );
  });

  it('draw people whole, up to a number of photos', () => {
    fc.assert(
      fc.property(library, fc.nat(40), (pictures, most) => {
        const few = fewPeople(pictures, most);
        expect(few.length).toBeLessThanOrEqual(most);
        for (const [person, some] of Map.groupBy(few, ({ person }) => person)) {
          expect(paths(some)).toEqual(paths(pictures.filter((picture) => picture.person === person)));
        }
      }),
    );
  });
});
