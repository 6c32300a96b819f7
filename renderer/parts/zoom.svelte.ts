import Panzoom, { type PanzoomObject } from '@panzoom/panzoom';
import type { Attachment } from 'svelte/attachments';

/** How far one may come closer; and how far a double click comes. */
const CLOSEST = 8;
const DOUBLE_CLICK = 2.5;
/** A pointer that moved less, in pixels, has clicked. */
const CLICK = 5;

/** Zoom and pan by wheel, pinch, drag, double click, and from buttons and keys. */
export class Zoom {
  /** 1: all of it fits. */
  scale = $state(1);
  /** The pointer moved what it took hold of: its click is none. */
  dragged = false;
  #panzoom: PanzoomObject | undefined;

  /** For the layer that is moved; it has to fill its parent, which is what one looks through. */
  readonly attach: Attachment<HTMLElement> = (layer) => {
    const panzoom = Panzoom(layer, {
      minScale: 1,
      maxScale: CLOSEST,
      contain: 'outside',
      cursor: '',
      // A click on the layer has to be seen by what closes when one clicks outside of it.
      handleStartEvent: (event) => event.preventDefault(),
    });
    this.#panzoom = panzoom;
    const window = layer.parentElement!;
    let from = { x: 0, y: 0 };
    const changed = (event: Event) => {
      const { scale } = (event as CustomEvent<{ scale: number }>).detail;
      // Its arithmetic comes back to 1 by and large.
      this.scale = Math.round(scale * 1000) / 1000;
      layer.style.setProperty('--zoom', String(scale));
      panzoom.setOptions({ cursor: this.scale > 1 ? 'grab' : '' });
    };
    const pressed = ({ clientX: x, clientY: y }: PointerEvent) => {
      from = { x, y };
      this.dragged = false;
    };
    const moved = ({ clientX, clientY, buttons }: PointerEvent) => {
      if (buttons > 0 && Math.hypot(clientX - from.x, clientY - from.y) > CLICK) this.dragged = true;
    };
    const wheel = (event: WheelEvent) => panzoom.zoomWithWheel(event);
    const doubled = (event: MouseEvent) => {
      if ((event.target as Element).closest('button, a')) return;
      if (this.scale > 1) this.fit();
      else panzoom.zoomToPoint(DOUBLE_CLICK, event);
    };
    layer.addEventListener('panzoomchange', changed);
    window.addEventListener('pointerdown', pressed, { capture: true });
    window.addEventListener('pointermove', moved, { capture: true });
    window.addEventListener('wheel', wheel, { passive: false });
    window.addEventListener('dblclick', doubled);
    return () => {
      layer.removeEventListener('panzoomchange', changed);
      window.removeEventListener('pointerdown', pressed, { capture: true });
      window.removeEventListener('pointermove', moved, { capture: true });
      window.removeEventListener('wheel', wheel);
      window.removeEventListener('dblclick', doubled);
      panzoom.destroy();
      this.#panzoom = undefined;
    };
  };

  in(): void {
    this.#panzoom?.zoomIn({ step: 0.5 });
  }

  out(): void {
    this.#panzoom?.zoomOut({ step: 0.5 });
  }

  fit(): void {
    this.#panzoom?.zoom(1, { animate: true });
  }
}
