export interface DownloadProgress {
  /** Bytes that are there, those of an earlier try too. */
  done: number;
  /** Bytes of the whole file; null where the server does not say. */
  total: number | null;
  /** Bytes per second over the last seconds; 0 while it can't be told. */
  rate: number;
  /** Seconds; null while it can't be told. */
  remaining: number | null;
}

/**
 * In milliseconds: how far the rate looks back, how long it needs to mean anything, the time between two reports, and that
 * where nothing comes. Chosen by hand.
 */
const window = 5000;
const least = 250;
const interval = 100;
const still = 500;

/** Turns bytes as they come into reports, ten a second at most; two a second where none come. */
export class RateMeter {
  readonly #report: (progress: DownloadProgress) => void;
  #samples: { at: number; done: number }[] = [];
  #reported = Number.NEGATIVE_INFINITY;
  #latest: { done: number; total: number | null } | null = null;
  #timer: NodeJS.Timeout | undefined;

  constructor(report: (progress: DownloadProgress) => void) {
    this.#report = report;
  }

  /** Begins to count at `done`: what was there before did not come at any rate. */
  start(done: number): void {
    this.#samples = [{ at: performance.now(), done }];
    this.#timer = setInterval(() => {
      if (this.#latest) this.show(this.#latest.done, this.#latest.total);
    }, still);
  }

  /** To be called at the end, whatever that is. */
  stop(): void {
    clearInterval(this.#timer);
  }

  /** @param last the last report, which is sent at any time */
  show(done: number, total: number | null, last = false): void {
    const at = performance.now();
    this.#latest = { done, total };
    if (!last && at - this.#reported < interval) return;
    this.#reported = at;
    this.#samples.push({ at, done });
    while (this.#samples.length > 2 && at - this.#samples[1]!.at > window) this.#samples.shift();
    const [oldest] = this.#samples;
    const span = at - oldest!.at;
    const rate = span >= least || last ? ((done - oldest!.done) / Math.max(span, 1)) * 1000 : 0;
    const remaining = total !== null && rate > 0 ? (total - done) / rate : null;
    this.#report({ done, total, rate, remaining });
  }
}
