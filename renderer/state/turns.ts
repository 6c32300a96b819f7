/** What is done between two frames. */
const AT_ONCE = 2;

const waiting = new Set<() => void>();
let goesOn = false;

/**
 * Does something once the frame that is made now is on the screen, a little after each: what nobody can see yet, or what
 * would hold that frame up. Returns how to take it back.
 */
export function inTurn(work: () => void): () => void {
  waiting.add(work);
  if (!goesOn) {
    goesOn = true;
    afterFrame(next);
  }
  return () => waiting.delete(work);
}

function next(): void {
  for (const work of [...waiting].slice(0, AT_ONCE)) {
    waiting.delete(work);
    work();
  }
  goesOn = waiting.size > 0;
  if (goesOn) afterFrame(next);
}

/** A task of its own: within the frame's it would be one with drawing it. */
export const afterFrame = (work: () => void) => requestAnimationFrame(() => setTimeout(work));
