import type { Section } from './rows.ts';

/** A month or a year in a long list of photos. */
export interface Stop {
  title: string;
  /** Four digits; null: photos of no known date. */
  year: string | null;
  /** Place of its first photo in the list. */
  index: number;
}

/** Pixels between two years that are written at the edge, at least: a line of small text. */
const APART = 20;

/** Where each section of a list begins. */
export function stopsOf(sections: readonly Section[]): Stop[] {
  let index = 0;
  return sections.map(({ title, year, count }) => {
    const stop = { title, year: year ?? null, index };
    index += count;
    return stop;
  });
}

/** Number of the stop that a photo belongs to; 0 where there is none before it. */
export function stopAt(stops: readonly Stop[], index: number): number {
  return Math.max(
    0,
    stops.findLastIndex((stop) => stop.index <= index),
  );
}

/**
 * The years that are written at the edge, each where its first photo is, as a share of the height. Years for which there
 * is no room beside the one before are left out.
 *
 * @param height in pixels
 */
export function marksOf(
  stops: readonly Stop[],
  total: number,
  height: number,
): { year: string; share: number }[] {
  const marks: { year: string; share: number }[] = [];
  let former: string | null = null;
  for (const { year, index } of stops) {
    const share = index / total;
    const before = marks.at(-1)?.share ?? Number.NEGATIVE_INFINITY;
    if (year !== null && year !== former && (share - before) * height >= APART) marks.push({ year, share });
    former = year;
  }
  return marks;
}
