import type { Attachment } from 'svelte/attachments';

/**
 * Shows a picture, and gives up the request when the element goes: a browser would finish it otherwise, and someone who
 * scrolls through thousands of faces would wait for all that were passed.
 */
export function picture(source: string): Attachment<HTMLImageElement> {
  return (image) => {
    image.decoding = 'async';
    image.src = source;
    image.classList.remove('broken');
    const failed = () => image.classList.add('broken');
    image.addEventListener('error', failed);
    return () => {
      image.removeEventListener('error', failed);
      if (!image.complete) image.removeAttribute('src');
    };
  };
}
