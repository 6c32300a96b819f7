import { isOfPeople } from '../../electron/contract/figures.ts';
import type { Atom, Clause, Query, Vocabulary } from '../../electron/contract/search.ts';
import { day, listed, month, monthOnly, t } from '../words/words.svelte.ts';
import { SEASONS, type Season } from './grammar.ts';
import { pathOf } from './parse.ts';
import { seasonOfMonths, spanOf } from './write.ts';

/** What a part of a search says, in the language of the page. */
export function atomWords(atom: Atom, vocabulary: Vocabulary): string {
  switch (atom.kind) {
    case 'person':
      return vocabulary.people.find(({ id }) => id === atom.person)?.name ?? t('atom.gone');
    case 'related': {
      const name = vocabulary.people.find(({ id }) => id === atom.person)?.name ?? t('atom.gone');
      return t(`atom.${atom.is}`, { name });
    }
    case 'count':
      return countWords(atom);
    case 'date':
      return dateWords(atom);
    case 'months': {
      const season = seasonOfMonths(atom.months);
      const what = season ? seasonWords(season) : listed(atom.months.map(monthOnly));
      return t('atom.every', { what });
    }
    case 'folder': {
      const { folders } = vocabulary;
      const entry = folders.find(({ folder, under }) => folder === atom.folder && under === atom.under);
      if (!entry) return t('atom.gone-folder');
      const isOne = folders.filter(({ name }) => name === entry.name).length === 1;
      return t('atom.folder', { name: isOne ? entry.name : pathOf(entry, folders) });
    }
    case 'camera':
      return atom.camera;
    case 'text':
      return t('atom.text', { text: atom.text });
    case 'unnamed':
      return t('atom.unnamed');
    case 'check':
      return t('atom.check');
    case 'photos':
      return t('atom.photos', { count: atom.photos.length });
  }
}

function countWords({ least, most }: Extract<Atom, { kind: 'count' }>): string {
  if (most === null) return t('atom.at-least', { count: least });
  if (least === most) {
    return least === 0
      ? t('atom.nobody')
      : least === 1
        ? t('atom.alone')
        : t('atom.people', { count: least });
  }
  return least === 0 ? t('atom.at-most', { count: most }) : t('atom.between', { from: least, to: most });
}

const seasonWords = (season: Season) => t(`atom.${season}`);

function dateWords(days: { from: string; to: string }): string {
  const span = spanOf(days);
  switch (span.kind) {
    case 'years':
      return span.from === span.to ? `${span.from}` : `${span.from}–${span.to}`;
    case 'month':
      return month(`${days.from.slice(0, 7)}-15`);
    case 'season': {
      const isOverTheYear = SEASONS[span.season].months[0] === 12;
      const year = isOverTheYear ? `${span.year}/${String(span.year + 1).slice(2)}` : `${span.year}`;
      return t('atom.season-of', { season: seasonWords(span.season), year });
    }
    case 'days':
      return days.from === days.to
        ? day(days.from)
        : t('atom.days', { from: day(days.from), to: day(days.to) });
  }
}

/** What a chip says. */
export function clauseWords({ not, any }: Clause, vocabulary: Vocabulary): string {
  const what = listed(
    any.map((atom) => atomWords(atom, vocabulary)),
    'disjunction',
  );
  if (!not) return what;
  return any.every(isOfPeople) ? t('atom.without', { what }) : t('atom.not', { what });
}

/** The people who are all to be on a photo, if there is anybody. */
export function together(query: Query, vocabulary: Vocabulary): string[] {
  return query
    .filter(({ not, any }) => !not && any.every(isOfPeople))
    .map((clause) => clauseWords(clause, vocabulary));
}

/** A whole search as a title: `Anna and Ben, without Carl, summer 2019`. */
export function queryWords(query: Query, vocabulary: Vocabulary): string {
  const people = together(query, vocabulary);
  const others = query
    .filter(({ not, any }) => not || !any.every(isOfPeople))
    .map((clause) => clauseWords(clause, vocabulary));
  const text = [...(people.length > 0 ? [listed(people)] : []), ...others].join(', ');
  return text.replace(/^\p{Ll}/u, (first) => first.toLocaleUpperCase());
}
