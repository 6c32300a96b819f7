import { untrack } from 'svelte';
import { SvelteMap } from 'svelte/reactivity';
import { type Refused, worthSaying } from '../refused.ts';

/** Items that are asked for at once. */
const PAGE = 200;

interface Page<T> {
  items: T[];
  total: number;
}

/** What a grid reads of a list. */
export interface LongList<T> {
  /** Null until it is known. */
  readonly total: number | null;
  readonly refusal: Refused | null;
  /** Undefined where it is not there yet. */
  at(index: number): T | undefined;
  /** The items from..to (exclusive) that are there. */
  slice(from: number, to: number): T[];
  /** These are looked at now. */
  need(first: number, last: number): void;
  /** Everything may be another than it was. */
  refresh(): void;
}

/**
 * A list of any length, of which only what is looked at is fetched. Pages that were scrolled past before their turn came
 * are not asked for; a refresh keeps what is shown until the new is there.
 *
 *     const people = new Paged((cursor, limit) => ask('people.list', { cursor, limit }));
 *     people.need(0, 40);
 */
export class Paged<T> implements LongList<T> {
  /** Null until the first page is there. */
  total = $state<number | null>(null);
  refusal = $state<Refused | null>(null);
  readonly #read: (cursor: string, limit: number) => Promise<Page<T>>;
  readonly #pages = new SvelteMap<number, T[]>();
  readonly #stale = new Set<number>();
  #wanted: [number, number] = [0, 0];
  #round = 0;
  #busy = false;

  constructor(read: (cursor: string, limit: number) => Promise<Page<T>>) {
    this.#read = read;
  }

  at(index: number): T | undefined {
    return this.#pages.get(Math.floor(index / PAGE))?.[index % PAGE];
  }

  slice(from: number, to: number): T[] {
    const found: T[] = [];
    for (let index = from; index < to; index++) {
      const item = this.at(index);
      if (item !== undefined) found.push(item);
    }
    return found;
  }

  need(first: number, last: number): void {
    this.#wanted = [Math.floor(Math.max(0, first) / PAGE), Math.floor(Math.max(0, last) / PAGE)];
    void this.#work();
  }

  /** Fetches what is missing of the items from..to (exclusive), though nobody looks at them. @throws Refused */
  async fetch(from: number, to: number): Promise<void> {
    const last = Math.floor(Math.max(from, to - 1) / PAGE);
    for (let page = Math.floor(from / PAGE); page <= last; page++) {
      if (this.#pages.has(page)) continue;
      const { items } = await this.#read(String(page * PAGE), PAGE);
      this.#pages.set(page, items);
    }
  }

  /** All items that are there, with their places, in no order. */
  *entries(): Generator<[index: number, item: T]> {
    for (const [page, items] of this.#pages)
      for (const [at, item] of items.entries()) yield [page * PAGE + at, item];
  }

  refresh(): void {
    this.#round++;
    // An effect that refreshes a list must not hang on what the list holds, or it would refresh for ever.
    untrack(() => {
      for (const page of this.#pages.keys()) this.#stale.add(page);
    });
    void this.#work();
  }

  /** Leaves items out at once, ahead of the refresh that brings the list without them. */
  drop(gone: (item: T) => boolean): void {
    const all: T[] = [];
    for (const [page, items] of this.#pages)
      for (const [at, item] of items.entries()) all[page * PAGE + at] = item;
    const before = all.length;
    // Pages that are not there leave holes, which stay.
    for (let at = before - 1; at >= 0; at--) if (at in all && gone(all[at]!)) all.splice(at, 1);
    for (const page of this.#pages.keys()) this.#pages.set(page, all.slice(page * PAGE, (page + 1) * PAGE));
    this.total = Math.max(0, (this.total ?? 0) - (before - all.length));
  }

  async #work(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    try {
      const next = () => untrack(() => this.#next());
      for (let page = next(); page !== null; page = next()) {
        const round = this.#round;
        const { items, total } = await this.#read(String(page * PAGE), PAGE);
        this.#pages.set(page, items);
        if (round === this.#round) this.#stale.delete(page);
        this.total = total;
        this.refusal = null;
      }
    } catch (error) {
      this.refusal = worthSaying(error);
    } finally {
      this.#busy = false;
    }
  }

  /** The first wanted page that is missing or stale. */
  #next(): number | null {
    const [first, last] = this.#wanted;
    const end = this.total === null ? first : Math.min(last, Math.floor(Math.max(0, this.total - 1) / PAGE));
    for (let page = first; page <= end; page++) {
      if (!this.#pages.has(page) || this.#stale.has(page)) return page;
    }
    return null;
  }
}
