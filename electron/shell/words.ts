/// <reference types="vite/client" />
import { languages, spokenOf, titleOf } from '../../renderer/words/all.ts';
import { KithError } from '../contract/errors.ts';
import type { Destination } from '../contract/places.ts';

type Desktop = typeof import('../../renderer/words/en/desktop.ts').default;

/** What the desktop says around the page, by the file that says it: one in each language's folder. */
const files = import.meta.glob<Desktop>('../../renderer/words/*/desktop.ts', {
  eager: true,
  import: 'default',
});

/** What the desktop says in one language, and what the page calls its screens. */
export type Words = Desktop & { place(name: Destination): string };

/** @param language a language tag */
export function wordsIn(language: string): Words {
  const spoken = spokenOf([language]);
  const of = (tag: string) => files[`../../renderer/words/${tag}/desktop.ts`];
  return {
    ...of('en')!,
    ...of(spoken),
    place: (name) => (languages[spoken]![titleOf(name)] ?? languages.en![titleOf(name)])!,
  };
}

/** A failure as the desktop says it: the sentence of its code, and what it is about. */
export function failureIn(words: Words, error: unknown): string {
  if (!(error instanceof KithError)) return error instanceof Error ? error.message : String(error);
  return [words.failures[error.code], error.detail].filter(Boolean).join('\n\n');
}
