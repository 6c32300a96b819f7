import { entryKey } from './scroll.ts';

/** By entry of the browser's history and name. */
const kept = new Map<string, unknown>();

/**
 * Something that a screen shows in one way or another, such as a list that is open. Whoever goes back to the screen finds
 * it as it was; where the screen is opened anew it begins anew. To be made while the screen starts.
 */
export class Kept<T> {
  readonly #key: string | null;
  #now: T;

  constructor(name: string, initial: T) {
    const entry = entryKey();
    this.#key = entry === '' ? null : `${entry} ${name}`;
    this.#now = $state(this.#key !== null && kept.has(this.#key) ? (kept.get(this.#key) as T) : initial);
  }

  get now(): T {
    return this.#now;
  }

  set now(now: T) {
    this.#now = now;
    if (this.#key !== null) kept.set(this.#key, now);
  }
}
