import type { Attachment } from 'svelte/attachments';

/** The menu of an item in a list, where the pointer is. */
class ItemMenu {
  /** Where on the screen; null: it is closed. */
  at = $state.raw<{ x: number; y: number } | null>(null);
  /** Where the item leads; null: nowhere. */
  address = $state.raw<string | null>(null);
  #before: Element | null = null;

  open(at: { x: number; y: number }, address: string | null): void {
    this.#before = document.activeElement;
    this.at = at;
    this.address = address;
  }

  /** Gives the focus back to where it was. */
  close(): void {
    this.at = null;
    if (this.#before instanceof HTMLElement && this.#before.isConnected)
      this.#before.focus({ preventScroll: true });
  }
}

export const itemMenu = new ItemMenu();

/**
 * Opens the menu of what can be done with an item of a list: by the right button, a long touch, or the key for it. An item that
 * is not selected is selected first, so that the menu is about what somebody sees as selected. Elsewhere in the list, and in a
 * field, the browser has a menu of its own.
 *
 * @param onpick selects an item by its `data-select`, and nothing else
 */
export function opensMenu(onpick: (key: string) => void): Attachment<HTMLElement> {
  return (root) => {
    const open = (event: MouseEvent) => {
      if (event.defaultPrevented || !(event.target instanceof Element)) return;
      const item = event.target.closest<HTMLElement>('[data-select]');
      if (item === null || event.target.closest('input, textarea') !== null) return;
      event.preventDefault();
      if (!item.classList.contains('selected')) onpick(item.dataset.select!);
      const address = item.querySelector('a')?.getAttribute('href') ?? null;
      itemMenu.open({ x: event.clientX, y: event.clientY }, address);
    };
    root.addEventListener('contextmenu', open);
    return () => root.removeEventListener('contextmenu', open);
  };
}
