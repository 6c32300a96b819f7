import type { Result } from '../../electron/contract/api.ts';
import type { Erased, KeptCopy } from '../../electron/contract/copies.ts';
import { ask } from '../bridge.ts';
import { Refused } from '../refused.ts';
import { versionOf } from './changes.svelte.ts';
import { outcomes } from './outcomes.svelte.ts';

type Work = 'backup' | 'look' | 'restore' | 'erase';

/** Copies of the library: which there are, making one, and putting one in the library's place. */
export class Copies {
  /** The newest first; null until they are known. */
  list = $state.raw<KeptCopy[] | null>(null);
  busy = $state<Work | null>(null);
  /** A copy that may be restored, beside what the library holds now. */
  asking = $state.raw<(Result<'library.inspect'> & { path: string }) | null>(null);
  /** What was restored last, and as what the former library is kept. */
  restored = $state.raw<Result<'library.restore'> | null>(null);
  erased = $state.raw<Erased | null>(null);
  /** Why the last try came to nothing, by what was tried. */
  problems = $state.raw<Partial<Record<Work, Refused>>>({});

  /** To be called while a component starts. */
  start(): void {
    $effect(() => {
      // Whatever takes the library's place makes a copy of the former one.
      versionOf('folders');
      void this.refresh();
    });
  }

  async refresh(): Promise<void> {
    await ask('library.copies', {}).then(
      (list) => {
        this.list = list;
      },
      () => {},
    );
  }

  /** @param path null: beside the library, among the others. @returns where the copy is */
  async backUp(path: string | null): Promise<string | null> {
    const done = await this.#do('backup', () => ask('library.backup', { path }));
    await this.refresh();
    return done?.path ?? null;
  }

  /** Looks at a copy, and asks whether it shall be restored. */
  async look(path: string): Promise<void> {
    const seen = await this.#do('look', () => ask('library.inspect', { path }));
    this.asking = seen && { ...seen, path };
  }

  cancel(): void {
    this.asking = null;
  }

  async restore(): Promise<boolean> {
    const path = this.asking?.path;
    if (path === undefined) return false;
    const done = await this.#do('restore', () => ask('library.restore', { path }));
    this.asking = null;
    if (done) this.restored = done;
    await this.refresh();
    return done !== null;
  }

  async erase(): Promise<boolean> {
    this.erased = await this.#do('erase', () => ask('library.erase', { sure: true }));
    if (this.erased) this.restored = null;
    return this.erased !== null;
  }

  /** One at a time; why it failed stays beside what was tried. */
  async #do<T>(work: Work, task: () => Promise<T>): Promise<T | null> {
    if (this.busy) return null;
    this.busy = work;
    this.problems = { ...this.problems, [work]: undefined };
    try {
      return await task();
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.problems = { ...this.problems, [work]: error };
      // What nobody typed has no place beside which it could stand.
      if (work === 'erase' || work === 'restore') outcomes.fail(error);
      return null;
    } finally {
      this.busy = null;
    }
  }
}
