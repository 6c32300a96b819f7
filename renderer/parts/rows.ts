/** What a grid shows. */
export interface Item {
  id: number;
}

/** A stretch of a list under a heading of its own. */
export interface Section {
  title: string;
  /** Items in it; all sections together are the list. */
  count: number;
  /** The year it is in, four digits; null: of no known date. */
  year?: string | null;
}

/** A row of a grid: a heading, or the items from..upTo (exclusive). */
export interface Row {
  title: string | null;
  from: number;
  upTo: number;
}

/** How a list falls into rows of so many columns; no row holds items of two sections. */
export function rowsOf(total: number, columns: number, sections?: readonly Section[]): Row[] {
  const rows: Row[] = [];
  let at = 0;
  for (const { title, count } of sections ?? [{ title: null, count: total }]) {
    const end = Math.min(total, at + count);
    if (title !== null && at < end) rows.push({ title, from: at, upTo: at });
    for (; at < end; at += columns) rows.push({ title: null, from: at, upTo: Math.min(end, at + columns) });
    at = end;
  }
  // A list may have grown since its sections were counted.
  for (; at < total; at += columns) rows.push({ title: null, from: at, upTo: Math.min(total, at + columns) });
  return rows;
}

/** Number of the row that an item is in. */
export function rowOf(rows: readonly Row[], index: number): number {
  let low = 0;
  let high = rows.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle]!.upTo <= index) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Where a key leads from an item, as in every grid.
 *
 * @returns null where the key leads nowhere
 */
export function stepFrom(rows: readonly Row[], index: number, key: string): number | null {
  const last = (rows.at(-1)?.upTo ?? 0) - 1;
  const at = rowOf(rows, index);
  const column = index - (rows[at]?.from ?? 0);
  const beside = (step: 1 | -1) => {
    let next = at + step;
    while (rows[next]?.title != null) next += step;
    const row = rows[next];
    return row ? Math.min(row.upTo - 1, row.from + column) : -1;
  };
  const steps: Record<string, () => number> = {
    ArrowLeft: () => index - 1,
    ArrowRight: () => index + 1,
    ArrowUp: () => beside(-1),
    ArrowDown: () => beside(1),
    Home: () => 0,
    End: () => last,
  };
  const next = steps[key]?.() ?? -1;
  return next < 0 || next > last ? null : next;
}
