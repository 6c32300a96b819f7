import { availableParallelism } from 'node:os';
import { modelsInUse, providerInUse } from '../../../models/choice.ts';
import { encoderKey } from '../../../models/encoder.ts';
import { openStore, type Store } from '../../../models/store.ts';
import { KithError } from '../../contract/errors.ts';
import type { ServiceEvent } from '../../contract/events.ts';
import { type DetectorId, type EncoderId, encoderOf } from '../../contract/ids.ts';
import type { ProviderChoice } from '../../contract/vision.ts';
import type { Library } from '../../library/open.ts';
import type { AnalysedBy } from '../../library/photos.ts';
import { log } from '../../log/log.ts';
import type { PoolOptions, VisionPool } from '../../vision/pool.ts';
import type { KeepPace } from './keep-pace.ts';
import { LibraryPlace } from './place.ts';
import { type Lease, Pools, type PoolsOptions } from './pools.ts';

/** Models that a caller asks for instead of those in use. */
export interface ModelWish {
  detector?: DetectorId | undefined;
  encoder?: EncoderId | undefined;
}

export interface EngineOptions extends ModelWish {
  libraryFile: string;
  /** Folders in which models are looked up; the usual ones when left out. */
  models?: readonly string[] | undefined;
  /** What computes the networks; what the user chose when left out. */
  provider?: ProviderChoice | undefined;
  /** Vision processes; one for each core when left out. */
  poolSize?: number | undefined;
  /** How a vision process is started; forks of this Node when left out. */
  spawn?: PoolOptions['spawn'];
  /** Starts the vision processes; for tests of the order of work. */
  startPool?: PoolsOptions['start'];
  /** How long metadata that is kept up to date waits; for tests. */
  keeping?: Partial<KeepPace>;
}

/** Tells pages that every list may have changed. */
export const EVERYTHING: ServiceEvent = {
  kind: 'changed',
  what: ['people', 'groups', 'photos', 'faces', 'journal', 'models', 'settings', 'folders'],
};

async function inUse(wish: ModelWish, store: Store): Promise<AnalysedBy> {
  const { detector, encoder } = await modelsInUse(wish, store);
  return { detector, encoder: await encoderKey(encoder, store) };
}

/** What all requests share: the record, the models in use, the vision processes, and the listeners to events. */
export class Engine {
  readonly store: Store;
  readonly poolSize: number;
  readonly #options: EngineOptions;
  readonly #listeners = new Set<(event: ServiceEvent) => void>();
  readonly #pools: Pools;
  readonly #holders = new Set<() => Promise<void>>();
  readonly #place: LibraryPlace;
  #by: AnalysedBy;

  private constructor(options: EngineOptions, store: Store, by: AnalysedBy) {
    this.#options = options;
    this.#by = by;
    this.store = store;
    this.poolSize = options.poolSize ?? availableParallelism();
    this.#place = new LibraryPlace(options.libraryFile);
    const { provider, spawn, startPool: start } = options;
    this.#pools = new Pools(by, { size: this.poolSize, models: store.folders, provider, spawn, start });
  }

  /** @throws KithError the errors of opening a library, and of reading the user's choice of models */
  static async start(options: EngineOptions): Promise<Engine> {
    const store = openStore(options.models ? { folders: options.models } : {});
    const provider = options.provider ?? (await providerInUse());
    return new Engine({ ...options, provider }, store, await inUse(options, store));
  }

  /** @throws KithError the errors of opening a library, where it could not be opened again after it was exchanged */
  get library(): Library {
    return this.#place.library;
  }

  /** The detector, and the encoder with its weights, by which photos are scanned from now on. */
  get by(): AnalysedBy {
    return this.#by;
  }

  /** The models for one piece of work: those that it asks for, else those in use. */
  async byWish(wish: ModelWish): Promise<AnalysedBy> {
    if (wish.detector === undefined && wish.encoder === undefined) return this.#by;
    return inUse({ ...this.#options, ...wish }, this.store);
  }

  /** The vision processes, started when first needed. */
  pool(): VisionPool {
    return this.#pools.pool();
  }

  /** Vision processes of certain models for as long as a piece of work takes. */
  lease(by: AnalysedBy): Lease {
    return this.#pools.lease(by);
  }

  /** Reads the user's choice of models again and switches to it. */
  async changeModels(): Promise<void> {
    const by = await inUse(this.#options, this.store);
    if (by.detector === this.#by.detector && by.encoder === this.#by.encoder) return;
    this.#by = by;
    log.note('models.changed', { detector: by.detector, encoder: encoderOf(by.encoder).id });
    await this.#pools.change(by);
  }

  /** @param letGo ends what reads or writes the library's file. It is awaited before the file is exchanged */
  onExchange(letGo: () => Promise<void>): void {
    this.#holders.add(letGo);
  }

  /**
   * Closes the library, runs `work` on its file, and opens it again, even where `work` throws. These three steps run
   * without a pause, so that no request meets a closed library.
   *
   * @throws KithError library-busy, disk-full where the record could not be written into one file: nothing was done then
   */
  async withoutLibrary<T>(work: (file: string) => T): Promise<T> {
    await Promise.all([...this.#holders].map((letGo) => letGo()));
    return this.#place.without(work);
  }

  /** @throws KithError library-gone where the library's file is not the one that was opened; see {@link LibraryPlace} */
  requireLibrary(): void {
    try {
      this.#place.require();
    } catch (error) {
      if (error instanceof KithError && error.code === 'library-gone') this.tell(EVERYTHING);
      throw error;
    }
  }

  tell(event: ServiceEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  on(listener: (event: ServiceEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    await this.#pools.close();
    this.#place.close();
  }
}
