/// <reference types="vite/client" />
import type { Destination } from '../../electron/contract/places.ts';
import type { KeyOf, SentencesOf, ValuesOf } from './catalog.ts';

// A folder is a language, named by its tag. Its files are found by themselves. English has every sentence, and says of
// each what it must be given; what another language lacks is said in English.

/** The page's sentences by the tag of their language, English first. */
export const languages: Readonly<Record<string, Readonly<Record<string, string>>>> = gather(
  import.meta.glob<Record<string, string>>(['./*/*.ts', '!./*/desktop.ts'], {
    eager: true,
    import: 'default',
  }),
);

function gather(files: Record<string, Record<string, string>>) {
  const all: Record<string, Record<string, string>> = { en: {} };
  for (const [file, sentences] of Object.entries(files)) {
    const [, language = ''] = file.split('/');
    // Into one object: a new one with all sentences for each file would take 12 ms of the page's start.
    all[language] = Object.assign(all[language] ?? {}, sentences);
  }
  return all;
}

/** The first of these languages that Kith speaks, or else English. @param tags such as `de-AT`, the most wanted first */
export function spokenOf(tags: readonly string[]): string {
  return (
    tags.map((tag) => tag.toLowerCase().split('-')[0]!).find((tag) => Object.hasOwn(languages, tag)) ?? 'en'
  );
}

/** What each file adds to the keys that there are. */
type Sentences = SentencesOf<
  [
    typeof import('./en/frame.ts'),
    typeof import('./en/failures.ts'),
    typeof import('./en/welcome.ts'),
    typeof import('./en/recommended.ts'),
    typeof import('./en/people.ts'),
    typeof import('./en/person.ts'),
    typeof import('./en/facts.ts'),
    typeof import('./en/relations.ts'),
    typeof import('./en/group.ts'),
    typeof import('./en/faces.ts'),
    typeof import('./en/photos.ts'),
    typeof import('./en/photo.ts'),
    typeof import('./en/search.ts'),
    typeof import('./en/review.ts'),
    typeof import('./en/decide.ts'),
    typeof import('./en/compare.ts'),
    typeof import('./en/export.ts'),
    typeof import('./en/metadata.ts'),
    typeof import('./en/settings.ts'),
    typeof import('./en/copies.ts'),
    typeof import('./en/doctor.ts'),
    typeof import('./en/insight.ts'),
    typeof import('./en/journal.ts'),
    typeof import('./en/alike.ts'),
    typeof import('./en/names.ts'),
  ]
>;

export type Key = KeyOf<Sentences>;

/** Keys of sentences that need no values. */
export type PlainKey = {
  [K in Key]: [ValuesOf<Sentences, K>] extends [never] ? K : never;
}[Key];

/** What a screen is called that a command leads to. */
export const titleOf = (name: Destination): PlainKey => `places.${name}`;

/** What the sentence of a key must be given; of one of several keys, what any of them needs. */
export type Values<K extends Key> = Record<ValuesOf<Sentences, K>, string | number>;

/** The last argument of whatever says a sentence: left out where the sentence needs nothing. */
export type Given<K extends Key> = [ValuesOf<Sentences, K>] extends [never] ? [] : [values: Values<K>];
