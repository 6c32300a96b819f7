/** The same sentences in every language that Kith speaks; a key that one lacks is a type error. */
export interface Catalog<K extends string = string> {
  en: Record<K, string>;
  de: Record<K, string>;
}

/** `key_one` and `key_other` are the singular and the plural of `key`. */
export function catalog<K extends string>(en: Record<K, string>, de: Record<NoInfer<K>, string>): Catalog<K> {
  return { en, de };
}

/** Keys as they are asked for: without the ends that choose a plural. */
export type KeyOf<C> =
  C extends Catalog<infer K> ? (K extends `${infer Base}_${'one' | 'other'}` ? Base : K) : never;
