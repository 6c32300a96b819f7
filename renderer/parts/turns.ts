/** What is done in one frame. */
const A_FRAME = 2;

const waiting = new Set<() => void>();
let goesOn = false;

/** Does what nobody can see yet once the frame that is made now is on the screen, a little in each frame after it. */
export function inTurn(work: () => void): () => void {
  waiting.add(work);
  if (!goesOn) {
    goesOn = true;
    requestAnimationFrame(() => requestAnimationFrame(next));
  }
  return () => waiting.delete(work);
}

function next(): void {
  for (const work of [...waiting].slice(0, A_FRAME)) {
    waiting.delete(work);
    work();
  }
  goesOn = waiting.size > 0;
  if (goesOn) requestAnimationFrame(next);
}
