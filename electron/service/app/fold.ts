import { passedOver } from '../../log/log.ts';
import type { Engine } from './engine.ts';

/** When folding begins, in milliseconds after the start: later than the page's first requests. Chosen by hand. */
const SOON = 20_000;

/** Pause between two steps, in milliseconds, in which requests are answered. Chosen by hand. */
const PAUSE = 50;

/** Removes old entries of the journal, some at a time; see library/journal-fold.ts. @returns a function that ends it */
export function foldSoon(engine: Engine): () => void {
  let timer = setTimeout(begin, SOON).unref();

  function begin(): void {
    step(() => {
      engine.library.journal.chooseFolded();
      return true;
    });
  }

  function step(work: () => boolean): void {
    try {
      if (work()) timer = setTimeout(step, PAUSE, () => engine.library.journal.foldSome()).unref();
    } catch (error) {
      passedOver('history')(error);
    }
  }

  return () => clearTimeout(timer);
}
