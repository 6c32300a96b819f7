import { tick } from 'svelte';
import type { FaceId } from '../../electron/contract/ids.ts';
import type { Selection } from '../state/selection.svelte.ts';
import { type FaceStacks, facesOf, type ShownFace } from '../state/stacks.svelte.ts';

interface Of {
  list: () => FaceStacks;
  chosen: () => Selection<FaceId>;
  /** What holds the grid. */
  root: () => HTMLElement | undefined;
  /** Makes a cell of the grid the one that Tab leads to. */
  moveTo: (index: number) => void;
}

/** What can be done with the tiles of a grid in which versions of one photo may be a stack. */
export function stackActions({ list, chosen, root, moveTo }: Of) {
  /** What is shown as one tile is selected as one. */
  function select(face: ShownFace, index: number, event: MouseEvent | KeyboardEvent): void {
    const [id, ...others] = facesOf(face);
    const range = (from: number, upTo: number) =>
      list()
        .slice(from, upTo + 1)
        .flatMap(facesOf);
    chosen().click(id!, index, event, range, others);
  }

  /** @param key Escape takes a selection away before it closes a stack */
  async function toggle(face: ShownFace, index: number, key?: 'Escape'): Promise<void> {
    if (key === 'Escape' && chosen().size > 0) return;
    const start = face.place ? list().indexOf(face) : index;
    if (list().toggle(face)) return;
    const closed = list().at(start);
    // Nobody sees which of its faces were selected.
    const faces = closed ? facesOf(closed) : [];
    if (!faces.every((one) => chosen().has(one))) for (const one of faces) chosen().ids.delete(one);
    moveTo(start);
    await tick();
    requestAnimationFrame(() =>
      root()?.querySelector<HTMLElement>(`[data-index="${start}"] [tabindex="0"]`)?.focus(),
    );
  }

  return { select, toggle: (...given: Parameters<typeof toggle>) => void toggle(...given) };
}
