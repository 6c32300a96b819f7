import type { ModelCard } from '../../electron/contract/screens.ts';
import { ask, bridge } from '../bridge.ts';
import { versionOf } from './changes.svelte.ts';
import { outcomes } from './outcomes.svelte.ts';

/** What is installed, what could be, and what is on its way. */
export class Models {
  cards = $state.raw<ModelCard[]>([]);
  /** How far a download is, in bytes. */
  download = $state.raw<{ what: string; done: number; total: number | null; rate: number } | null>(null);

  /** To be called while a component starts. */
  start(): void {
    $effect(() => {
      versionOf('models');
      void ask('models.list', {}).then(
        (cards) => {
          this.cards = cards;
        },
        () => {},
      );
    });
    $effect(() =>
      bridge.on((event) => {
        if (event.kind === 'work' && event.work === 'download') this.download = event;
      }),
    );
  }

  async get(id: string): Promise<void> {
    await outcomes.try(() => ask('models.get', { id }));
    this.download = null;
  }

  async use({ id, task }: ModelCard): Promise<boolean> {
    const params = task === 'encoder' ? { encoder: id } : { detector: id };
    return (
      (await outcomes.try(() => ask('models.use', params as Parameters<typeof ask<'models.use'>>[1]))) !==
      null
    );
  }

  async remove(id: string): Promise<void> {
    await outcomes.try(() => ask('models.remove', { id }));
  }

  async import(paths: string[]): Promise<boolean> {
    return (await outcomes.try(() => ask('models.import', { paths }))) !== null;
  }
}
