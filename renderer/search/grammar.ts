import type { RelationKind } from '../../electron/contract/relations.ts';
import type { Atom } from '../../electron/contract/search.ts';

// The words of a search, in every language at once: an address is read whichever language the page speaks.

/** Regular expressions of what stands between two parts, at the beginning of the rest. */
export const JOINERS = {
  and: /^(?:,|;|&|\+|(?:and|und|with|mit)(?=[\s,]|$))\s*/iu,
  or: /^(?:\||(?:or|oder)(?=[\s,]|$))\s*/iu,
  not: /^(?:(?:without|ohne|not|nicht|except|außer)(?=\s|$)\s*|-(?=["\p{L}]))/iu,
};

/** Words for months, by month. The first is how an address says it. */
const MONTHS: readonly string[][] = [
  ['january', 'jan', 'januar', 'jänner'],
  ['february', 'feb', 'februar'],
  ['march', 'mar', 'märz', 'mär', 'mrz'],
  ['april', 'apr'],
  ['may', 'mai'],
  ['june', 'jun', 'juni'],
  ['july', 'jul', 'juli'],
  ['august', 'aug'],
  ['september', 'sep', 'sept'],
  ['october', 'oct', 'oktober', 'okt'],
  ['november', 'nov'],
  ['december', 'dec', 'dezember', 'dez'],
];

/** Meteorological seasons of the northern half of the earth; the winter of a year begins in its December. */
export const SEASONS = {
  spring: { months: [3, 4, 5], words: ['spring', 'frühling', 'frühjahr'] },
  summer: { months: [6, 7, 8], words: ['summer', 'sommer'] },
  autumn: { months: [9, 10, 11], words: ['autumn', 'fall', 'herbst'] },
  winter: { months: [12, 1, 2], words: ['winter'] },
} as const;
export type Season = keyof typeof SEASONS;
export const seasonList = Object.keys(SEASONS) as Season[];

/** Words for relatives. The first is how an address says it. */
export const RELATIVES: Readonly<Record<RelationKind, readonly string[]>> = {
  parent: ['parents', 'parent', 'eltern', 'elternteil'],
  child: ['children', 'child', 'kids', 'kid', 'kinder', 'kind'],
  partner: ['partner', 'partners', 'partnerin'],
  sibling: ['siblings', 'sibling', 'geschwister'],
};
export const relativeList = Object.keys(RELATIVES) as RelationKind[];

/** Whom a word for relatives means. */
export const relativeOf = (word: string): RelationKind =>
  relativeList.find((is) => RELATIVES[is].includes(word.toLowerCase()))!;

/** How an address says a month, 1 to 12. */
export const monthName = (month: number): string => MONTHS[month - 1]![0]!;

/** All words for a month, 1 to 12. */
export const wordsOfMonth = (month: number): readonly string[] => MONTHS[month - 1]!;

const NUMBERS: readonly string[][] = [
  ['zero', 'no', 'null', 'keine'],
  ['one', 'eine', 'einer'],
  ['two', 'zwei'],
  ['three', 'drei'],
  ['four', 'vier'],
  ['five', 'fünf'],
  ['six', 'sechs'],
  ['seven', 'sieben'],
  ['eight', 'acht'],
  ['nine', 'neun'],
  ['ten', 'zehn'],
];

const alternatives = (words: readonly string[]) => words.toSorted((a, b) => b.length - a.length).join('|');
const NUMBER = `\\d{1,3}|${alternatives(NUMBERS.flat())}`;
const RELATIVE = alternatives(Object.values(RELATIVES).flat());
/** `children of`, before a name. */
export const RELATIVES_OF = new RegExp(
  `^(?:the\\s+|die\\s+|der\\s+)?(${RELATIVE})\\s+(?:of|von)(?:\\s+|$)`,
  'iu',
);
/** `'s children`, behind a name; in German `Annas Kinder`, and `Hans’ Kinder`. */
export const OWN_RELATIVES = new RegExp(`^(?:['’]?s|['’])\\s+(${RELATIVE})(?![\\p{L}\\p{N}])`, 'iu');
/** `children:"Anna"`: how an address says it of a name that could mean something else. */
export const RELATIVES_LABEL = new RegExp(`^(${RELATIVE}):\\s*`, 'iu');
const PEOPLE = '(?:people|persons?|faces?|personen|person|leute|gesichter|gesicht)';
const MONTH = alternatives(MONTHS.flat());
const SEASON = alternatives(Object.values(SEASONS).flatMap(({ words }) => words));
const YEAR = '(?:19|20)\\d\\d';
const DAY = '\\d{4}-\\d\\d-\\d\\d';
const EVERY = '(?:every|each|jeden?|jedes|im)\\s+';
const TO = '\\s*(?:-|–|to|bis|until)\\s*';

const indexOf = (lists: readonly (readonly string[])[], word: string) =>
  lists.findIndex((words) => words.includes(word.toLowerCase()));
const numberOf = (word: string) => (/^\d/.test(word) ? Number(word) : indexOf(NUMBERS, word));
const monthOf = (word: string) => indexOf(MONTHS, word.replace(/\.$/, '')) + 1;
const seasonOf = (word: string) =>
  seasonList.find((season) => (SEASONS[season].words as readonly string[]).includes(word.toLowerCase()))!;

const two = (value: number) => String(value).padStart(2, '0');
/** The last day of a month. */
const lastOf = (year: number, month: number) => new Date(Date.UTC(year, month, 0)).getUTCDate();

/** All days of a month. */
export function monthDays(year: number, month: number): { from: string; to: string } {
  const start = `${year}-${two(month)}`;
  return { from: `${start}-01`, to: `${start}-${two(lastOf(year, month))}` };
}

/** All days of the season that begins in this year. */
export function seasonDays(year: number, season: Season): { from: string; to: string } {
  const [first, , last] = SEASONS[season].months;
  return { from: monthDays(year, first).from, to: monthDays(last < first ? year + 1 : year, last).to };
}

const date = (from: string, to: string): Atom | null =>
  isDay(from) && isDay(to) && from <= to ? { kind: 'date', from, to } : null;
const count = (least: number, most: number | null): Atom | null =>
  most !== null && most < least ? null : { kind: 'count', least, most };

function isDay(day: string): boolean {
  const parsed = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(day);
}

/** What an expression at the beginning of the rest means; null: nothing after all. */
type Phrase = readonly [RegExp, (...groups: string[]) => Atom | null];

const phrase = (source: string, mean: Phrase[1]): Phrase => [
  new RegExp(`^(?:${source})(?![\\p{L}\\p{N}:])`, 'iu'),
  mean,
];

/** Everything that is no name. */
export const PHRASES: readonly Phrase[] = [
  phrase(`(${DAY})\\.\\.(${DAY})`, (from, to) => date(from!, to!)),
  phrase(`(${DAY})`, (day) => date(day!, day!)),
  phrase(`(${YEAR})-(\\d\\d)`, (year, month) =>
    Number(month) >= 1 && Number(month) <= 12 ? ofMonth(Number(year), Number(month)) : null,
  ),
  phrase(`(${YEAR})${TO}(${YEAR})`, (from, to) => date(`${from}-01-01`, `${to}-12-31`)),
  phrase(`(${YEAR})`, (year) => date(`${year}-01-01`, `${year}-12-31`)),
  phrase(`(\\d{1,2})\\.?\\s+(${MONTH})\\.?,?\\s+(${YEAR})`, (day, month, year) =>
    ofDay(year!, monthOf(month!), day!),
  ),
  phrase(`(${MONTH})\\.?\\s+(\\d{1,2})(?:st|nd|rd|th)?,?\\s+(${YEAR})`, (month, day, year) =>
    ofDay(year!, monthOf(month!), day!),
  ),
  phrase(`(\\d{1,2})\\.(\\d{1,2})\\.(${YEAR})`, (day, month, year) => ofDay(year!, Number(month), day!)),
  phrase(`(${MONTH})\\.?\\s+(${YEAR})`, (month, year) => ofMonth(Number(year), monthOf(month!))),
  phrase(`(?:${EVERY})?(${MONTH})`, (month) => ({ kind: 'months', months: [monthOf(month!)] })),
  phrase(`(${SEASON})\\s+(${YEAR})`, (season, year) => {
    const { from, to } = seasonDays(Number(year), seasonOf(season!));
    return date(from, to);
  }),
  phrase(`(?:${EVERY})?(${SEASON})`, (season) => ({
    kind: 'months',
    months: [...SEASONS[seasonOf(season!)].months],
  })),
  phrase('months:(\\d{1,2}(?:\\+\\d{1,2})*)', (list) => {
    const months = list!.split('+').map(Number);
    return months.every((month) => month >= 1 && month <= 12) ? { kind: 'months', months } : null;
  }),
  phrase('alone|allein|solo', () => count(1, 1)),
  phrase(`nobody|niemand|(?:without|ohne)\\s+${PEOPLE}`, () => count(0, 0)),
  phrase(`(?:exactly\\s+|genau\\s+)?(${NUMBER})\\s+${PEOPLE}`, (number) =>
    count(numberOf(number!), numberOf(number!)),
  ),
  phrase(`(\\d{1,3})${TO}(\\d{1,3})\\s+${PEOPLE}`, (least, most) => count(Number(least), Number(most))),
  phrase(`(\\d{1,3})\\+\\s*${PEOPLE}`, (least) => count(Number(least), null)),
  phrase(`(?:at least|mindestens)\\s+(${NUMBER})(?:\\s+${PEOPLE})?`, (least) =>
    count(numberOf(least!), null),
  ),
  phrase(`(?:at most|up to|höchstens)\\s+(${NUMBER})(?:\\s+${PEOPLE})?`, (most) => count(0, numberOf(most!))),
  phrase(`(?:more than|mehr als)\\s+(${NUMBER})(?:\\s+${PEOPLE})?`, (less) =>
    count(numberOf(less!) + 1, null),
  ),
  phrase(`(?:fewer than|less than|weniger als)\\s+(${NUMBER})(?:\\s+${PEOPLE})?`, (more) =>
    numberOf(more!) > 0 ? count(0, numberOf(more!) - 1) : null,
  ),
  phrase('unnamed|without (?:a )?names?|ohne namen|unbenannt', () => ({ kind: 'unnamed' })),
  phrase('to check|to be checked|zu prüfen|zu klären', () => ({ kind: 'check' })),
];

function ofMonth(year: number, month: number): Atom | null {
  const { from, to } = monthDays(year, month);
  return date(from, to);
}

function ofDay(year: string, month: number, day: string): Atom | null {
  const written = `${year}-${two(month)}-${two(Number(day))}`;
  return date(written, written);
}
