/**
 * An order that stays the same while a list changes: items that were listed before keep their places among each other, and
 * new ones come at the end.
 */
export class SteadyOrder<Id> {
  /** The list as it was last sorted. Its ranks are computed once a steady list is asked for. */
  #first: readonly { id: Id }[] = [];
  #ranks: Map<Id, number> | null = null;

  /**
   * @param items all items, in the order that a new list has
   * @param steady true: the former order is kept; false: a new list begins
   */
  of<Item extends { id: Id }>(items: readonly Item[], steady: boolean): readonly Item[] {
    if (!steady) {
      this.#first = items;
      this.#ranks = null;
      return items;
    }
    const ranks = this.#ranks ?? new Map(this.#first.map(({ id }, rank) => [id, rank]));
    this.#ranks = ranks;
    for (const { id } of items) if (!ranks.has(id)) ranks.set(id, ranks.size);
    return items.toSorted((a, b) => ranks.get(a.id)! - ranks.get(b.id)!);
  }
}
