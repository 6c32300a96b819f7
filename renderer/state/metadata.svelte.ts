import type { Params, Result } from '../../electron/contract/api.ts';
import type { EntryId } from '../../electron/contract/ids.ts';
import { ask, bridge } from '../bridge.ts';
import { outcomes } from './outcomes.svelte.ts';

/** Names written into a folder's photos: looked at before, at work, done. */
export class MetadataWriting {
  work = $state.raw<{ done: number; total: number } | null>(null);
  /** What writing would change. */
  plan = $state.raw<Result<'metadata.plan'> | null>(null);
  result = $state.raw<Result<'metadata.write'> | null>(null);

  async look(params: Params<'metadata.plan'>): Promise<void> {
    this.result = null;
    this.plan = await this.#watched(() => ask('metadata.plan', params));
  }

  async write(params: Params<'metadata.write'>): Promise<void> {
    this.plan = null;
    this.result = await this.#watched(() => ask('metadata.write', params));
    if (this.result?.entry != null) outcomes.did(this.result.entry, 'journal.metadata');
  }

  /** Takes a writing back; the files follow within moments. */
  async undo(entry: EntryId): Promise<void> {
    await outcomes.undo([entry]);
    this.forget();
  }

  /** What was found out holds for other choices no more. */
  forget(): void {
    this.plan = null;
    this.result = null;
  }

  async #watched<T>(work: () => Promise<T>): Promise<T | null> {
    this.work = { done: 0, total: 0 };
    const stop = bridge.on((event) => {
      if (event.kind === 'work' && event.work === 'metadata')
        this.work = { done: event.done, total: event.total ?? event.done };
    });
    const result = await outcomes.try(work).finally(stop);
    this.work = null;
    return result;
  }
}
