import { SvelteSet } from 'svelte/reactivity';

/** What is selected in a list, by id; clicks as in every file manager: alone, with Ctrl or Cmd, with Shift. */
export class Selection<Id> {
  readonly ids = new SvelteSet<Id>();
  #anchor: number | null = null;

  get size(): number {
    return this.ids.size;
  }

  /** Place in the list of what was clicked last without Shift; null: nothing was. */
  get anchor(): number | null {
    return this.#anchor;
  }

  has(id: Id): boolean {
    return this.ids.has(id);
  }

  /**
   * @param range ids from one index to another, both included
   * @param more ids that are selected, or not, along with this one
   */
  click(
    id: Id,
    index: number,
    { shiftKey = false }: { shiftKey?: boolean },
    range: (from: number, to: number) => Id[],
    more: readonly Id[] = [],
  ): void {
    if (shiftKey && this.#anchor !== null) {
      for (const other of range(Math.min(this.#anchor, index), Math.max(this.#anchor, index)))
        this.ids.add(other);
      return;
    }
    const isOn = !this.ids.has(id);
    for (const one of [id, ...more]) {
      if (isOn) this.ids.add(one);
      else this.ids.delete(one);
    }
    this.#anchor = index;
  }

  set(ids: Iterable<Id>): void {
    this.ids.clear();
    for (const id of ids) this.ids.add(id);
  }

  clear(): void {
    this.ids.clear();
    this.#anchor = null;
  }
}
