import { inTurn } from './turns.ts';

/** Screens a second from which nobody can look at what goes by. */
const FAST = 2;
/** How long nobody scrolls so fast until what was left out comes, in milliseconds. */
const CALM = 200;
/** Milliseconds after the one before that a frame is late: one was left out, at fifty a second too. */
const LATE = 25;
/** How long it is remembered that one was, in milliseconds: pictures that come at once would hold up the next ones. */
const REMEMBERED = 1000;

let last = { at: 0, y: 0 };
let calm: ReturnType<typeof setTimeout> | undefined;
/** When the latest frame was, and the latest that was late. */
let frame = { at: 0, late: Number.NEGATIVE_INFINITY };
/** What is left out, and how to take it back once it is to have its turn. */
const waiting = new Map<() => void, (() => void) | null>();

window.addEventListener(
  'scroll',
  ({ timeStamp: at }) => {
    const y = window.scrollY;
    const screens = Math.abs(y - last.y) / window.innerHeight;
    const seconds = (at - last.at) / 1000;
    last = { at, y };
    if (calm === undefined) {
      if (screens < FAST * seconds) return;
      frame = { ...frame, at: Number.POSITIVE_INFINITY };
      requestAnimationFrame(watch);
    }
    clearTimeout(calm);
    calm = setTimeout(rest, CALM);
  },
  { passive: true },
);

/** The latest first: they are where one scrolled to. */
function rest(): void {
  calm = undefined;
  for (const [work, takeBack] of [...waiting].reverse()) {
    if (takeBack !== null) continue;
    const make = () => {
      waiting.set(work, null);
      if (isFast()) return;
      waiting.delete(work);
      work();
    };
    waiting.set(work, inTurn(make));
  }
}

function watch(at: number): void {
  if (calm === undefined) return;
  frame = { at, late: at - frame.at > LATE ? at : frame.late };
  requestAnimationFrame(watch);
}

/** Whether somebody scrolls too fast to see anything but what is largest. */
export const isFast = (): boolean => calm !== undefined;

/** Whether somebody scrolls so fast, and the machine can't draw all that goes by as often as the screen shows it. */
export const isLate = (): boolean => isFast() && performance.now() - frame.late < REMEMBERED;

/** Does something in its turn, once nobody scrolls fast (any more). Returns how to take it back. */
export function onceCalm(work: () => void): () => void {
  waiting.set(work, null);
  if (!isFast()) rest();
  return () => {
    waiting.get(work)?.();
    waiting.delete(work);
  };
}
