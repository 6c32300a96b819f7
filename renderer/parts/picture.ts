import type { Attachment } from 'svelte/attachments';

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
 * scrolls through thousands of faces would wait for all that were passed. The element says by its class whether the picture
 * is `here`, or `broken`.
 */
export function picture(source: string): Attachment<HTMLImageElement> {
  return (image) => {
    const former = image.getAttribute('src');
    // Where only the rest of a card has changed, its picture is left alone.
    if (former !== source) {
      // An element that showed another picture would go on with that until this one is here.
      if (former !== null) image.removeAttribute('src');
      image.decoding = 'async';
      image.src = source;
      image.classList.remove('broken');
      // One that was shown a moment ago is here at once.
      image.classList.toggle('here', image.complete);
    }
    return () => {
      if (!image.complete) image.removeAttribute('src');
    };
  };
}
