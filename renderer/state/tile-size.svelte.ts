import { TILE_SIDES } from '../../electron/contract/figures.ts';
import { ask } from '../bridge.ts';
import { outcomes } from './outcomes.svelte.ts';
import { session } from './session.svelte.ts';

/** Until the settings are there. */
const USUAL = 164;

/** Sides that the keys lead to, in pixels, each about a quarter larger. */
const STEPS = [TILE_SIDES.least, 128, USUAL, 208, TILE_SIDES.most];

/** Share of the side on a phone, where three stand beside each other. */
const ON_PHONE = 0.53;

/** How large photos are in grids. It is remembered with the library. */
class TileSize {
  /** While somebody chooses. */
  #chosen = $state<number | null>(null);

  /** In pixels. */
  get now(): number {
    return this.#chosen ?? session.settings?.tile ?? USUAL;
  }

  /** Least width of a tile in a window of this width, in pixels. */
  within(width: number): number {
    return width < 560 ? Math.round(this.now * ON_PHONE) : this.now;
  }

  /** Shows photos in another size. */
  show(side: number): void {
    this.#chosen = Math.max(TILE_SIDES.least, Math.min(TILE_SIDES.most, Math.round(side)));
  }

  /** Remembers the size that is shown. */
  async keep(): Promise<void> {
    const side = this.#chosen;
    if (side === null || side === session.settings?.tile) return;
    const settings = await outcomes.try(() => ask('settings.set', { tile: side }));
    if (settings) session.settings = settings;
    if (this.#chosen === side) this.#chosen = null;
  }

  step(by: 1 | -1): void {
    const next = by > 0 ? STEPS.find((side) => side > this.now) : STEPS.findLast((side) => side < this.now);
    if (next === undefined) return;
    this.show(next);
    void this.keep();
  }
}

export const tileSize = new TileSize();
