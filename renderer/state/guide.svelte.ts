import type { Settings } from '../../electron/contract/screens.ts';
import { ask } from '../bridge.ts';
import { versionOf } from './changes.svelte.ts';
import { session } from './session.svelte.ts';

/** What the guide says next. */
export type GuideStep = 'name' | 'answer' | 'correct';

/**
 * The guide through the first folder: name somebody, answer a question, correct what is wrong. Each step is over when it was
 * done, and the guide is shown once in a library's life.
 */
class Guide {
  /** Whether somebody saw its first step here: whoever had named people before needs no guide. */
  #wasSeen = $state(false);
  /** Whether there is anything to ask; true until that is known. */
  #asks = $state(true);

  /** To be called while the page starts, once. */
  start(): void {
    $effect(() => {
      const people = session.overview?.people ?? 0;
      if (session.settings?.guide === 'new' && this.#wasSeen && people > 0) this.#put('named');
    });
    $effect(() => {
      versionOf('people', 'groups', 'faces');
      if (session.settings?.guide !== 'named') return;
      void ask('review.next', {}).then(
        ({ question }) => {
          this.#asks = question !== null;
        },
        () => {},
      );
    });
  }

  /** null: there is nothing to say. */
  get step(): GuideStep | null {
    const { overview, settings, scanning } = session;
    if (overview === null || settings === null || scanning || overview.groups + overview.people === 0) {
      return null;
    }
    const { guide } = settings;
    if (guide === 'new') return overview.people === 0 ? 'name' : null;
    // Where nothing is to be asked, there is nothing to learn about questions.
    if (guide === 'named' && this.#asks) return 'answer';
    return guide === 'done' ? null : 'correct';
  }

  /** To be called where its first step is on the screen. */
  seen(): void {
    this.#wasSeen = true;
  }

  /** A question was answered. */
  answered(): void {
    if (session.settings?.guide === 'named') this.#put('answered');
  }

  /** The user has read it, or wants none. */
  close(): void {
    this.#put('done');
  }

  #put(guide: Settings['guide']): void {
    // Without an answer the step stays as it is; nothing else is lost.
    void ask('settings.set', { guide }).catch(() => {});
  }
}

export const guide = new Guide();
