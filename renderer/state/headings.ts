/** Photos of one month, `2016-08`; null: of no known date. */
export interface Month {
  month: string | null;
  photos: number;
}

/** Photos under which headings only get in the way: one sees them all at once. */
const FEW = 12;
/** Photos that a heading should stand over, on average: so many, and half a row of a wide window. */
const [LEAST, OF_ROW] = [4, 0.5];

/**
 * What photos are best told apart by: the finest that keeps enough photos together.
 *
 * @param columns photos beside each other; under few photos in a wide row, a page is more headings than photos
 * @returns null where no headings help
 */
export function headingsOf(
  months: readonly Month[],
  finest: 'month' | 'year',
  columns = 1,
): 'month' | 'year' | null {
  const dated = months.filter(({ month }) => month !== null);
  const sum = (some: readonly Month[]) => some.reduce((all, { photos }) => all + photos, 0);
  if (dated.length === 0 || sum(months) < FEW) return null;
  const enough = Math.max(LEAST, columns * OF_ROW);
  const years = new Set(dated.map(({ month }) => month!.slice(0, 4))).size;
  if (finest === 'month' && sum(dated) >= enough * dated.length) return 'month';
  return sum(dated) >= enough * years ? 'year' : null;
}
