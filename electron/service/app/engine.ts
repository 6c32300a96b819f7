import { availableParallelism } from 'node:os';
import { modelsInUse } from '../../../models/choice.ts';
import { encoderKey } from '../../../models/encoder.ts';
import { openStore, type Store } from '../../../models/store.ts';
import type { ServiceEvent } from '../../contract/events.ts';
import type { DetectorId, EncoderId } from '../../contract/ids.ts';
import type { VisionSetup } from '../../contract/vision.ts';
import { type Library, openLibrary } from '../../library/open.ts';
import type { AnalysedBy } from '../../library/photos.ts';
import { type PoolOptions, startPool, type VisionPool } from '../../vision/pool.ts';

/** Longest side, in pixels, to which photos are decoded. */
const MAX_SIDE = 1600;

export interface EngineOptions {
  libraryFile: string;
  /** Others than those in use. */
  detector?: DetectorId | undefined;
  encoder?: EncoderId | undefined;
  /** Vision processes; one for each core when left out. */
  poolSize?: number | undefined;
  /** How a vision process is started; forks of this Node when left out. */
  spawn?: PoolOptions['spawn'];
}

async function inUse(options: EngineOptions, store = openStore()): Promise<AnalysedBy> {
  const { detector, encoder } = await modelsInUse(options, store);
  return { detector, encoder: await encoderKey(encoder, store) };
}

/** What all requests share: the record, the models in use, the vision processes, and those who listen. */
export class Engine {
  readonly store: Store = openStore();
  readonly poolSize: number;
  readonly #options: EngineOptions;
  readonly #listeners = new Set<(event: ServiceEvent) => void>();
  #library: Library;
  #by: AnalysedBy;
  #pool: VisionPool | null = null;

  private constructor(options: EngineOptions, by: AnalysedBy) {
    this.#options = options;
    this.#by = by;
    this.poolSize = options.poolSize ?? availableParallelism();
    this.#library = openLibrary(options.libraryFile);
  }

  /** @throws KithError the errors of opening a library, and of reading the person's choice of models */
  static async start(options: EngineOptions): Promise<Engine> {
    return new Engine(options, await inUse(options));
  }

  get library(): Library {
    return this.#library;
  }

  /** Detector and encoder, with its weights, for what is scanned from now on. */
  get by(): AnalysedBy {
    return this.#by;
  }

  /** The vision processes, started when first needed. */
  pool(): VisionPool {
    const { size, spawn } = { size: this.poolSize, spawn: this.#options.spawn };
    const setup: VisionSetup = { ...this.#by, models: [...this.store.folders], maxSide: MAX_SIDE };
    this.#pool ??= startPool(setup, { size, ...(spawn ? { spawn } : {}) });
    return this.#pool;
  }

  /** Takes over another choice of models. Photos in flight of the former ones fail as cancelled. */
  async changeModels(): Promise<void> {
    const by = await inUse(this.#options, this.store);
    if (by.detector === this.#by.detector && by.encoder === this.#by.encoder) return;
    this.#by = by;
    await this.#pool?.close();
    this.#pool = null;
  }

  /** Closes the record, lets `work` do what it likes to the file, and opens it again whatever comes of it. */
  async withoutLibrary<T>(work: (file: string) => Promise<T>): Promise<T> {
    this.#library.close();
    try {
      return await work(this.#options.libraryFile);
    } finally {
      this.#library = openLibrary(this.#options.libraryFile);
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
    await this.#pool?.close();
    this.#library.close();
  }
}
