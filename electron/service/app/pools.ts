import type { ProviderChoice, VisionSetup } from '../../contract/vision.ts';
import type { AnalysedBy } from '../../library/photos.ts';
import { type PoolOptions, startPool, type VisionPool } from '../../vision/pool.ts';
import { noteVision } from './noted.ts';

/** Longest side, in pixels, to which photos are decoded. Chosen by hand. */
const MAX_SIDE = 1600;

export interface PoolsOptions {
  /** How a vision process is started; forks of this Node when left out. */
  spawn?: PoolOptions['spawn'] | undefined;
  /** Vision processes of each pool. */
  size: number;
  /** Folders in which models are looked up. */
  models: readonly string[];
  /** What computes the networks; the CPU when left out. */
  provider?: ProviderChoice | undefined;
  /** Starts a pool; for tests of the order of work. */
  start?: ((setup: VisionSetup, options: PoolOptions) => VisionPool) | undefined;
}

/** The use of a pool. Its processes live at least until it is released. */
export interface Lease {
  /** Starts the processes when they are first needed. */
  pool(): VisionPool;
  release(): Promise<void>;
}

/**
 * Vision processes for each set of models in use. A scan keeps the processes that it began with, so that a change of models
 * during the scan never records one encoder's vectors as another's.
 */
export class Pools {
  readonly #options: PoolsOptions;
  readonly #pools = new Map<string, { pool: VisionPool; uses: number }>();
  #current: AnalysedBy;

  constructor(current: AnalysedBy, options: PoolsOptions) {
    this.#current = current;
    this.#options = options;
  }

  /** Those of the models in use, started when first needed. */
  pool(): VisionPool {
    return this.#of(this.#current).pool;
  }

  lease(by: AnalysedBy): Lease {
    let held: { pool: VisionPool; uses: number } | null = null;
    return {
      pool: () => {
        if (held === null) {
          held = this.#of(by);
          held.uses += 1;
        }
        return held.pool;
      },
      release: async () => {
        if (held === null) return;
        held.uses -= 1;
        held = null;
        await this.#sweep();
      },
    };
  }

  /** Switches to other models. Photos in flight of the former ones fail as cancelled, unless a lease holds their pool. */
  async change(by: AnalysedBy): Promise<void> {
    this.#current = by;
    await this.#sweep();
  }

  async close(): Promise<void> {
    const pools = [...this.#pools.values()];
    this.#pools.clear();
    await Promise.all(pools.map(({ pool }) => pool.close()));
  }

  #of(by: AnalysedBy): { pool: VisionPool; uses: number } {
    const key = keyOf(by);
    const known = this.#pools.get(key);
    if (known) return known;
    const { size, models, provider, spawn, start = startPool } = this.#options;
    const setup: VisionSetup = { ...by, models: [...models], maxSide: MAX_SIDE, provider };
    const begun = {
      pool: start(setup, { size, onTrouble: noteVision, ...(spawn ? { spawn } : {}) }),
      uses: 0,
    };
    this.#pools.set(key, begun);
    return begun;
  }

  /** Ends the processes of former models that no lease holds. */
  async #sweep(): Promise<void> {
    const idle = [...this.#pools].filter(([key, { uses }]) => uses === 0 && key !== keyOf(this.#current));
    for (const [key] of idle) this.#pools.delete(key);
    await Promise.all(idle.map(([, { pool }]) => pool.close()));
  }
}

function keyOf({ detector, encoder }: AnalysedBy): string {
  return `${detector} ${encoder}`;
}
