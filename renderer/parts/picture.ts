import type { Attachment } from 'svelte/attachments';

/**
 * Shows a picture, and gives up the request when the element goes: a browser would finish it otherwise, and someone who
 * scrolls through thousands of faces would wait for all that were passed.
 */
export function picture(source: string): Attachment<HTMLImageElement> {
  return (image) => {
    image.decoding = 'async';
    image.src = source;
    image.classList.remove('broken', 'here');
    const failed = () => image.classList.add('broken');
    const loaded = () => image.classList.add('here');
    image.addEventListener('error', failed);
    image.addEventListener('load', loaded);
    return () => {
      image.removeEventListener('error', failed);
      image.removeEventListener('load', loaded);
      if (!image.complete) image.removeAttribute('src');
    };
  };
}
