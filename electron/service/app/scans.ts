import { KithError } from '../../contract/errors.ts';
import type { PhotoId } from '../../contract/ids.ts';
import type { ScanProgress } from '../../contract/results.ts';
import type { ScanState } from '../../contract/screens.ts';
import { reembed } from '../reembed.ts';
import { scan } from '../scan.ts';
import { realFolder } from '../walk.ts';
import type { Engine } from './engine.ts';
import { Gate } from './gate.ts';

/** How often progress is told, in milliseconds, at most. */
const TELL_EVERY = 200;

/** What comes after the photos: groups, and the names that are known already. */
export interface AfterScan {
  group(signal: AbortSignal): Promise<void>;
  match(): Promise<void>;
}

const NOTHING_YET: ScanProgress = { done: 0, total: 0, rate: 0, remaining: null, path: null, faces: 0 };

/** The one scan that may run at a time. It goes on in the background; everybody is told how far it is. */
export class Scans {
  readonly #engine: Engine;
  readonly #after: AfterScan;
  readonly #gate = new Gate();
  #state: ScanState | null = null;
  #stop = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #told = 0;

  constructor(engine: Engine, after: AfterScan) {
    this.#engine = engine;
    this.#after = after;
  }

  /** The scan that runs, or the last one; null where there was none since the start. */
  get state(): ScanState | null {
    return this.#state;
  }

  get isRunning(): boolean {
    return this.#state !== null && !['done', 'cancelled', 'failed'].includes(this.#state.phase);
  }

  /** @throws KithError bad-request while another scan runs; folder-missing, folder-is-a-file, folder-unreadable */
  async start(path: string): Promise<ScanState> {
    if (this.isRunning) {
      throw new KithError('scan-running', this.#state!.path);
    }
    const folder = await realFolder(path);
    this.#gate.open();
    this.#stop = new AbortController();
    const state: ScanState = { path: folder, phase: 'scanning', progress: NOTHING_YET, failure: null };
    this.#tell(state);
    this.#running = this.#run(folder, this.#stop.signal);
    return state;
  }

  pause(): void {
    if (!this.isRunning || this.#gate.isClosed) return;
    this.#gate.close();
    this.#tell({ ...this.#state!, phase: 'paused' });
  }

  resume(): void {
    if (!this.#gate.isClosed) return;
    this.#gate.open();
    if (this.isRunning) this.#tell({ ...this.#state!, phase: 'scanning' });
  }

  /** Ends the scan after the photos in hand. What was found stays. */
  async cancel(): Promise<void> {
    this.#stop.abort();
    this.#gate.open();
    await this.#running;
  }

  async #run(folder: string, signal: AbortSignal): Promise<void> {
    const engine = this.#engine;
    const { library, by, poolSize } = engine;
    const work = { library, poolSize, signal, pool: () => engine.pool() };
    const onProgress = (progress: ScanProgress) => this.#progress(progress);
    try {
      const outcome = await scan({
        ...work,
        folder,
        setup: by,
        onProgress,
        gate: () => this.#gate.pass(),
        onPhoto: (photo) => this.#found(photo),
      });
      this.#phase('embedding');
      await reembed({ ...work, encoder: by.encoder, folder: outcome.folder, onProgress });
      this.#phase('grouping');
      await this.#after.group(signal);
      this.#phase('matching');
      await this.#after.match();
      this.#phase('done');
    } catch (error) {
      if (signal.aborted) this.#phase('cancelled');
      else this.#tell({ ...this.#state!, phase: 'failed', failure: failureOf(error) });
    }
    engine.tell({ kind: 'changed', what: ['folders', 'photos', 'faces', 'groups', 'people'] });
  }

  #found(photo: PhotoId): void {
    const faces = this.#engine.library.faces.ofPhoto(photo).map(({ id }) => id);
    if (faces.length > 0) this.#engine.tell({ kind: 'found', faces });
  }

  #phase(phase: ScanState['phase']): void {
    this.#tell({ ...this.#state!, phase });
  }

  #progress(progress: ScanProgress): void {
    const now = performance.now();
    const state = { ...this.#state!, progress };
    if (now - this.#told < TELL_EVERY && progress.done < progress.total) {
      this.#state = state;
      return;
    }
    this.#told = now;
    this.#tell(state);
  }

  #tell(state: ScanState): void {
    this.#state = state;
    this.#engine.tell({ kind: 'scan', state });
  }
}

function failureOf(error: unknown): { code: string; detail: string } {
  if (error instanceof KithError) return { code: error.code, detail: error.detail };
  return {
    code: 'internal',
    detail: error instanceof Error ? (error.stack ?? error.message) : String(error),
  };
}
