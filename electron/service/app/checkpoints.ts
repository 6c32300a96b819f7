import { passedOver } from '../../log/log.ts';
import type { Engine } from './engine.ts';

/** Milliseconds without a command: less than a user takes for one question. Chosen by hand. */
const QUIET = 100;

/**
 * Brings the write-ahead log of SQLite into the file between commands. Once it has 1,000 pages, SQLite does so within a
 * command: 20 of its 80 ms in a library of 100,000 faces.
 */
export class Checkpoints {
  readonly #engine: Engine;
  #timer: NodeJS.Timeout | undefined;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** To be called after each command. */
  soon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      try {
        this.#engine.library.checkpointSome();
      } catch (error) {
        passedOver('checkpoint')(error);
      }
    }, QUIET).unref();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
