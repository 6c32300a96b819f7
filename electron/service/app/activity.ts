import { setTimeout as wait } from 'node:timers/promises';
import type { RequestKind } from '../../contract/kinds.ts';

/** How often work in the background looks whether others are done, in milliseconds. Chosen by hand: the user does not wait for it. */
const LOOK_EVERY = 200;

/** What users wait for just now, and when they last did something: work in the background stands back behind both. */
export class Activity {
  readonly #isScanning: () => boolean;
  #running = 0;
  #changes = 0;
  #last = performance.now();

  constructor(isScanning: () => boolean) {
    this.#isScanning = isScanning;
  }

  /** Answers a request, and counts it meanwhile. */
  async during<T>(kind: RequestKind, work: () => Promise<T>): Promise<T> {
    this.#running += 1;
    if (kind !== 'read') this.#changes += 1;
    try {
      return await work();
    } finally {
      this.#running -= 1;
      if (kind !== 'read') this.#last = performance.now();
    }
  }

  /** Whether anybody waits for an answer, or for a scan. */
  get isBusy(): boolean {
    return this.#running > 0 || this.#isScanning();
  }

  /** How many commands and jobs there have been: another number means that the record may be another. */
  get changes(): number {
    return this.#changes;
  }

  /** Resolves once nothing is going on, and the last command or job has been over for `least` milliseconds. */
  async quiet(least: number, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const left = this.isBusy ? LOOK_EVERY : this.#last + least - performance.now();
      if (left <= 0) return;
      // Aborting it rejects it; the loop ends by the signal.
      await wait(left, null, { signal, ref: false }).catch(() => {});
    }
  }
}
