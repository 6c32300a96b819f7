import { toast } from 'svelte-sonner';
import type { Recommended as Card, RecommendedDownload } from '../../electron/contract/recommended.ts';
import { ask, bridge } from '../bridge.ts';
import { t } from '../words/words.svelte.ts';
import { versionOf } from './changes.svelte.ts';
import { outcomes } from './outcomes.svelte.ts';
import { session } from './session.svelte.ts';

/** The models that Kith recommends: whether they are offered, and how far they are. */
class Recommended {
  #card = $state.raw<Card | null>(null);
  #download = $state.raw<RecommendedDownload | null>(null);
  /** Whether they came since the page was opened: it then says what follows. */
  hasCome = $state(false);

  /** To be called while the page starts, once. */
  start(): void {
    bridge.on((event) => {
      if (event.kind !== 'recommended') return;
      this.#download = event.download;
      this.hasCome = event.download.phase === 'installed';
    });
    $effect(() => {
      versionOf('models', 'settings');
      void session.scan?.phase;
      void ask('recommended.state', {}).then(
        (card) => {
          this.#card = card;
          this.#download = card.download;
        },
        () => {},
      );
    });
  }

  /** What there is to download. */
  get missing(): Card['missing'] {
    return this.#card?.missing ?? [];
  }

  /** Whether the first screens offer them. */
  get isOffered(): boolean {
    return this.#card?.offered ?? false;
  }

  /** The download that is at work; null where none is. */
  get download(): RecommendedDownload | null {
    const phase = this.#download?.phase;
    return phase === 'fetching' || phase === 'waiting' || phase === 'installing' ? this.#download : null;
  }

  get failure(): RecommendedDownload['failure'] {
    return this.#download?.failure ?? null;
  }

  /** The library was made by other models than those in use, and no scan brings it over. */
  get isLeftBehind(): boolean {
    return this.#card?.behind === true && !session.scanning;
  }

  async get(): Promise<void> {
    await outcomes.try(() => ask('recommended.get', {}));
  }

  async stop(): Promise<void> {
    await outcomes.try(() => ask('recommended.stop', {}));
  }

  async refuse(): Promise<void> {
    if (await outcomes.try(() => ask('settings.set', { offersModels: false }))) toast(t('recommended.later'));
  }

  async bringOver(): Promise<void> {
    await outcomes.try(() => ask('scan.bringOver', {}));
  }
}

export const recommended = new Recommended();
