import type { RelationKind } from '../../electron/contract/relations.ts';
import type { Atom, Query, Vocabulary } from '../../electron/contract/search.ts';
import {
  JOINERS,
  monthDays,
  RELATIVES,
  RELATIVES_OF,
  relativeList,
  relativeOf,
  SEASONS,
  seasonDays,
  seasonList,
  wordsOfMonth,
} from './grammar.ts';
import { foldName } from './parse.ts';

/** How what is typed joins what is there already: `or B`, `without C`. */
export interface Lead {
  joins: 'and' | 'or' | 'not';
  /** What is typed after that. */
  rest: string;
}

/** Takes the words apart that a text begins with. */
export function leadOf(text: string): Lead {
  let rest = text.trimStart();
  let joins: Lead['joins'] = 'and';
  for (;;) {
    const joiner = (['not', 'or', 'and'] as const).find((name) => {
      const found = JOINERS[name].exec(rest)?.[0];
      // A word counts once something else follows it: "or" may become "Oran".
      return found !== undefined && (/\s$/u.test(found) || !/\p{L}/u.test(found));
    });
    if (joiner === undefined) return { joins, rest: rest.trim() };
    rest = rest.slice(JOINERS[joiner].exec(rest)![0].length).trimStart();
    if (joiner !== 'and') joins = joiner;
  }
}

/** Whose relatives an unfinished text asks for: `children of an`; null: it does not. */
export function relativesIn(text: string): { is: RelationKind; name: string } | null {
  const [before, word] = RELATIVES_OF.exec(text) ?? [];
  return before === undefined || word === undefined
    ? null
    : { is: relativeOf(word), name: text.slice(before.length).trim() };
}

/** Letters from which relatives are offered: fewer begin too many names of files. Chosen by hand. */
const LEAST = 3;

/** Relatives whom an unfinished text may become, before it says whose: `chil`. */
export function relativesFor(text: string, { areRelated }: Vocabulary): RelationKind[] {
  const key = foldName(text.trim());
  if (!areRelated || key.length < LEAST) return [];
  const begins = (word: string) => [`${word} of`, `${word} von`].some((whole) => whole.startsWith(key));
  return relativeList.filter((is) => RELATIVES[is].some(begins));
}

/** Adds a part to a search, joined as it was typed. */
export function added(query: Query, joins: Lead['joins'], atom: Atom): Query {
  const last = query.at(-1);
  if (joins === 'or' && last) return [...query.slice(0, -1), { ...last, any: [...last.any, atom] }];
  return [...query, { not: joins === 'not', any: [atom] }];
}

/** Offers of one kind, at most. Chosen by hand: a list that is seen at once. */
const MOST = 4;

/** Words for something other than a name or a date, and what each completes to. */
const WORDS: readonly [readonly string[], readonly Atom[]][] = [
  [['alone', 'allein', 'solo'], [{ kind: 'count', least: 1, most: 1 }]],
  [['nobody', 'niemand', 'no people'], [{ kind: 'count', least: 0, most: 0 }]],
  [['unnamed', 'unbenannt', 'without a name', 'ohne namen', 'name'], [{ kind: 'unnamed' }]],
  [['to check', 'zu prüfen', 'check', 'prüfen'], [{ kind: 'check' }]],
  [
    ['people', 'persons', 'personen', 'leute'],
    [
      { kind: 'count', least: 2, most: 2 },
      { kind: 'count', least: 3, most: null },
    ],
  ],
  [['at least', 'mindestens'], [2, 3, 5].map((least): Atom => ({ kind: 'count', least, most: null }))],
  [['at most', 'höchstens'], [1, 2, 4].map((most): Atom => ({ kind: 'count', least: 0, most }))],
];

/**
 * What an unfinished text may become, without people, who are asked for, and without the text itself. `dates`, `places`
 * and `words` are shown in that order.
 */
export function offersOf(
  text: string,
  vocabulary: Vocabulary,
): { dates: Atom[]; places: Atom[]; words: Atom[] } {
  const key = foldName(text.trim());
  if (key === '') return { dates: [], places: [], words: [] };
  return { dates: datesOf(key, vocabulary), places: placesOf(key, vocabulary), words: wordsOf(key) };
}

function datesOf(key: string, { years }: Vocabulary): Atom[] {
  const [, word = '', digits = ''] = /^(\p{L}*)\.?\s*(\d{0,4})$/u.exec(key) ?? [];
  const span = years ? range(years[0], years[1]).toReversed() : [];
  const wanted = span.filter((year) => String(year).startsWith(digits));
  const date = (days: { from: string; to: string }): Atom => ({ kind: 'date', ...days });
  const yearOf = (year: number) => date({ from: `${year}-01-01`, to: `${year}-12-31` });
  if (word === '') return digits.length < 2 ? [] : wanted.slice(0, MOST).map(yearOf);
  if (word.length < 2) return [];
  const seasons = seasonList.filter((season) => SEASONS[season].words.some((one) => one.startsWith(word)));
  const months = range(1, 12).filter((month) => wordsOfMonth(month).some((one) => one.startsWith(word)));
  return [
    ...seasons.flatMap((season) => [
      ...(digits === '' ? [{ kind: 'months' as const, months: [...SEASONS[season].months] }] : []),
      ...wanted.slice(0, MOST - 1).map((year) => date(seasonDays(year, season))),
    ]),
    ...months.flatMap((month) => [
      ...(digits === '' ? [{ kind: 'months' as const, months: [month] }] : []),
      ...wanted.slice(0, MOST - 1).map((year) => date(monthDays(year, month))),
    ]),
  ].slice(0, MOST);
}

function placesOf(key: string, { folders, cameras }: Vocabulary): Atom[] {
  const name = key.replace(/^(?:in|im|camera|kamera|folder|ordner)(?::|\s)\s*/u, '');
  const fits = (text: string) => {
    const at = foldName(text).indexOf(name);
    return at < 0 ? null : at === 0 ? 0 : 1;
  };
  const best = <T>(entries: readonly T[], nameOf: (entry: T) => string) =>
    entries
      .map((entry) => ({ entry, rank: fits(nameOf(entry)) }))
      .filter(({ rank }) => rank !== null)
      .sort((a, b) => a.rank! - b.rank!)
      .slice(0, MOST)
      .map(({ entry }) => entry);
  return [
    ...best(folders, (entry) => entry.name).map(
      ({ folder, under }): Atom => ({ kind: 'folder', folder, under }),
    ),
    ...best(cameras, (entry) => entry.camera).map(({ camera }): Atom => ({ kind: 'camera', camera })),
  ].slice(0, MOST);
}

function wordsOf(key: string): Atom[] {
  const number = /^(\d{1,2})(?:\s|$)/u.exec(key);
  const counts: Atom[] = number
    ? [
        { kind: 'count', least: Number(number[1]), most: Number(number[1]) },
        { kind: 'count', least: Number(number[1]), most: null },
      ]
    : [];
  const called = WORDS.filter(([words]) => key.length >= 2 && words.some((word) => word.startsWith(key)));
  return [...counts, ...called.flatMap(([, atoms]) => atoms)].slice(0, MOST);
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, at) => from + at);
}
