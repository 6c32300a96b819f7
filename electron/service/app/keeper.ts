import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as rest } from 'node:timers/promises';
import type { ServiceEvent } from '../../contract/events.ts';
import type { FolderId } from '../../contract/ids.ts';
import type { KeepState, MetadataChoices, MetadataFailure } from '../../contract/metadata.ts';
import { passedOver } from '../../log/log.ts';
import { hasPerl } from '../../metadata/tool.ts';
import { troubleOf } from '../../metadata/trouble.ts';
import type { MetadataFiles } from '../metadata.ts';
import { wantedOf } from '../wanted.ts';
import type { Activity } from './activity.ts';
import { BackgroundWork } from './background.ts';
import type { Engine } from './engine.ts';
import { type KeepPace, PACE } from './keep-pace.ts';
import type { MetadataQueue } from './metadata-queue.ts';

/** How often what could not be written is tried again, in milliseconds. Chosen by hand: a disk that is full is full for hours. */
const RETRY_EVERY = 60 * 60 * 1000;

/** Files that are looked at between two requests: a millisecond or two. Chosen by hand. */
const PAGE = 500;

/** Files that are written until another piece of work on metadata may have its turn: a second or two. Chosen by hand. */
const BATCH = 20;

/** Files in a row that can't be written, after which a folder is left alone until it is tried again. Chosen by hand. */
const STRIKES = 20;

/** What could not be written: it is not tried again before its wish is another one, or {@link RETRY_EVERY}. */
interface Failed {
  wanted: string | null;
  failure: MetadataFailure;
}

const WAITING: KeepState = { phase: 'waiting', done: 0, total: 0, failed: null };

/**
 * Keeps the metadata of folders up to date, in the background. After a scan and after each change of who is on photos it
 * looks which files do not hold the names that they should, and writes those, one at a time, while the user waits for nothing else.
 * Nothing of it is in the journal: what is wanted follows from the names, so an undo of those is followed like any change.
 */
export class Keeper {
  readonly #engine: Engine;
  readonly #queue: MetadataQueue;
  readonly #activity: Activity;
  readonly #pace: KeepPace;
  readonly #work: BackgroundWork;
  readonly #retry: NodeJS.Timeout;
  readonly #states = new Map<FolderId, KeepState>();
  #failed = new Map<FolderId, Map<string, Failed>>();
  /** Whether something was changed that was not looked at yet. */
  #isDue = false;
  /** Whether the user waits to see it begin. */
  #isAwaited = false;
  /** Whether what failed is tried again. */
  #retries = false;

  constructor(engine: Engine, queue: MetadataQueue, activity: Activity, pace: Partial<KeepPace> = {}) {
    this.#engine = engine;
    this.#queue = queue;
    this.#activity = activity;
    this.#pace = { ...PACE, ...pace };
    // Before the work's own listener, so that it begins with what is noted here.
    engine.on((event) => {
      if (isCause(event)) this.#note(event);
    });
    this.#work = new BackgroundWork(engine, 'keeping', (signal) => this.#run(signal), isCause);
    this.#retry = setInterval(() => this.#again(), RETRY_EVERY).unref();
    this.#work.begin();
  }

  /** How far a folder is. */
  state(folder: FolderId): KeepState {
    return this.#states.get(folder) ?? WAITING;
  }

  /** Stops writing, after the file in hand, while the settings of a folder are changed; then looks at all of it at once. */
  async change<T>(folder: FolderId, work: () => T): Promise<T> {
    await this.#work.stop();
    try {
      return work();
    } finally {
      this.#states.delete(folder);
      this.#failed.delete(folder);
      this.#isAwaited = true;
      this.#isDue = true;
      this.#work.begin();
    }
  }

  /** Ends it. What was changed since is written before, as far as that takes no longer than {@link KeepPace.closing}. */
  async close(): Promise<void> {
    clearInterval(this.#retry);
    await this.#work.stop();
    if (!this.#isDue || this.#pace.closing === 0) return;
    const signal = AbortSignal.timeout(this.#pace.closing);
    await this.#all(signal, () => signal.aborted).catch(passedOver('keeping'));
  }

  #note(event: ServiceEvent): void {
    this.#isDue = true;
    // Where photos came or went, disks may have too.
    if (event.kind === 'scan') this.#retries = true;
    for (const [folder, state] of this.#states)
      if (state.phase === 'up-to-date') this.#tell(folder, { ...state, phase: 'waiting' });
  }

  #again(): void {
    this.#retries = true;
    this.#work.begin();
  }

  async #run(signal: AbortSignal): Promise<void> {
    // Nothing to wait for, which is so in most libraries.
    if (this.#engine.library.keptMetadata.all().size === 0) return;
    const least = () => (this.#isAwaited ? 0 : this.#pace.quiet);
    for (;;) {
      await this.#activity.quiet(least(), signal);
      if (signal.aborted) return;
      this.#isAwaited = false;
      const { changes } = this.#activity;
      const isOver = () => signal.aborted || this.#activity.isBusy || this.#activity.changes !== changes;
      if (await this.#all(signal, isOver)) return;
    }
  }

  /** Brings all folders up to date. @returns whether that was done to the end */
  async #all(signal: AbortSignal, isOver: () => boolean): Promise<boolean> {
    const [wasDue, { library }] = [this.#isDue, this.#engine];
    this.#isDue = false;
    if (this.#retries) this.#failed = new Map();
    this.#retries = false;
    const paths = new Map(library.metadata.folders().map(({ id, path }) => [id, path]));
    let isDone = false;
    try {
      for (const [folder, choices] of library.keptMetadata.all())
        if (!(await this.#bring({ folder, root: paths.get(folder)!, choices }, isOver))) return false;
      isDone = !signal.aborted;
      return isDone;
    } finally {
      if (!isDone) this.#isDue ||= wasDue;
      // Where it was ended by a defect.
      for (const [folder, state] of this.#states)
        if (state.phase === 'writing') this.#tell(folder, { ...state, phase: 'waiting' });
    }
  }

  /** Brings a folder up to date. @returns whether that was done to the end, however it went */
  async #bring(kept: Kept, isOver: () => boolean): Promise<boolean> {
    const { folder, root } = kept;
    const tell = (phase: KeepState['phase'], done = 0, total = 0) =>
      this.#tell(folder, { phase, done, total, failed: this.#failure(folder) });
    if (!hasPerl()) return tell('no-perl');
    if (await isAway(root)) return tell('away');
    const todo = await this.#outstanding(kept, isOver);
    if (todo === null) return !tell('waiting');
    const total = todo.length;
    let strikes = 0;
    while (todo.length > 0) {
      tell('writing', total - todo.length, total);
      const batch = todo.slice(0, BATCH);
      const done = await this.#queue.withTool((files) =>
        this.#write(kept, batch, files, isOver, (failed) => {
          strikes = failed === null ? 0 : failed.failure.why === 'disk-full' ? STRIKES : strikes + 1;
          return strikes < STRIKES;
        }),
      );
      todo.splice(0, done);
      if (strikes > 0 && (await isAway(root))) {
        this.#failed.delete(folder);
        return tell('away');
      }
      if (strikes >= STRIKES) this.#leave(kept, todo.splice(0));
      else if (isOver()) return !tell('waiting', total - todo.length, total);
    }
    return tell(this.#failure(folder) === null ? 'up-to-date' : 'waiting');
  }

  /**
   * Writes the names of the people who are on some files' photos now.
   *
   * @param onFile told of each; whether it goes on
   * @returns how many of them are done with
   */
  async #write(
    { folder, choices, root }: Kept,
    paths: readonly string[],
    files: MetadataFiles,
    isOver: () => boolean,
    onFile: (failed: Failed | null) => boolean,
  ): Promise<number> {
    const { keptMetadata } = this.#engine.library;
    const now = new Map(keptMetadata.files(folder, paths, choices.sure).map((file) => [file.path, file]));
    for (const [at, path] of paths.entries()) {
      if (isOver()) return at;
      const file = now.get(path);
      if (file === undefined) continue;
      const wanted = wantedOf(file, choices);
      try {
        await files.carryOut(file, wanted);
        this.#failed.get(folder)?.delete(path);
        onFile(null);
      } catch (error) {
        const failed = { wanted, failure: { photo: join(root, path), ...troubleOf(error) } };
        this.#fail(folder, path, failed);
        if (!onFile(failed)) return at + 1;
      }
    }
    return paths.length;
  }

  /** Files of a folder that do not hold what they are to, by path, without those that failed; null: it was over before. */
  async #outstanding({ folder, choices }: Kept, isOver: () => boolean): Promise<string[] | null> {
    const { keptMetadata } = this.#engine.library;
    const [former, failed] = [this.#failed.get(folder), new Map<string, Failed>()];
    const found: string[] = [];
    for (let after = ''; ; ) {
      if (isOver()) return null;
      const page = keptMetadata.page(folder, after, PAGE, choices.sure);
      for (const file of page) {
        const wanted = wantedOf(file, choices);
        const isThere =
          file.written.length === Number(wanted !== null) && file.written[0] === (wanted ?? undefined);
        if (isThere) continue;
        const last = former?.get(file.path);
        if (last?.wanted === wanted) failed.set(file.path, last);
        else found.push(file.path);
      }
      if (page.length < PAGE) break;
      after = page.at(-1)!.path;
      await rest();
    }
    this.#failed.set(folder, failed);
    return found;
  }

  /** Leaves files alone that would fail like the last one. */
  #leave({ folder, choices }: Kept, paths: readonly string[]): void {
    const last = [...this.#failed.get(folder)!.values()].at(-1)!;
    for (const file of this.#engine.library.keptMetadata.files(folder, paths, choices.sure))
      this.#fail(folder, file.path, { ...last, wanted: wantedOf(file, choices) });
  }

  #fail(folder: FolderId, path: string, failed: Failed): void {
    const known = this.#failed.get(folder) ?? new Map<string, Failed>();
    this.#failed.set(folder, known.set(path, failed));
  }

  #failure(folder: FolderId): KeepState['failed'] {
    const [first, ...others] = this.#failed.get(folder)?.values() ?? [];
    return first === undefined ? null : { photos: 1 + others.length, first: first.failure };
  }

  /** @returns true, so that a caller can return it where nothing is left to do */
  #tell(folder: FolderId, state: KeepState): true {
    this.#states.set(folder, state);
    this.#engine.tell({ kind: 'keeping', folder, state });
    return true;
  }
}

/** A folder that is kept up to date; `root`: its absolute path. */
interface Kept {
  folder: FolderId;
  root: string;
  choices: MetadataChoices;
}

/** Whether who is on photos may be another after an event, or whether more can be written. */
function isCause(event: ServiceEvent): boolean {
  if (event.kind === 'scan') return ['done', 'cancelled', 'failed'].includes(event.state.phase);
  return event.kind === 'changed' && event.what.some((what) => what === 'journal' || what === 'folders');
}

/** Whether a folder is missing, or empty, as the place of a disk is that is not connected. */
async function isAway(root: string): Promise<boolean> {
  return (await readdir(root).catch(() => [])).length === 0;
}
