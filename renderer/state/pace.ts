/** Screens a second from which nobody can look at what goes by. */
const FAST = 2;
/** How long nobody scrolls so fast until what was left out comes, in milliseconds. */
const CALM = 200;
/** Milliseconds from frame to frame from which scrolling is not smooth. */
const LATE = 17;
/** What is done after each frame of what was left out, in milliseconds: what one can scroll on beside. */
const AT_ONCE = 6;
/** Share of the latest frame in the mean of all: what makes it worse tells at once, and is forgotten slowly. */
const LATEST = { worse: 0.2, better: 0.03 };

let last = { at: 0, y: 0 };
let calm: ReturnType<typeof setTimeout> | undefined;
let frame = { at: 0, mean: 0 };
const waiting = new Set<() => void>();

window.addEventListener(
  'scroll',
  ({ timeStamp: at }) => {
    const y = window.scrollY;
    const screens = Math.abs(y - last.y) / window.innerHeight;
    const seconds = (at - last.at) / 1000;
    last = { at, y };
    if (calm === undefined) {
      if (screens < FAST * seconds) return;
      frame = { at: 0, mean: 0 };
      requestAnimationFrame(watch);
    }
    clearTimeout(calm);
    calm = setTimeout(rest, CALM);
  },
  { passive: true },
);

function rest(): void {
  calm = undefined;
  requestAnimationFrame(() => setTimeout(makeUp));
}

/** The latest first: they are where one scrolled to. */
function makeUp(): void {
  const end = performance.now() + AT_ONCE;
  for (const work of [...waiting].reverse()) {
    if (isFast()) return;
    if (performance.now() > end) {
      requestAnimationFrame(() => setTimeout(makeUp));
      return;
    }
    waiting.delete(work);
    work();
  }
}

function watch(at: number): void {
  if (calm === undefined) return;
  const took = frame.at === 0 ? 0 : at - frame.at;
  const share = took > frame.mean ? LATEST.worse : LATEST.better;
  frame = { at, mean: frame.mean + share * (took - frame.mean) };
  requestAnimationFrame(watch);
}

/** Whether somebody scrolls too fast to see anything but what is largest. */
export const isFast = (): boolean => calm !== undefined;

/** Whether somebody scrolls so fast, and the machine can't draw all that goes by sixty times a second. */
export const isLate = (): boolean => isFast() && frame.mean > LATE;

/** Does something once nobody scrolls fast any more. Returns how to take it back. */
export function onceCalm(work: () => void): () => void {
  waiting.add(work);
  return () => waiting.delete(work);
}
