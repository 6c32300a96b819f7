import type { KeptCopy } from '../contract/copies.ts';

/** A copy as far as it matters for how long it is kept. */
export type Dated = Pick<KeptCopy, 'path' | 'when' | 'why' | 'bytes'>;

const DAY = 24 * 60 * 60 * 1000;

/** The names of copies give their time no more exactly. */
const SECOND = 1000;

/** How many of the latest are kept, and of how many months one each. */
const LATEST = 5;
const MONTHS = 12;

/** Days in which a record that another has replaced is kept, whatever room it takes: somebody may want it back. */
const REPLACED = 30;

/** Two are kept whatever room they take: a single one may turn out to be damaged. */
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
 * Which copies are not kept any longer: all but the last five and one of each month of a year; the oldest of these too
 * where they take more room than they may. Copies that the user asked for stay.
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
    // Asked of each, so that the newest of a month stands for it even where it is one of the last five.
    const isMonthly = isNewestOfMonth(copy) && age(copy) < MONTHS * 31;
    const isWanted = place < LATEST || isMonthly;
    const hasRoom = place < LEAST || taken + copy.bytes <= room;
    if (isWanted && hasRoom) taken += copy.bytes;
    else surplus.push(copy);
  });
  return surplus;
}

/** Whether another record has taken its place. */
function isFormer({ why }: Dated): boolean {
  return why === 'restore' || why === 'replaced';
}

/**
 * Whether a weekly copy is due: a week after the last one, the first a day after the library was made, and only where the
 * library has changed since.
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
  // Where the clock was set back, a copy of the future is as good as none.
  return Math.abs(now - last) >= 7 * DAY && library.changed >= last + SECOND;
}
