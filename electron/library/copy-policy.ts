import type { KeptCopy } from '../contract/copies.ts';

/** The parts of a copy that decide how long it is kept. */
export type Dated = Pick<KeptCopy, 'path' | 'when' | 'why' | 'bytes'>;

const DAY = 24 * 60 * 60 * 1000;

/** The names of copies give their time to the second. */
const SECOND = 1000;

/** How many of the latest copies are kept, and for how many months one each. Chosen by hand. */
const LATEST = 5;
const MONTHS = 12;

/** Days for which a record that was replaced is kept, in any size: the user may want it back. Chosen by hand. */
const REPLACED = 30;

/** Copies that are kept in any size. Chosen by hand: a single one may turn out to be damaged. */
const LEAST = 2;

/**
 * The room that copies may take together, in bytes: what four copies take, since the library is mostly crops and does not
 * shrink in a copy, or a tenth of the disk's free room where that is more. Both numbers are chosen by hand.
 *
 * @param free bytes that would be free if there were no copies
 */
export function roomForCopies(library: number, free: number): number {
  return Math.max(4 * library, free / 10);
}

/**
 * The copies that are not kept any longer: all but the last five and one for each month of a year. Of those, the oldest
 * go too where they take more than `room`. Copies that the user asked for stay.
 *
 * @param now milliseconds since 1970
 * @param room bytes
 */
export function surplusCopies<T extends Dated>(copies: readonly T[], now: number, room: number): T[] {
  const age = ({ when }: Dated) => (now - Date.parse(when)) / DAY;
  const automatic = copies
    .filter((copy) => copy.why !== 'hand' && !(isFormer(copy) && age(copy) < REPLACED))
    .sort((a, b) => b.when.localeCompare(a.when));
  const months = new Set<string>();
  const isNewestOfMonth = ({ when }: Dated) => {
    const month = when.slice(0, 7);
    if (months.has(month)) return false;
    months.add(month);
    return true;
  };
  const surplus: T[] = [];
  let taken = 0;
  automatic.forEach((copy, place) => {
    // Called for every copy, so that the newest of a month counts for that month even where it is one of the last five.
    const isMonthly = isNewestOfMonth(copy) && age(copy) < MONTHS * 31;
    const isWanted = place < LATEST || isMonthly;
    const hasRoom = place < LEAST || taken + copy.bytes <= room;
    if (isWanted && hasRoom) taken += copy.bytes;
    else surplus.push(copy);
  });
  return surplus;
}

/** Whether it is a record that another has replaced. */
function isFormer({ why }: Dated): boolean {
  return why === 'restore' || why === 'replaced';
}

/**
 * Whether a weekly copy is due: a week after the last copy, and only where the library has changed since. The first is due
 * a day after the library was made.
 *
 * @param library when its file was made and last changed, milliseconds since 1970
 */
export function isCopyDue(
  copies: readonly Dated[],
  now: number,
  library: { made: number; changed: number },
): boolean {
  // A record that was replaced says nothing of the record that is there now.
  const times = copies.filter((copy) => !isFormer(copy)).map(({ when }) => Date.parse(when));
  if (times.length === 0) return Math.abs(now - library.made) >= DAY;
  const last = Math.max(...times);
  // The distance in time, so that a copy dated in the future, from before the clock was set back, does not stop copies.
  return Math.abs(now - last) >= 7 * DAY && library.changed >= last + SECOND;
}
