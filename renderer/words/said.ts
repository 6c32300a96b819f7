import type { JournalEntry } from '../../electron/contract/people.ts';
import { type Key, languages } from './all.ts';

/** A sentence by its key, with what stands in its braces. */
export interface Said {
  key: Extract<Key, `journal.${string}`>;
  values: Record<string, string | number>;
}

/** What of an entry's detail is counted: it chooses the plural. */
const COUNTED = ['faces', 'groups', 'moved'];

const HOLE = /\{\{(\w+)\}\}/g;

/**
 * The sentence for a journal entry. A sentence whose values the entry lacks is never shown, such as one of an answer
 * about nobody: a plainer one is taken.
 */
export function saidOf({ action, detail }: Pick<JournalEntry, 'action' | 'detail'>): Said {
  const values: Said['values'] = {};
  for (const [name, value] of Object.entries(detail)) {
    if (value === null) continue;
    values[name] = value;
    if (COUNTED.includes(name) && typeof value === 'number') values.count = value;
  }
  // Names that were taken over may be of people without a face alone, or relations alone.
  const rather = values.count === 0 ? [`${action}-without-faces`] : [];
  const wanted = [...rather, `${action}-${detail.answer ?? 'of'}`, action, 'other'].map(
    (word) => `journal.${word}`,
  );
  const key = wanted.find((one) => holesOf(one)?.every((name) => name in values));
  return { key: (key ?? 'journal.other') as Said['key'], values };
}

/** What a sentence must be given; null where there is none of that key. */
function holesOf(key: string): string[] | null {
  const sentences = languages.en!;
  const plural = sentences[`${key}_other`];
  const sentence = plural ?? sentences[key];
  if (sentence === undefined) return null;
  const holes = [...sentence.matchAll(HOLE)].map(([, name]) => name!);
  return plural === undefined ? holes : ['count', ...holes.filter((name) => name !== 'n')];
}
