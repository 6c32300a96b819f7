import type { Params, Result } from '../../electron/contract/api.ts';
import { ask, bridge } from '../bridge.ts';
import type { PlainKey } from '../words/all.ts';
import { outcomes } from './outcomes.svelte.ts';

/** One export: chosen, at work, done. */
export class Export {
  /** `rate`: pieces a second. */
  work = $state.raw<{ done: number; total: number; rate: number } | null>(null);
  result = $state.raw<Result<'export.crops'> | Result<'export.photos'> | Result<'export.private'> | null>(
    null,
  );
  /** Asked to end, and not over yet. */
  cancelling = $state(false);

  async run(params: Params<'export.crops'>): Promise<void> {
    await this.#watched(() => ask('export.crops', params), 'export.nobody-there');
  }

  /** Writes the photos that a search finds, or a list of them. */
  async runPhotos(params: Params<'export.photos'>): Promise<void> {
    await this.#watched(() => ask('export.photos', params), 'nothing.any');
  }

  /** Writes copies of photos on which nobody can be recognised but some. */
  async runPrivate(params: Params<'export.private'>): Promise<void> {
    await this.#watched(() => ask('export.private', params), 'nothing.any');
  }

  async #watched(work: () => Promise<NonNullable<Export['result']>>, nothing: PlainKey): Promise<void> {
    this.work = { done: 0, total: 0, rate: 0 };
    const stop = bridge.on((event) => {
      if (event.kind === 'work' && event.work === 'export') {
        this.work = { done: event.done, total: event.total ?? event.done, rate: event.rate };
      }
    });
    this.result = await outcomes.try(work, nothing).finally(stop);
    this.work = null;
    this.cancelling = false;
  }

  /** Ends it after the face in hand. */
  async cancel(): Promise<void> {
    this.cancelling = true;
    await outcomes.try(() => ask('export.cancel', {}));
  }

  reset(): void {
    this.result = null;
  }
}
