import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PhotoId } from '../../electron/contract/ids.ts';
import { RelationKind } from '../../electron/contract/relations.ts';
import { type Atom, Query, type Vocabulary } from '../../electron/contract/search.ts';
import { relativesFor, relativesIn } from '../../renderer/search/offers.ts';
import { parse } from '../../renderer/search/parse.ts';
import { write } from '../../renderer/search/write.ts';
import { languages } from '../../renderer/words/all.ts';

const NAMES = [
  'Anna',
  'Ben',
  'Carl',
  'Anna Maria',
  'May',
  'Summer',
  'Tom and Jerry',
  'Ohne Namen',
  '2019',
  'Nobody',
];
const MORE = [
  'parents of Li',
  'Kinder',
  'Annas',
  '"Q"',
  'Ünal',
  'Li',
  'Person',
  'in Rom',
  'x, y',
  'back\\slash',
  'Or',
  'März',
];

const vocabulary: Vocabulary = {
  people: [...NAMES, ...MORE].map((name, at) => ({ id: (at + 1) as never, name })),
  folders: [
    { folder: 1, under: '', name: 'Photos' },
    { folder: 1, under: 'Italy', name: 'Italy' },
    { folder: 1, under: 'Italy/Rome', name: 'Rome' },
    { folder: 2, under: '', name: 'Scans' },
    { folder: 3, under: '', name: 'Scans' },
    { folder: 3, under: 'a "b"', name: 'a "b"' },
  ].map((entry) => ({ ...entry, folder: entry.folder as never, photos: 1 })),
  areRelated: true,
  cameras: [
    { camera: 'FUJIFILM X-T5', photos: 3 },
    { camera: 'Apple iPhone 12', photos: 2 },
  ],
  years: [2010, 2024],
};
const read = (text: string) => parse(text, vocabulary);
const person = (name: string): Extract<Atom, { kind: 'person' }> => ({
  kind: 'person',
  person: vocabulary.people.find((one) => one.name === name)!.id,
});
const related = (of: 'parent' | 'child' | 'partner' | 'sibling', name: string): Atom => ({
  ...{ kind: 'related', is: of, person: person(name).person },
});
const is = (...any: Atom[]) => ({ not: false, any });
const not = (...any: Atom[]) => ({ not: true, any });
const date = (from: string, to = from): Atom => ({ kind: 'date', from, to });
const count = (least: number, most: number | null): Atom => ({ kind: 'count', least, most });
const text = (some: string): Atom => ({ kind: 'text', text: some });
const months = (...some: number[]): Atom => ({ kind: 'months', months: some });
const italy: Atom = { kind: 'folder', folder: 1 as never, under: 'Italy' };
const fuji: Atom = { kind: 'camera', camera: 'FUJIFILM X-T5' };

const EXAMPLES: [string, Query][] = [
  ['Anna', [is(person('Anna'))]],
  ['anna', [is(person('Anna'))]],
  ['Anna and Ben, without Carl', [is(person('Anna')), is(person('Ben')), not(person('Carl'))]],
  ['Anna und Ben, ohne Carl', [is(person('Anna')), is(person('Ben')), not(person('Carl'))]],
  ['anna ben -carl', [is(person('Anna')), is(person('Ben')), not(person('Carl'))]],
  ['Anna or Ben', [is(person('Anna'), person('Ben'))]],
  ['Anna oder Ben und Carl', [is(person('Anna'), person('Ben')), is(person('Carl'))]],
  ['without Carl and Ben', [not(person('Carl'), person('Ben'))]],
  ['ohne Carl oder Ben, Anna', [not(person('Carl'), person('Ben')), is(person('Anna'))]],
  ['without Carl, Anna', [not(person('Carl')), is(person('Anna'))]],
  ['children of Anna', [is(related('child', 'Anna'))]],
  ['Kinder von Anna', [is(related('child', 'Anna'))]],
  ["Anna's children", [is(related('child', 'Anna'))]],
  ['Annas Kinder', [is(related('child', 'Anna'))]],
  ['Annas Eltern, allein', [is(related('parent', 'Anna')), is(count(1, 1))]],
  ['Anna Maria’s kids', [is(related('child', 'Anna Maria'))]],
  ['the parents of Ben', [is(related('parent', 'Ben'))]],
  ['Partnerin von Ben', [is(related('partner', 'Ben'))]],
  ['siblings of anna maria and Ben', [is(related('sibling', 'Anna Maria')), is(person('Ben'))]],
  ['Geschwister von Ben oder Carl', [is(related('sibling', 'Ben'), person('Carl'))]],
  ['without children of Anna', [not(related('child', 'Anna'))]],
  ['ohne Kinder von Anna, Ben', [not(related('child', 'Anna')), is(person('Ben'))]],
  ['children of "#99"', [is(text('children')), is(text('of')), is(text('#99'))]],
  ['children:"#99"', [is({ kind: 'related', is: 'child', person: 99 as never })]],
  ['children of Emil', [is(text('children')), is(text('of')), is(text('Emil'))]],
  ['Partner', [is(text('Partner'))]],
  ['children of parents of Li', [is(related('child', 'parents of Li'))]],
  ['Anna Maria', [is(person('Anna Maria'))]],
  ['Annabel', [is(text('Annabel'))]],
  ['Anna, alone', [is(person('Anna')), is(count(1, 1))]],
  ['Anna allein', [is(person('Anna')), is(count(1, 1))]],
  ['exactly 2 people', [is(count(2, 2))]],
  ['zwei Personen', [is(count(2, 2))]],
  ['at least 3', [is(count(3, null))]],
  ['mindestens 3 Personen', [is(count(3, null))]],
  ['höchstens vier Leute', [is(count(0, 4))]],
  ['more than 3 people', [is(count(4, null))]],
  ['2-4 people', [is(count(2, 4))]],
  ['5+ people', [is(count(5, null))]],
  ['nobody on it', [is(person('Nobody')), is(text('on')), is(text('it'))]],
  ['Or and Anna', [is(person('Anna'))]],
  ['person:"or"', [is(person('Or'))]],
  ['is:nobody', [is(count(0, 0))]],
  ['niemand', [is(count(0, 0))]],
  ['summer 2018', [is(date('2018-06-01', '2018-08-31'))]],
  ['Sommer 2018', [is(date('2018-06-01', '2018-08-31'))]],
  ['winter 2019', [is(date('2019-12-01', '2020-02-29'))]],
  ['every summer', [is(months(6, 7, 8))]],
  ['March 2020', [is(date('2020-03-01', '2020-03-31'))]],
  ['Februar 2020', [is(date('2020-02-01', '2020-02-29'))]],
  ['may 2018', [is(date('2018-05-01', '2018-05-31'))]],
  ['May', [is(person('May'))]],
  ['mai', [is(months(5))]],
  ['2018', [is(date('2018-01-01', '2018-12-31'))]],
  ['2015-2018', [is(date('2015-01-01', '2018-12-31'))]],
  ['2015 bis 2018', [is(date('2015-01-01', '2018-12-31'))]],
  ['2018-05', [is(date('2018-05-01', '2018-05-31'))]],
  ['5 March 2017', [is(date('2017-03-05'))]],
  ['March 5th, 2017', [is(date('2017-03-05'))]],
  ['5. März 2017', [is(date('2017-03-05'))]],
  ['5.3.2017', [is(date('2017-03-05'))]],
  ['31.2.2017', [is(text('31.2.2017'))]],
  ['2017-03-05, Ben', [is(date('2017-03-05')), is(person('Ben'))]],
  ['in Italy', [is(italy)]],
  ['im Ordner Italy', [is(italy)]],
  ['in:"Photos/Italy", Anna', [is(italy), is(person('Anna'))]],
  ['camera:"fujifilm x-t5"', [is(fuji)]],
  ['not in Italy', [not(italy)]],
  ['unnamed', [is({ kind: 'unnamed' })]],
  ['without a name', [is({ kind: 'unnamed' })]],
  ['zu prüfen', [is({ kind: 'check' })]],
  ['IMG_0301 beach', [is(text('IMG_0301')), is(text('beach'))]],
  ['"beach party"', [is(text('beach party'))]],
  ['"beach', [is(text('beach'))]],
  ['', []],
  [' , and or ', []],
];

describe('A search is read as a person types it:', () => {
  for (const [typed, query] of EXAMPLES) {
    it(typed || 'nothing', () => expect(read(typed)).toEqual(query));
  }
});

describe('Relatives', () => {
  it.each(
    Object.entries(languages).flatMap(([language, words]) =>
      RelationKind.options.map((kind) => [language, kind, words] as const),
    ),
  )('are read in %s as the page says them: %s', (_, kind, words) => {
    const said = words[`atom.${kind}`]!.replace('{{name}}', 'Ben');
    expect(read(said)).toEqual([is(related(kind, 'Ben'))]);
    expect(read(words['atom.without']!.replace('{{what}}', said))).toEqual([not(related(kind, 'Ben'))]);
    expect(read(`Anna, ${said}, 2018`)).toEqual([
      is(person('Anna')),
      is(related(kind, 'Ben')),
      is(date('2018-01-01', '2018-12-31')),
    ]);
    // What the field puts there leads to names, also before one is whole.
    const lead = words[`search.${kind}`]!;
    expect(relativesIn(`${lead} `)).toEqual({ is: kind, name: '' });
    expect(relativesIn(`${lead} an`)).toEqual({ is: kind, name: 'an' });
    for (let length = 3; length <= lead.length; length++)
      expect(relativesFor(lead.slice(0, length), vocabulary)).toContain(kind);
  });

  it('are not offered by two letters, by another word, or where nobody is related', () => {
    expect(relativesFor('ch', vocabulary)).toEqual([]);
    expect(relativesFor('party', vocabulary)).toEqual([]);
    expect(relativesFor('chil', { ...vocabulary, areRelated: false })).toEqual([]);
    expect(relativesIn('children')).toBeNull();
  });
});

const known = fc.constantFrom(...vocabulary.people.map(({ id }) => id), 99 as never);
const entry = fc.constantFrom(...vocabulary.folders, { folder: 9 as never, under: 'gone' });
const number = fc.integer({ min: 0, max: 30 });
const day = fc
  .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
  .map((at) => at.toISOString().slice(0, 10));
const year = fc.integer({ min: 1899, max: 2101 });
const some = fc.oneof(
  fc.string({ minLength: 1, maxLength: 12 }),
  fc.constantFrom('or', 'Anna', '2019', '"', '\\'),
);
const line = some.map((one) => one.trim().replaceAll('\0', '') || 'x');
const atom: fc.Arbitrary<Atom> = fc.oneof(
  { weight: 3, arbitrary: known.map((id) => ({ kind: 'person' as const, person: id })) },
  fc
    .tuple(fc.constantFrom(...RelationKind.options), known)
    .map(([of, id]) => ({ kind: 'related' as const, is: of, person: id })),
  fc
    .tuple(number, fc.option(number))
    .map(([least, more]) => count(least, more === null ? null : least + more)),
  fc.tuple(day, day).map(([a, b]) => (a < b ? date(a, b) : date(b, a))),
  fc.tuple(year, year).map(([a, b]) => date(`${Math.min(a, b)}-01-01`, `${Math.max(a, b)}-12-31`)),
  fc
    .tuple(fc.integer({ min: 1900, max: 2098 }), fc.constantFrom('spring', 'summer', 'autumn', 'winter'))
    .map(([of, season]) => read(`${season} ${of}`)[0]!.any[0]!),
  fc.uniqueArray(fc.integer({ min: 1, max: 12 }), { minLength: 1 }).map((list) => months(...list)),
  entry.map(({ folder, under }) => ({ kind: 'folder' as const, folder, under })),
  fc
    .oneof(fc.constantFrom('FUJIFILM X-T5', 'Nikon'), line)
    .map((camera) => ({ kind: 'camera' as const, camera })),
  line.map(text),
  fc.constantFrom({ kind: 'unnamed' as const }, { kind: 'check' as const }),
  fc.record({
    kind: fc.constant('photos' as const),
    photos: fc.uniqueArray(fc.integer({ min: 1, max: 99_999 }) as fc.Arbitrary<PhotoId>, {
      minLength: 1,
      maxLength: 9,
    }),
  }),
);
const query = fc.array(
  fc.record({ not: fc.boolean(), any: fc.array(atom, { minLength: 1, maxLength: 3 }) }),
  { maxLength: 5 },
);

it('what is written into the address is read as the same search', () => {
  fc.assert(
    fc.property(query, (one) => {
      expect(read(write(one, vocabulary))).toEqual(one);
    }),
    { numRuns: 400 },
  );
});

it('whatever is typed is a query of the contract', () => {
  const words = fc.constantFrom(
    'or',
    'and',
    'ohne',
    ',',
    'Anna',
    '2019',
    '-',
    '"',
    'in',
    'at least',
    '3',
    'people',
    'children of',
    'Eltern von',
    "Anna's children",
    '\\',
    '#',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.array(words, { maxLength: 12 }).map((list) => list.join(' ')),
        fc.string(),
      ),
      (typed) => {
        const found = read(typed).slice(0, 20);
        expect(Query.safeParse(found).error).toBeUndefined();
        expect(read(write(found, vocabulary))).toEqual(found);
      },
    ),
    { numRuns: 400 },
  );
});
