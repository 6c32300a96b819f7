import { passedOver } from '../../log/log.ts';

/**
 * New faces from which it is worth grouping: those of a handful of photos, which a scan finds within seconds. Chosen by
 * hand.
 */
const FEW = 8;

/** Least time between two groupings, in milliseconds: lists that change more often can't be read. Chosen by hand. */
const PAUSE = 3000;

/**
 * After a grouping that took one second, none begins for this many seconds. So groupings make a scan 3 % longer at most.
 * Chosen by hand.
 */
const SHARE = 33;

/** Groups what a scan has found so far, from time to time while it goes on. */
export class Forming {
  readonly #group: (signal: AbortSignal) => Promise<void>;
  #grouping: Promise<void> | null = null;
  #stop = new AbortController();
  #isHeld = false;
  #faces = 0;
  #next = 0;

  /** @param group groups what was found so far; rejects once the signal is aborted */
  constructor(group: (signal: AbortSignal) => Promise<void>) {
    this.#group = group;
  }

  /** Counts faces that were found, and begins a grouping where one is due. */
  found(faces: number): void {
    this.#faces += faces;
    if (this.#isHeld || this.#grouping !== null || this.#faces < FEW || performance.now() < this.#next)
      return;
    this.#faces = 0;
    this.#stop = new AbortController();
    const begin = performance.now();
    // At the end of the scan everything is grouped again; an error is shown then.
    this.#grouping = this.#group(this.#stop.signal)
      .catch(passedOver('forming'))
      .finally(() => {
        const end = performance.now();
        this.#next = end + Math.max(PAUSE, (end - begin) * SHARE);
        this.#grouping = null;
      });
  }

  /** Aborts the running grouping, and begins none until {@link Forming.goOn}. Resolves once it has ended. */
  async hold(): Promise<void> {
    this.#isHeld = true;
    this.#stop.abort();
    await this.#grouping;
  }

  goOn(): void {
    this.#isHeld = false;
  }
}
