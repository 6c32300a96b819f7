import { KithError } from '../../contract/errors.ts';
import type { GroupId, PhotoId } from '../../contract/ids.ts';
import type { ScanProgress } from '../../contract/results.ts';
import type { ScanState } from '../../contract/screens.ts';
import type { AnalysedBy } from '../../library/photos.ts';
import { reembed } from '../reembed.ts';
import type { ScanOutcome } from '../scan.ts';
import { scanFolders } from '../scan-folders.ts';
import { realFolder } from '../walk.ts';
import type { AfterScan } from './after-scan.ts';
import { failureOf } from './door.ts';
import type { Engine } from './engine.ts';
import { Forming } from './forming.ts';
import { Gate } from './gate.ts';

/** Least time between two events of progress, in milliseconds. Chosen by hand. */
const TELL_EVERY = 200;

type Phase = 'scanning' | 'embedding' | 'grouping' | 'matching';

/** One scan, from the moment that it was asked for. */
interface Job {
  phase: Phase;
  readonly stop: AbortController;
  /** Resolves when it has ended, however that was. */
  readonly ended: PromiseWithResolvers<void>;
}

const NOTHING_YET: ScanProgress = { done: 0, total: 0, rate: 0, remaining: null, path: null, faces: 0 };
const BEGUN = { phase: 'scanning', progress: NOTHING_YET, people: 0, holds: null, failure: null } as const;

/** Runs one scan at a time, in the background, and tells all listeners how far it is. */
export class Scans {
  readonly #engine: Engine;
  readonly #after: AfterScan;
  readonly #gate = new Gate();
  #state: ScanState | null = null;
  #job: Job | null = null;
  /** Aborts the work that can't be paused but can be begun again. */
  #breakOff = () => {};
  /** Lets aborted work begin again after a pause. */
  #goOn = () => {};
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
    return this.#job !== null;
  }

  /**
   * Begins a scan that goes on in the background.
   *
   * @throws KithError scan-running while another scan runs; folder-missing, folder-is-a-file, folder-unreadable
   */
  async start(path: string): Promise<ScanState> {
    if (this.#job) throw new KithError('scan-running', this.#state?.path ?? path);
    // Taken before anything is awaited: of two starts at once one is refused.
    const job = this.#take();
    const folder = await this.#folderFor(job, path);
    const state = this.#begin(folder);
    // Its state tells how it ends.
    this.#run(job, [folder], this.#engine.by).catch(() => {});
    return state;
  }

  /**
   * Brings the whole library over to the models in use, in the background, once the scan that runs is done: all folders are
   * looked at again, then every face is embedded and grouped, once. A folder that is out of reach is passed over: the faces
   * that are known there are embedded from their crops. Where the user cancels the scan that runs, nothing more is done,
   * and the next scan brings the library over.
   */
  async bringOver(): Promise<void> {
    while (this.#job) {
      const { ended, stop } = this.#job;
      await ended.promise;
      if (stop.signal.aborted) return;
    }
    const { library, by } = this.#engine;
    const folders = library.cards.photos.folders().map(({ path }) => path);
    if (folders.length === 0) return;
    const job = this.#take();
    this.#begin(folders[0]!, true);
    // Its state tells how it ends.
    await this.#run(job, folders, by).catch(() => {});
  }

  /**
   * Scans a folder once those before it are done, and waits for the end.
   *
   * @param by its detector and encoder
   * @throws KithError cancelled, folder-missing, folder-is-a-file, folder-unreadable, and what a scan fails with
   */
  async run(path: string, by: AnalysedBy, signal: AbortSignal): Promise<ScanOutcome> {
    while (this.#job) {
      await Promise.race([this.#job.ended.promise, aborted(signal)]);
      if (signal.aborted) throw new KithError('cancelled', path);
    }
    const job = this.#take();
    const folder = await this.#folderFor(job, path);
    const cancel = () => this.#cancel(job);
    signal.addEventListener('abort', cancel, { once: true });
    if (signal.aborted) cancel();
    try {
      this.#begin(folder);
      return await this.#run(job, [folder], by);
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  }

  /**
   * Pauses the scan until it is resumed. Photos in work are finished; grouping is aborted, and begun again
   * afterwards.
   */
  pause(): void {
    if (!this.#job || this.#gate.isClosed) return;
    this.#gate.close();
    this.#breakOff();
    this.#tell({ ...this.#state!, phase: 'paused' });
  }

  resume(): void {
    if (!this.#gate.isClosed) return;
    this.#gate.open();
    this.#goOn();
    if (this.#job) this.#tell({ ...this.#state!, phase: this.#job.phase });
  }

  /** Ends the scan after the photos in work. What was found stays. */
  async cancel(): Promise<void> {
    const job = this.#job;
    if (!job) return;
    this.#cancel(job);
    await job.ended.promise;
  }

  #cancel(job: Job): void {
    job.stop.abort();
    if (this.#job === job) this.#gate.open();
  }

  #take(): Job {
    this.#gate.open();
    const job: Job = { phase: 'scanning', stop: new AbortController(), ended: Promise.withResolvers<void>() };
    this.#job = job;
    return job;
  }

  #release(job: Job): void {
    this.#job = null;
    job.ended.resolve();
  }

  async #folderFor(job: Job, path: string): Promise<string> {
    try {
      return await realFolder(path);
    } catch (error) {
      this.#release(job);
      throw error;
    }
  }

  #begin(path: string, over = false): ScanState {
    const state: ScanState = { ...BEGUN, path, over };
    this.#tell(state);
    return state;
  }

  async #run(job: Job, folders: readonly string[], by: AnalysedBy): Promise<ScanOutcome> {
    const engine = this.#engine;
    const lease = engine.lease(by);
    try {
      const before = this.#unreadable(folders);
      const outcome = await this.#work(job, folders, by, lease.pool);
      const { unreadable, ...counts } = engine.library.cards.photos.holds(outcome.folder);
      const holds = folders.length === 1 ? { ...counts, unreadable: Math.max(0, unreadable - before) } : null;
      this.#tell({ ...this.#state!, phase: 'done', holds });
      return outcome;
    } catch (error) {
      if (job.stop.signal.aborted) this.#tell({ ...this.#state!, phase: 'cancelled' });
      else this.#tell({ ...this.#state!, phase: 'failed', failure: failureOf(error) });
      throw error;
    } finally {
      this.#release(job);
      engine.tell({ kind: 'changed', what: ['folders', 'photos', 'faces', 'groups', 'people', 'journal'] });
      await lease.release();
    }
  }

  /** How many files of the folders are known to be unreadable. */
  #unreadable(folders: readonly string[]): number {
    return this.#engine.library.cards.photos
      .folders()
      .filter(({ path }) => folders.includes(path))
      .reduce((sum, { unreadable }) => sum + unreadable, 0);
  }

  async #work(
    job: Job,
    folders: readonly string[],
    by: AnalysedBy,
    pool: () => ReturnType<Engine['pool']>,
  ): Promise<ScanOutcome> {
    const { library, poolSize } = this.#engine;
    const { signal } = job.stop;
    const gate = () => this.#gate.pass();
    const work = { library, poolSize, signal, pool, gate };
    const onProgress = (progress: ScanProgress) => this.#progress(progress);
    const after = this.#after.lastGroup();
    const forming = new Forming(async (stop) => {
      const people = await this.#after.form(by, after, AbortSignal.any([signal, stop]));
      this.#tell({ ...this.#state!, people });
    });
    this.#breakOff = () => void forming.hold();
    this.#goOn = () => forming.goOn();
    const onPhoto = (photo: PhotoId) => forming.found(this.#found(photo));
    let outcome: ScanOutcome;
    try {
      outcome = await scanFolders(folders, {
        ...work,
        ...{ setup: by, onProgress, onPhoto },
        passesOver: this.#state!.over,
        onFolder: (path) => this.#tell({ ...this.#state!, path, progress: NOTHING_YET }),
      });
    } finally {
      await forming.hold();
      this.#breakOff = () => {};
      this.#goOn = () => {};
    }
    this.#enter(job, 'embedding');
    await reembed({ ...work, encoder: by.encoder, folder: outcome.folder, onProgress });
    this.#enter(job, 'grouping');
    await this.#group(job, by, after);
    this.#enter(job, 'matching');
    do {
      await this.#passGate(job);
      await this.#after.prepare();
      // During a pause the user may change what was loaded.
    } while (this.#gate.isClosed);
    await this.#passGate(job);
    this.#after.match();
    return outcome;
  }

  /** Groups all faces. Grouping can't be paused half-way: a pause aborts it, and it begins again afterwards. */
  async #group(job: Job, by: AnalysedBy, after: GroupId): Promise<void> {
    for (;;) {
      await this.#passGate(job);
      const pause = new AbortController();
      this.#breakOff = () => pause.abort();
      try {
        return await this.#after.group(by, after, AbortSignal.any([job.stop.signal, pause.signal]));
      } catch (error) {
        if (job.stop.signal.aborted || !pause.signal.aborted) throw error;
      } finally {
        this.#breakOff = () => {};
      }
    }
  }

  async #passGate({ stop }: Job): Promise<void> {
    await this.#gate.pass();
    if (stop.signal.aborted) throw new KithError('cancelled', this.#state!.path);
  }

  /** @returns how many faces are on the photo */
  #found(photo: PhotoId): number {
    const faces = this.#engine.library.faces.ofPhoto(photo).map(({ id }) => id);
    if (faces.length > 0) this.#engine.tell({ kind: 'found', faces });
    return faces.length;
  }

  #enter(job: Job, phase: Phase): void {
    job.phase = phase;
    if (!this.#gate.isClosed) this.#tell({ ...this.#state!, phase });
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

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
