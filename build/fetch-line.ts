import { say } from '../electron/host/output.ts';
import { progressLine } from '../electron/host/progress.ts';
import type { Fetching } from './fetch-electron.ts';

/** Bytes of a megabyte, as downloads are told. */
const MB = 1e6;

/** Shows how Electron's download gets on: one line that says what it is, then a bar on a terminal. */
export class FetchLine {
  readonly #bar = progressLine('MB');
  readonly #start = performance.now();
  #latest: Fetching | null = null;
  #isShown = false;
  #isSaid = false;

  /** What has come so far. */
  now(fetching: Fetching): void {
    this.#latest = fetching;
    if (this.#isShown) this.#draw(fetching);
  }

  /** From now on nothing else is said. */
  show(): void {
    this.#isShown = true;
    if (this.#latest) this.#draw(this.#latest);
  }

  end(): void {
    this.#isShown = false;
    this.#bar.clear();
  }

  #draw({ host, done, total }: Fetching): void {
    if (!this.#isSaid) {
      const size = total === null ? '' : ` (${Math.ceil(total / MB)} MB)`;
      say(`Fetching Electron's program from ${host}, once${size}. Ctrl-C ends it.`);
    }
    this.#isSaid = true;
    if (total === null) return;
    const rate = done / MB / Math.max(0.5, (performance.now() - this.#start) / 1000);
    this.#bar.show({
      done: Math.round(done / MB),
      total: Math.ceil(total / MB),
      rate,
      remaining: done > 0 ? (total - done) / MB / rate : null,
    });
  }
}
