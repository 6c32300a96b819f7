/**
 * The same sentences in another language: one that is missing is a type error. `key_one` and `key_other` are the
 * singular and the plural of `key`; a language that has more forms adds them.
 */
export type Translated<E> = Record<keyof E, string> & Partial<Record<FormsOf<keyof E>, string>>;

type FormsOf<K> = K extends `${infer Base}_other` ? `${Base}_${'zero' | 'two' | 'few' | 'many'}` : never;

/** The English sentences of some files, by key. */
export type SentencesOf<F> = F extends readonly [{ default: infer E }, ...infer Rest]
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
