import { flushSync } from 'svelte';

/** What is done between two frames, in milliseconds: one can scroll and type beside it. */
const AT_ONCE = 8;

/** What waits, and whether somebody would see it first. */
const waiting = new Map<() => void, () => boolean>();
let goesOn = false;

/**
 * Does something once the frame that is made now is on the screen, a little after each: what would hold that frame up, or
 * what nobody can see yet. Returns how to take it back.
 *
 * @param isFirst is asked when its turn may have come: those for which it holds are done before all others
 */
export function inTurn(work: () => void, isFirst: () => boolean = () => false): () => void {
  waiting.set(work, isFirst);
  if (!goesOn) {
    goesOn = true;
    afterFrame(next);
  }
  return () => waiting.delete(work);
}

function next(): void {
  const end = performance.now() + AT_ONCE;
  const { first = [], later = [] } = Object.groupBy(waiting, ([, isFirst]) =>
    isFirst() ? 'first' : 'later',
  );
  for (const [work] of [...first, ...later]) {
    // What was done before it may have taken it back.
    if (!waiting.delete(work)) continue;
    work();
    // Now, so that it is known how long it took.
    flushSync();
    if (performance.now() >= end) break;
  }
  goesOn = waiting.size > 0;
  if (goesOn) afterFrame(next);
}

/** A task of its own: within the frame's it would be one with drawing it. */
export const afterFrame = (work: () => void) => requestAnimationFrame(() => setTimeout(work));
