import type { Atom, Clause, Query, Vocabulary } from '../../electron/contract/search.ts';
import { monthDays, monthName, RELATIVES, SEASONS, type Season, seasonDays, seasonList } from './grammar.ts';
import { parse, pathOf } from './parse.ts';

/** What may stand before a part, and must not change what it means. */
const BEFORE = ['', 'without ', '"x" or '];

/**
 * A search as a text that `parse` reads as the same search: what stands in the address. English words, whichever language
 * the page speaks.
 */
export function write(query: Query, vocabulary: Vocabulary): string {
  return query.map((clause) => clauseText(clause, vocabulary)).join(', ');
}

function clauseText({ not, any }: Clause, vocabulary: Vocabulary): string {
  return `${not ? 'without ' : ''}${any.map((atom) => atomText(atom, vocabulary)).join(' or ')}`;
}

function atomText(atom: Atom, vocabulary: Vocabulary): string {
  const text = plainText(atom, vocabulary);
  // Somebody may be called Summer.
  return meansItself(text, atom, vocabulary) ? text : `is:${text}`;
}

/** Whether a text is read as this part, also where it follows others. */
function meansItself(text: string, atom: Atom, vocabulary: Vocabulary): boolean {
  return BEFORE.every((before) => {
    const [clause, ...others] = parse(before + text, vocabulary);
    return others.length === 0 && JSON.stringify(clause?.any.at(-1)) === JSON.stringify(atom);
  });
}

function plainText(atom: Atom, vocabulary: Vocabulary): string {
  switch (atom.kind) {
    case 'person': {
      const name = vocabulary.people.find(({ id }) => id === atom.person)?.name;
      if (name === undefined) return `person:"#${atom.person}"`;
      // A name that means something else has its quotes.
      const isPlain = meansItself(name, atom, vocabulary);
      return isPlain ? name : `person:${quoted(name)}`;
    }
    case 'related': {
      const name = vocabulary.people.find(({ id }) => id === atom.person)?.name;
      const [words = ''] = RELATIVES[atom.is];
      const plain = `${words} of ${name}`;
      const isPlain = name !== undefined && meansItself(plain, atom, vocabulary);
      return isPlain ? plain : `${words}:${quoted(name ?? `#${atom.person}`)}`;
    }
    case 'count':
      return countText(atom);
    case 'date': {
      const span = spanOf(atom);
      if (span.kind === 'years') return span.from === span.to ? `${span.from}` : `${span.from}-${span.to}`;
      if (span.kind === 'season') return `${span.season} ${span.year}`;
      if (span.kind === 'month') return atom.from.slice(0, 7);
      return atom.from === atom.to ? atom.from : `${atom.from}..${atom.to}`;
    }
    case 'months': {
      const season = seasonOfMonths(atom.months);
      if (season) return season;
      return atom.months.length === 1 ? monthName(atom.months[0]!) : `months:${atom.months.join('+')}`;
    }
    case 'folder': {
      const { folders } = vocabulary;
      const entry = folders.find(({ folder, under }) => folder === atom.folder && under === atom.under);
      const gone = `#${atom.folder}${atom.under === '' ? '' : `/${atom.under}`}`;
      return `in:${quoted(entry ? pathOf(entry, folders) : gone)}`;
    }
    case 'camera':
      return `camera:${quoted(atom.camera)}`;
    case 'text':
      return quoted(atom.text);
    case 'unnamed':
      return 'unnamed';
    case 'check':
      return 'to check';
    case 'photos':
      return `photos:${atom.photos.join('.')}`;
  }
}

function countText({ least, most }: Extract<Atom, { kind: 'count' }>): string {
  if (most === null) return `at least ${least} people`;
  if (least === most) return least === 1 ? 'alone' : least === 0 ? 'nobody' : `${least} people`;
  return least === 0 ? `at most ${most} people` : `${least}-${most} people`;
}

const quoted = (text: string) => `"${text.replace(/["\\]/gu, '\\$&')}"`;

/** What days a person would call by one name. */
export type Span =
  | { kind: 'years'; from: number; to: number }
  | { kind: 'season'; season: Season; year: number }
  | { kind: 'month'; year: number; month: number }
  | { kind: 'days' };

export function spanOf({ from, to }: { from: string; to: string }): Span {
  const [year, month] = from.split('-').map(Number) as [number, number];
  const isSame = (days: { from: string; to: string }) => days.from === from && days.to === to;
  // Only what is read as years, seasons and months again; see grammar.ts.
  if (year < 1900 || year > 2099) return { kind: 'days' };
  const last = Number(to.slice(0, 4));
  if (from.endsWith('-01-01') && to.endsWith('-12-31') && last <= 2099)
    return { kind: 'years', from: year, to: last };
  if (isSame(monthDays(year, month))) return { kind: 'month', year, month };
  const season = seasonList.find((one) => isSame(seasonDays(year, one)));
  return season ? { kind: 'season', season, year } : { kind: 'days' };
}

/** The season that these months are; undefined: they are none. */
export function seasonOfMonths(months: readonly number[]): Season | undefined {
  return seasonList.find((season) => SEASONS[season].months.join() === months.join());
}
