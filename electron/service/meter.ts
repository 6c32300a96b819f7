import type { ScanProgress } from '../contract/results.ts';

/** Counts what a scan has done and says how long the rest will take. */
export class Meter {
  readonly #total: number;
  readonly #unchanged: number;
  readonly #start: number;
  readonly #now: () => number;
  #counted = 0;
  #faces = 0;
  #path: string | null = null;

  /** @param now milliseconds of a clock that never goes back */
  constructor(total: number, unchanged: number, now: () => number = () => performance.now()) {
    this.#total = total;
    this.#unchanged = unchanged;
    this.#now = now;
    this.#start = now();
  }

  /** Counts one file and the faces that it added. */
  count(path: string, faces: number): void {
    this.#counted += 1;
    this.#faces += faces;
    this.#path = path;
  }

  report(): ScanProgress {
    const seconds = Math.max((this.#now() - this.#start) / 1000, 0.001);
    const done = this.#unchanged + this.#counted;
    const rate = this.#counted / seconds;
    const left = this.#total - done;
    return {
      done,
      total: this.#total,
      rate,
      remaining: left === 0 ? 0 : rate > 0 ? left / rate : null,
      path: this.#path,
      faces: this.#faces,
    };
  }
}
