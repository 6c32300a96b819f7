import i18next from 'i18next';
import { FACTS, type Fact } from '../../electron/contract/fact-list.ts';
import type { JournalEntry } from '../../electron/contract/people.ts';
import type { Refused } from '../refused.ts';
import { type Given, type Key, languages, spokenOf } from './all.ts';
import { saidOf } from './said.ts';

/** Languages that Kith speaks, as they call themselves, by tag. */
export const LANGUAGES = Object.fromEntries(Object.keys(languages).map((tag) => [tag, ownName(tag)]));

/** `de` → `Deutsch`. Some languages write their names small within a sentence. */
function ownName(tag: string): string {
  const name = new Intl.DisplayNames(tag, { type: 'language' }).of(tag) ?? tag;
  return name.replace(/^./u, (first) => first.toLocaleUpperCase(tag));
}

let language = $state('en');

await i18next.init({
  lng: 'en',
  fallbackLng: 'en',
  resources: Object.fromEntries(
    Object.entries(languages).map(([tag, translation]) => [tag, { translation }]),
  ),
  keySeparator: false,
  nsSeparator: false,
  // Svelte escapes what it shows.
  interpolation: { escapeValue: false },
});

/** @param wanted a language tag, or `system` for the machine's */
export function useLanguage(wanted: string): void {
  language = spokenOf(wanted === 'system' ? navigator.languages : [wanted]);
  document.documentElement.lang = language;
}

/**
 * The sentence of a key in the language in use. Numbers are written as that language does; `count` chooses the plural.
 *
 *     t('people.photos', { count: 1204 })   // "1,204 photos"
 */
export function t<K extends Key>(key: K, ...[values]: Given<K>): string {
  return fill(key, values ?? {});
}

/** What a journal entry says was done. */
export function journalWords(entry: Pick<JournalEntry, 'action' | 'detail'>): string {
  const { key, values } = saidOf(entry);
  return fill(key, values);
}

function fill(key: string, values: Record<string, string | number>): string {
  const shown = Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'number' && name !== 'count' ? number(value) : value,
    ]),
  );
  if (typeof values.count === 'number') shown.n = number(values.count);
  return i18next.t(key, { ...shown, lng: language });
}

/** Made once: a number's own `toLocaleString` looks its format up each time. */
const formats = new Map(Object.keys(languages).map((tag) => [tag, new Intl.NumberFormat(tag)]));

export function number(value: number): string {
  return formats.get(language)!.format(value);
}

/** `0.874` → `87 %`, the way the language writes it. */
export function percent(share: number, digits = 0): string {
  return share.toLocaleString(language, { style: 'percent', maximumFractionDigits: digits });
}

/** A probability; what would round to certainty is written as more than `99.9 %`, since Kith is never certain. */
export function likely(probability: number): string {
  if (probability > 0.999) return `> ${percent(0.999, 1)}`;
  if (probability < 0.001) return `< ${percent(0.001, 1)}`;
  return percent(probability, probability > 0.99 || probability < 0.01 ? 1 : 0);
}

/** A camera's local time, or a day: `12 May 2019`. */
export function day(date: string): string {
  const at = new Date(date.length === 10 ? `${date}T12:00:00` : date);
  return at.toLocaleDateString(language, { day: 'numeric', month: 'long', year: 'numeric' });
}

/** What is said of a person, as the language writes it. */
export function factWords(fact: Fact, said: string): string {
  return FACTS[fact] === 'date' ? day(said) : said;
}

/** `May 2019`. */
export function month(date: string): string {
  return new Date(date).toLocaleDateString(language, { month: 'long', year: 'numeric' });
}

/** A month of any year, 1 to 12: `May`. */
export function monthOnly(month: number): string {
  return new Date(2001, month - 1, 15).toLocaleDateString(language, { month: 'long' });
}

/** `Anna and Ben`; `disjunction`: `Anna or Ben`. */
export function listed(
  items: readonly string[],
  type: 'conjunction' | 'disjunction' = 'conjunction',
): string {
  return new Intl.ListFormat(language, { type, style: 'long' }).format(items);
}

export function bytes(count: number): string {
  const [unit, size] = count < 1e6 ? (['kilobyte', 1e3] as const) : (['megabyte', 1e6] as const);
  return (count / size).toLocaleString(language, {
    style: 'unit',
    unit,
    maximumFractionDigits: count < 1e7 ? 1 : 0,
  });
}

/** How long something will take, in words as short as they can be. */
export function duration(seconds: number): string {
  const unit = seconds < 90 ? 'second' : seconds < 5400 ? 'minute' : 'hour';
  const size = { second: 1, minute: 60, hour: 3600 }[unit];
  return Math.max(1, Math.round(seconds / size)).toLocaleString(language, {
    style: 'unit',
    unit,
    unitDisplay: 'short',
  });
}

/** A failure as a sentence for a person. Details of the machine's, in English, are not part of it: see `Trouble`. */
export function sentenceOf({ code, detail }: Refused): string {
  return fill(`failed.${code}`, { detail });
}

/** A moment, UTC in ISO 8601, as people write it where they are. */
export function moment(at: string): string {
  return new Date(at).toLocaleString(language, { dateStyle: 'medium', timeStyle: 'short' });
}
