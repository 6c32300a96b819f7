import { passedOver } from '../../log/log.ts';

/**
 * New faces from which it is worth grouping: those of a handful of photos, which a scan finds within seconds. Chosen by
 * hand.
 */
const FEW = 8;

/** Least time between two looks, in milliseconds: lists that change more often can't be read. Chosen by hand. */
const PAUSE = 3000;

/** After a look of one second the next one waits for so many seconds: looks may make a scan 3 % longer at most. */
const SHARE = 33;

/** Looks at what a scan has found so far, now and then while it goes on. */
export class Forming {
  readonly #look: (signal: AbortSignal) => Promise<void>;
  #looking: Promise<void> | null = null;
  #stop = new AbortController();
  #isHeld = false;
  #faces = 0;
  #next = 0;

  /** @param look groups what was found so far; rejects once the signal is aborted */
  constructor(look: (signal: AbortSignal) => Promise<void>) {
    this.#look = look;
  }

  /** Told of faces that were found. */
  found(faces: number): void {
    this.#faces += faces;
    if (this.#isHeld || this.#looking !== null || this.#faces < FEW || performance.now() < this.#next) return;
    this.#faces = 0;
    this.#stop = new AbortController();
    const begin = performance.now();
    // Grouping is tried again at the end of the scan; an error of it is shown then.
    this.#looking = this.#look(this.#stop.signal)
      .catch(passedOver('forming'))
      .finally(() => {
        const end = performance.now();
        this.#next = end + Math.max(PAUSE, (end - begin) * SHARE);
        this.#looking = null;
      });
  }

  /** Breaks off what is looked at. Resolves once nothing is at work any more; nothing is until {@link Forming.goOn}. */
  async hold(): Promise<void> {
    this.#isHeld = true;
    this.#stop.abort();
    await this.#looking;
  }

  goOn(): void {
    this.#isHeld = false;
  }
}
