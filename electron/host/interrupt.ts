import { constants } from 'node:os';

/** Exit status of a program that a signal ended, as shells give it: 128 + the signal's number. */
export const INTERRUPTED = 128 + constants.signals.SIGINT;

/**
 * Runs long work so that Ctrl-C ends it between two photos. A second Ctrl-C quits at once, which the record
 * survives: a photo is in it whole or not at all.
 * @param afterFirst called at the first Ctrl-C; tells the user what happens now.
 */
export async function interruptible<T>(
  work: (signal: AbortSignal) => Promise<T>,
  afterFirst: () => void,
): Promise<T> {
  const controller = new AbortController();
  const onInterrupt = (): void => {
    if (controller.signal.aborted) process.exit(INTERRUPTED);
    controller.abort();
    afterFirst();
  };
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onInterrupt);
  try {
    return await work(controller.signal);
  } finally {
    process.off('SIGINT', onInterrupt);
    process.off('SIGTERM', onInterrupt);
  }
}
