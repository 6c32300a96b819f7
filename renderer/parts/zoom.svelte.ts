import Panzoom, { type PanzoomObject } from '@panzoom/panzoom';
import type { Attachment } from 'svelte/attachments';

/** The closest that one may come. */
const CLOSEST = 8;
/** How close a double click comes. */
const DOUBLE_CLICK = 2.5;
/** How much closer one press comes. */
const STEP = 1.6;
/** A pointer that moved less, in pixels, has clicked. */
const CLICK = 5;

/** Pixels before they are scaled. */
interface Place {
  x: number;
  y: number;
  scale: number;
}

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
      // Its own bounds are measured on the layer, which is wrong while that still moves.
      setTransform: (_: unknown, place: Place) => {
        const { x, y, scale } = within(place, layer.parentElement!);
        layer.style.transform = `scale(${scale}) translate(${x}px, ${y}px)`;
      },
      cursor: '',
      // A click on the layer has to be seen by what closes when one clicks outside of it.
      handleStartEvent: (event) => event.preventDefault(),
    });
    this.#panzoom = panzoom;
    const window = layer.parentElement!;
    let from = { x: 0, y: 0 };
    const changed = (event: Event) => {
      const place = (event as CustomEvent<Place>).detail;
      const { x, y, scale } = within(place, window);
      if (x !== place.x || y !== place.y) panzoom.pan(x, y, { force: true, silent: true });
      this.scale = scale;
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
    this.#panzoom?.zoom(Math.min(CLOSEST, this.scale * STEP), { animate: true });
  }

  out(): void {
    const scale = this.scale / STEP;
    if (scale <= 1) this.fit();
    else this.#panzoom?.zoom(scale, { animate: true });
  }

  fit(): void {
    this.#panzoom?.zoom(1, { animate: true });
  }
}

/** Where the layer may be moved to at a scale, before which it is moved: it always covers what one looks through. */
function within({ x, y, scale }: Place, { clientWidth, clientHeight }: HTMLElement): Place {
  const bound = (value: number, side: number) => {
    const most = ((scale - 1) * side) / (2 * scale);
    return Math.max(-most, Math.min(most, value));
  };
  return { x: bound(x, clientWidth), y: bound(y, clientHeight), scale };
}
