/** How long a list may take to be there again, in milliseconds. */
const PATIENCE = 3000;
/** How long it moves about once it is, since headings and heights come later. */
const SETTLES = 600;

/** How far down one was, by entry of the browser's history. */
const places = new Map<string, number>();
/** The place in the browser's history that is shown; going back comes to the same. Empty where the browser won't say. */
export const entryKey = (): string =>
  ('navigation' in window ? window.navigation.currentEntry?.key : undefined) ?? '';
let returning: AbortController | null = null;

history.scrollRestoration = 'manual';
window.addEventListener(
  'scroll',
  () => {
    if (returning === null) places.set(entryKey(), window.scrollY);
  },
  { passive: true },
);

/**
 * To be called when another screen is shown: a new one begins at the top, and one that was gone back to where it was, as
 * soon as its list is long enough again.
 */
export function arrive(): void {
  returning?.abort();
  returning = null;
  const wanted = (entryKey() && places.get(entryKey())) || 0;
  window.scrollTo(0, 0);
  if (wanted === 0) return;
  const stop = new AbortController();
  returning = stop;
  const done = () => {
    stop.abort();
    if (returning === stop) returning = null;
  };
  // Whoever scrolls meanwhile wants to be elsewhere.
  for (const kind of ['wheel', 'keydown', 'pointerdown'] as const)
    window.addEventListener(kind, done, { signal: stop.signal, passive: true });
  let end = performance.now() + PATIENCE;
  let isThere = false;
  const look = () => {
    if (stop.signal.aborted) return;
    if (performance.now() > end) {
      done();
      return;
    }
    const isLongEnough = document.documentElement.scrollHeight - window.innerHeight >= wanted;
    if (isLongEnough && window.scrollY !== wanted) window.scrollTo(0, wanted);
    if (isLongEnough && !isThere) {
      isThere = true;
      end = performance.now() + SETTLES;
    }
    requestAnimationFrame(look);
  };
  look();
}
