import { forgetChoice } from '../../../models/choice.ts';
import { fetchAll, missingRecommended, wouldReplaceBundled } from '../../../models/recommended.ts';
import { KithError } from '../../contract/errors.ts';
import { encoderOf } from '../../contract/ids.ts';
import type { RecommendedDownload } from '../../contract/recommended.ts';
import { log } from '../../log/log.ts';
import { failureOf } from './door.ts';
import type { Engine } from './engine.ts';
import type { Handlers } from './handlers.ts';
import { importInThread } from './models.ts';
import { readSettings } from './settings.ts';

type RecommendedHandlers = Pick<Handlers, 'recommended.state' | 'recommended.get' | 'recommended.stop'>;

const IDLE: RecommendedDownload = { phase: 'idle', done: 0, total: 0, rate: 0, failure: null };

/** The download of the recommended models. It belongs to no page: one that is opened meanwhile sees how far it is. */
export class Recommended {
  readonly #engine: Engine;
  readonly #bringOver: () => Promise<void>;
  #download = IDLE;
  #work: { stop: AbortController; ended: Promise<void> } | null = null;

  /** @param bringOver brings the library over to the models in use; never rejects */
  constructor(engine: Engine, bringOver: () => Promise<void>) {
    this.#engine = engine;
    this.#bringOver = bringOver;
  }

  requests(): RecommendedHandlers {
    const { store } = this.#engine;
    return {
      'recommended.state': async () => {
        const { library, by } = this.#engine;
        const plans = await missingRecommended(store);
        const grouped = library.groups.encoder();
        const inUse = { detector: by.detector, encoder: encoderOf(by.encoder).id };
        return {
          missing: plans.map(({ title, bytes, licence, address }) => ({ title, bytes, licence, address })),
          offered: plans.length > 0 && readSettings(library).offersModels && wouldReplaceBundled(inUse),
          behind: grouped !== null && grouped !== by.encoder,
          download: this.#download,
        };
      },
      'recommended.get': () => {
        this.#begin();
        return {};
      },
      'recommended.stop': async () => {
        await this.stop();
        return {};
      },
    };
  }

  /** Ends the download. What came is kept. */
  async stop(): Promise<void> {
    this.#work?.stop.abort();
    await this.#work?.ended;
  }

  /** Of two clicks at once, the second finds the download of the first. */
  #begin(): void {
    if (this.#work) return;
    const stop = new AbortController();
    const ended = this.#get(stop.signal).finally(() => {
      this.#work = null;
    });
    this.#work = { stop, ended };
  }

  async #get(signal: AbortSignal): Promise<void> {
    const began = performance.now();
    try {
      const plans = await missingRecommended(this.#engine.store);
      const total = plans.reduce((sum, { bytes }) => sum + bytes, 0);
      this.#tell({ ...IDLE, phase: 'fetching', total });
      await fetchAll(plans, {
        signal,
        importer: importInThread,
        onProgress: ({ done, total: all, rate }) =>
          this.#tell({ ...IDLE, phase: 'fetching', done, total: all ?? total, rate }),
        onRetry: () => this.#tell({ ...this.#download, phase: 'waiting', rate: 0 }),
        onConvert: () => this.#tell({ ...this.#download, phase: 'installing', rate: 0 }),
      });
      if (signal.aborted) throw new KithError('cancelled', 'the recommended models');
      // Where nobody has chosen, Kith uses the recommended models as soon as they are installed.
      await forgetChoice();
      await this.#engine.changeModels();
      this.#tell({ ...this.#download, phase: 'installed', rate: 0 });
      void this.#bringOver();
    } catch (error) {
      const noted = { request: 'recommended.get', seconds: (performance.now() - began) / 1000 } as const;
      if (!(error instanceof KithError)) log.failure('request.failed', error, noted);
      else log.note('request.refused', { ...noted, code: error.code });
      const isStopped = error instanceof KithError && error.code === 'cancelled';
      this.#tell(isStopped ? IDLE : { ...IDLE, phase: 'failed', failure: failureOf(error) });
    }
    // A part of the models may have been installed before the rest failed.
    this.#engine.tell({ kind: 'changed', what: ['models'] });
  }

  #tell(download: RecommendedDownload): void {
    this.#download = download;
    this.#engine.tell({ kind: 'recommended', download });
  }
}
