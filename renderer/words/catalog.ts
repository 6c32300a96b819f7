/** The same sentences in every language that Kith speaks; a key that one lacks is a type error. */
export interface Catalog<E extends Record<string, string> = Record<string, string>> {
  en: E;
  de: Record<keyof E, string>;
}

/** `key_one` and `key_other` are the singular and the plural of `key`. */
export function catalog<const E extends Record<string, string>>(
  en: E,
  de: Record<NoInfer<keyof E>, string>,
): Catalog<E> {
  return { en, de };
}

/** The English sentences of some catalogs, by key. */
export type SentencesOf<C> = C extends readonly [Catalog<infer E>, ...infer Rest]
  ? E & SentencesOf<Rest>
  : unknown;

/** Keys as they are asked for: without the ends that choose a plural. */
export type KeyOf<S> = keyof S extends infer K
  ? K extends `${infer Base}_${'one' | 'other'}`
    ? Base
    : Extract<K, string>
  : never;

/** The names that stand in braces: `'{{name}} is on {{n}} photos'` → `'name' | 'n'`. */
type Holes<S> = S extends `${string}{{${infer Name}}}${infer Rest}` ? Name | Holes<Rest> : never;

/**
 * What a sentence must be given. Of a plural that is `count`, which chooses between its two sentences and is written as
 * `{{n}}` in both.
 */
export type ValuesOf<S, K> = K extends string
  ? `${K}_other` extends keyof S
    ? Exclude<Holes<S[Extract<keyof S, `${K}_one` | `${K}_other`>]>, 'n'> | 'count'
    : Holes<S[Extract<keyof S, K>]>
  : never;
