import type { Attachment } from 'svelte/attachments';
import { isLate, onceCalm } from '../state/pace.ts';

// One listener for all pictures, since thousands of them come and go.
for (const [kind, told] of [
  ['load', 'here'],
  ['error', 'broken'],
] as const)
  document.addEventListener(
    kind,
    ({ target }) => {
      if (target instanceof HTMLImageElement) target.classList.add(told);
    },
    { capture: true },
  );

/**
 * Shows a picture, and gives up the request when the element goes: a browser would finish it otherwise, and someone who
 * scrolls through thousands of faces would wait for all that were passed. Where they fly by faster than the machine can
 * draw them, some are not asked for before that is over. The element says by its class whether the picture is `here`, or
 * `broken`.
 */
export function picture(source: string): Attachment<HTMLImageElement> {
  return (image) => {
    const former = image.getAttribute('src');
    // Where only the rest of a card has changed, its picture is left alone.
    const giveUp = former === source ? undefined : replace(image, former, source);
    return () => {
      giveUp?.();
      if (!image.complete) image.removeAttribute('src');
    };
  };
}

/** @returns how to take back what waits */
function replace(image: HTMLImageElement, former: string | null, source: string): (() => void) | undefined {
  // An element that showed another picture would go on with that until this one is here.
  if (former !== null) image.removeAttribute('src');
  image.classList.remove('here', 'broken');
  const show = () => {
    image.decoding = 'async';
    image.src = source;
    // One that was shown a moment ago is here at once.
    image.classList.toggle('here', image.complete);
  };
  if (isLate()) return onceCalm(show);
  show();
  return undefined;
}
