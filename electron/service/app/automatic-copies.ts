import { rmSync, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { CopyReason } from '../../contract/copies.ts';
import { KithError } from '../../contract/errors.ts';
import { sizeOf } from '../../library/copy-files.ts';
import { isCopyDue, roomForCopies, surplusCopies } from '../../library/copy-policy.ts';
import { keptCopies, placeForCopy } from '../../library/kept-copies.ts';
import { log } from '../../log/log.ts';
import { writeCopyInThread } from '../copy-tasks.ts';
import type { Copies } from './copies.ts';
import type { Engine } from './engine.ts';

/**
 * When Kith first checks whether a copy is due, in milliseconds after the start: later than the page's first requests.
 * Chosen by hand.
 */
const FIRST_LOOK = 5_000;

/** How often Kith checks after that, in milliseconds. Chosen by hand: a copy is due once a week. */
const LOOK_EVERY = 60 * 60 * 1000;

/** Makes copies that the user did not ask for, and removes those that are not kept any longer. */
export class AutomaticCopies {
  readonly #engine: Engine;
  readonly #copies: Copies;
  readonly #timers: NodeJS.Timeout[] = [];

  constructor(engine: Engine, copies: Copies) {
    this.#engine = engine;
    this.#copies = copies;
  }

  /** Checks once an hour from now on whether the weekly copy is due. Its timers keep no process alive. */
  start(): void {
    const look = () => void this.look(Date.now());
    this.#timers.push(setTimeout(look, FIRST_LOOK).unref(), setInterval(look, LOOK_EVERY).unref());
  }

  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }

  /** Makes the weekly copy where it is due. @param now milliseconds since 1970 */
  async look(now: number): Promise<void> {
    try {
      const { file } = this.#copies;
      if (!isCopyDue(keptCopies(file), now, timesOf(file))) return;
      if (this.#engine.library.summary().faces === 0) return;
      await this.keep('weekly');
    } catch (error) {
      log.failure('passed-over', error, { what: 'copy' });
    }
  }

  /**
   * Makes a copy now, then removes those that are not kept any longer.
   *
   * @returns its path
   * @throws KithError disk-full where less than twice the library's size is free; the errors of writing a copy
   */
  keep(why: CopyReason): Promise<string> {
    return this.#copies.run(async () => {
      const { file } = this.#copies;
      const began = performance.now();
      if (freeAt(file) < 2 * (sizeOf(file) + sizeOf(`${file}-wal`))) throw new KithError('disk-full', file);
      const path = placeForCopy(file, why);
      const { bytes } = await writeCopyInThread(file, path);
      log.note('copy.made', { why, bytes, seconds: (performance.now() - began) / 1000 });
      this.#tidy(file);
      return path;
    });
  }

  /** Makes a copy as {@link keep} does. A failure is only logged: the work that follows can be done without a copy. */
  async keepIfPossible(why: CopyReason): Promise<void> {
    try {
      await this.keep(why);
    } catch (error) {
      log.failure('passed-over', error, { what: 'copy' });
    }
  }

  #tidy(file: string): void {
    const copies = keptCopies(file);
    const taken = copies.reduce((sum, { bytes }) => sum + bytes, 0);
    const room = roomForCopies(sizeOf(file), freeAt(file) + taken);
    for (const { path, why, bytes } of surplusCopies(copies, Date.now(), room)) {
      rmSync(path, { force: true });
      log.note('copy.removed', { why, bytes });
    }
  }
}

/** Bytes that this user may still write where a file lies. */
function freeAt(file: string): number {
  const { bavail, bsize } = statfsSync(dirname(file));
  return bavail * bsize;
}

function timesOf(file: string): { made: number; changed: number } {
  const stats = statSync(file);
  const log = statSync(`${file}-wal`, { throwIfNoEntry: false });
  return { made: stats.birthtimeMs, changed: Math.max(stats.mtimeMs, log?.mtimeMs ?? 0) };
}
