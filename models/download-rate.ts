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

/** In milliseconds: how far the rate looks back, how long it needs to mean anything, and the time between two reports. */
const window = 5000;
const least = 250;
const interval = 100;

/** Turns bytes as they come into reports, ten a second at most. */
export class RateMeter {
  readonly #report: (progress: DownloadProgress) => void;
  #samples: { at: number; done: number }[] = [];
  #reported = Number.NEGATIVE_INFINITY;

  constructor(report: (progress: DownloadProgress) => void) {
    this.#report = report;
  }

  /** Begins to count at `done`: what was there before did not come at any rate. */
  start(done: number): void {
    this.#samples = [{ at: performance.now(), done }];
  }

  /** @param last the last report, which is sent at any time */
  show(done: number, total: number | null, last = false): void {
    const at = performance.now();
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
