import { passedOver } from '../../log/log.ts';
import type { Engine } from './engine.ts';

/** When it is begun, in milliseconds after the start: later than what the page shows first. */
const SOON = 20_000;

/** Between two steps, in milliseconds, so that whoever asks for something comes first. */
const PAUSE = 50;

/** Folds what is old of the journal, a little at a time. @returns ends it */
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
