import SelectionArea from '@viselect/vanilla';
import type { Attachment } from 'svelte/attachments';

/**
 * Lets a rectangle be drawn from empty ground; what it touches of `[data-select]` is told while it grows.
 *
 * @param ontouch values of `data-select`, and whether what was selected before stays
 */
export function rubber(ontouch: (keys: string[], keep: boolean) => void): Attachment<HTMLElement> {
  return (root) => {
    root.dataset.rubber = '';
    const area = new SelectionArea({
      selectables: ['[data-select]'],
      boundaries: [root],
      startAreas: [root],
      selectionAreaClass: 'rubber',
      behaviour: { startThreshold: 8, overlap: 'keep' },
      features: { touch: false, range: false, singleTap: { allow: false } },
    });
    area.on('beforestart', ({ event }) => {
      const target = event?.target as Element | null;
      // Where areas are nested, only the inner one draws a rectangle.
      const isOwn = target?.closest('[data-rubber]') === root;
      return isOwn && target?.closest('a, button, input, [data-select]') === null;
    });
    area.on('start', () => area.clearSelection(true, true));
    area.on('move', ({ event, store }) => {
      const keys = store.selected.flatMap((element) => (element as HTMLElement).dataset.select ?? []);
      ontouch(keys, event?.shiftKey === true || event?.ctrlKey === true || event?.metaKey === true);
    });
    return () => area.destroy();
  };
}

/** Ids among values of `data-select` such as `face:7`, of one kind. */
export function idsOf<Id extends number>(keys: readonly string[], kind: string): Id[] {
  const start = `${kind}:`;
  return keys.filter((key) => key.startsWith(start)).map((key) => Number(key.slice(start.length)) as Id);
}
