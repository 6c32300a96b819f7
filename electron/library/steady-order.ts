/**
 * An order that holds still while the list changes: what was listed before keeps its place among the others, and what is
 * new comes at the end.
 */
export class SteadyOrder<Id> {
  /** The list as it was last sorted; its ranks are worked out once a steady list is asked for. */
  #first: readonly { id: Id }[] = [];
  #ranks: Map<Id, number> | null = null;

  /**
   * @param items all that there are, the first first
   * @param steady whether the order of before holds; else it begins anew
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
